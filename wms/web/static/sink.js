// @ts-check
// The one field every scan lands in, however the scanner delivers it; its value is the one truth.

import { GS, fromScanner, split, tidy } from "./codes.js";

const IDLE = 150;
const IDLE_WHEN_ENDS_ARE_KNOWN = 1500;
const ENDS = "scanner-ends-scans";

/** Watch the sink and hand each whole scan over.
 * @param {HTMLTextAreaElement} field @param {HTMLElement} line @param {(code: string) => void} scanned */
export function watch(field, line, scanned) {
  let idle = 0;
  let machine = false; // text came in one piece: an input method, not keys

  const take = (/** @type {boolean} */ all) => {
    const { scans, rest } = split(all ? `${field.value}\n` : field.value);
    if (!scans.length && !all && rest === field.value) return;
    if (!all && scans.length) localStorage.setItem(ENDS, "1");
    field.value = rest;
    machine = false;
    scans.forEach(scanned);
  };

  field.addEventListener("input", (event) => {
    clearTimeout(idle);
    const { data, isComposing } = /** @type {InputEvent} */ (event);
    machine ||= (data?.length ?? 0) > 1;
    if (isComposing) return;
    take(false);
    if (machine && field.value && field.inputMode === "none") {
      const known = localStorage.getItem(ENDS);
      idle = setTimeout(() => take(true), known ? IDLE_WHEN_ENDS_ARE_KNOWN : IDLE);
    }
  });
  field.addEventListener("compositionend", () => field.dispatchEvent(new InputEvent("input")));
  field.addEventListener("keydown", (event) => {
    const separator = event.key === "F8" || (event.ctrlKey && event.key === "]");
    const tab = event.key === "Tab" && field.value !== "";
    if (!separator && !tab) return;
    event.preventDefault();
    field.setRangeText(separator ? GS : "\n", field.value.length, field.value.length, "end");
    field.dispatchEvent(new InputEvent("input"));
  });
  holdFocus(field, line);
}

/** Keep the sink focused: after a tap anywhere, on return to the page, and for keys typed outside.
 * @param {HTMLTextAreaElement} field @param {HTMLElement} line */
function holdFocus(field, line) {
  const words = /** @type {HTMLElement} */ (line.querySelector("b"));
  const show = () => {
    const on = document.activeElement === field && document.hasFocus();
    line.classList.toggle("on", on);
    words.textContent = (on ? line.dataset.on : line.dataset.off) ?? "";
  };
  const focus = () => field.focus({ preventScroll: true });
  const inField = () => document.activeElement?.matches("input,textarea,select");
  for (const kind of ["focus", "blur"]) field.addEventListener(kind, show);
  addEventListener("focus", focus);
  document.addEventListener("visibilitychange", () => document.hidden || focus());
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest("input,a,summary")) focus();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (!inField() && event.key.length === 1 && !event.altKey && !event.metaKey) focus();
      else if (event.key === "Enter" && document.activeElement?.closest(".keys")) focus();
    },
    { capture: true },
  );
  focus();
  show();
}

/** The number field: its own Enter; a code scanned into it goes where codes go.
 * @param {HTMLFormElement} form @param {(code: string) => void} scanned */
export function watchNumber(form, scanned) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("number"));
  let started = 0;
  field.addEventListener("input", (event) => {
    if (field.value.length <= 1 || !started) started = event.timeStamp;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = tidy(field.value).replace(",", ".");
    const code = fromScanner(typed, event.timeStamp - started) ? typed : `QTY:${typed}`;
    field.value = "";
    started = 0;
    form.hidden = true;
    if (typed) scanned(code);
  });
}
