// @ts-check
// Every desk page: regions that refresh themselves, and the keys.

import { keys } from "./keys.js";
import { live } from "./partial.js";

keys();
live();
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
}
