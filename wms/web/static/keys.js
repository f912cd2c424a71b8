// @ts-check
// Keys of the desk: find, go, rows, pages, again, list of keys. Never while a field has focus.

import { refresh } from "./partial.js";

const OFF = "keys-off";

export function keys() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("#keys"));
  const off = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-keys-off]"));
  if (off) {
    off.checked = localStorage.getItem(OFF) === "1";
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
  }
  document.querySelector("[data-keys-help]")?.addEventListener("click", () => dialog?.showModal());
  let going = false;
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.key === "Escape") return leave(at);
    if (event.ctrlKey && event.key === "Enter" && at instanceof HTMLTextAreaElement) return at.form?.requestSubmit();
    if (event.ctrlKey || event.altKey || event.metaKey || at?.matches("input,textarea,select")) return;
    if (dialog?.open || (localStorage.getItem(OFF) === "1" && event.key !== "?")) return;
    const link = going
      ? document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)
      : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    going = event.key === "g" && !going;
    if (link instanceof HTMLElement) {
      link.click();
      if (link.dataset.then) focus(link.dataset.then);
    }
    else if (event.key === "/") focus(document.querySelector("[data-filter]") ? "[data-filter]" : "#find");
    else if (event.key === "?") dialog?.showModal();
    else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "r") document.querySelectorAll("[data-live]").forEach((region) => refresh(/** @type {HTMLElement} */ (region)));
    else return;
    event.preventDefault();
  });
}

/** @param {string} selector */
function focus(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus();
}

/** Leave a field, or the side panel by its close link. @param {Element | null} at */
function leave(at) {
  if (at?.matches("input,textarea,select")) /** @type {HTMLElement} */ (at).blur();
  else /** @type {HTMLElement | null} */ (document.querySelector("[data-close]"))?.click();
}

/** Move to the link of the next or previous row of the table. @param {number} by */
function step(by) {
  const links = [...document.querySelectorAll("table[data-rows] tbody th a")];
  if (!links.length) return;
  const here = links.indexOf(/** @type {Element} */ (document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1);
  /** @type {HTMLElement} */ (links[next]).focus();
}
