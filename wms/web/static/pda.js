// @ts-check
// Every PDA page: unsent count, link, service worker; on a scan page also the scanning.

import { unlock } from "./feedback.js";
import { Outbox } from "./outbox.js";
import { ScanPage } from "./scan.js";

const data = JSON.parse(document.querySelector("#pda-data")?.textContent ?? "{}");
let unsent = 0;
let online = true;
/** @type {ScanPage | undefined} */
let page;

const outbox = new Outbox({
  who: data.who,
  token: document.querySelector("meta[name=csrf]")?.getAttribute("content") ?? "",
  answered: (scan, step) => scan.task === data.task && page?.answered(scan, step),
  refused: (scan, error) => {
    page?.refused(scan, error);
    showRejected();
  },
  counted: (count) => {
    unsent = count;
    const shown = document.querySelector("#unsent b");
    if (shown) shown.textContent = String(count);
    page?.waiting(unsent, online);
  },
  linked: (good) => {
    online = good;
    const link = document.querySelector("#link");
    link?.classList.toggle("off", !good);
    link?.querySelector("use")?.setAttribute("href", `${data.icons}#i-${good ? "online" : "offline"}`);
    const word = link?.querySelector("[data-word]");
    if (word) {
      word.textContent = good ? data.words.online : data.words.offline;
      word.classList.toggle("vh", good);
    }
    page?.waiting(unsent, online);
  },
  signedOut: () => document.querySelector("#signed-out")?.removeAttribute("hidden"),
});

if (data.task) page = new ScanPage(data, outbox);
outbox.count();
showRejected();
if (data.who) {
  unlock();
  navigator.storage?.persist?.();
  outbox.drain();
  addEventListener("online", () => outbox.drain());
  setInterval(() => document.hidden || outbox.drain(), 30000);
}

/** What the server would not take stays on the device until the supervisor has it. */
async function showRejected() {
  const scans = await outbox.rejected();
  const box = document.querySelector("#rejected");
  if (!(box instanceof HTMLDetailsElement)) return;
  box.hidden = scans.length === 0;
  const words = box.querySelector("summary");
  if (words) words.textContent = data.words.rejected.replace("{count}", String(scans.length));
  const lines = scans.map((scan) => {
    const line = document.createElement("li");
    line.textContent = `${scan.at.slice(0, 16).replace("T", " ")} ${scan.task} ${scan.code} ${scan.message}`;
    return line;
  });
  box.querySelector("ol")?.replaceChildren(...lines);
}

document.querySelector("#rejected button")?.addEventListener("click", async () => {
  await outbox.handOver();
  await showRejected();
});

document.addEventListener("keydown", (event) => {
  const number = Number(event.key);
  const task = number > 0 && document.querySelectorAll(".tasks a")[number - 1];
  if (task instanceof HTMLElement && !document.activeElement?.matches("input,textarea")) task.click();
});

if ("serviceWorker" in navigator && data.who) {
  navigator.serviceWorker.register(`/sw.js?v=${data.release}`, { scope: "/scan" });
  const here = location.pathname;
  navigator.serviceWorker.ready.then(async () => {
    const pages = await caches.open(`pages-${data.release}`);
    if (!(await pages.match(here))) await pages.add(here).catch(() => undefined); // an error page is not kept
  });
}
