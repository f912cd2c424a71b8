// @ts-check
// The scan page: shows what to do next, what became of the last scan, and the last five.

import { doubled, tail, uuid } from "./codes.js";
import { paint, sign, signal } from "./feedback.js";
import { watch, watchNumber } from "./sink.js";

const BACKLOG = 5000;
const AGAIN = 5000;
const COMMANDS = { undo: "CMD-UNDO", exception: "CMD-EXCEPTION" };

/** @param {string} selector @returns {any} */
const one = (selector) => document.querySelector(selector);

export class ScanPage {
  /** @param {any} data @param {import("./outbox.js").Outbox} outbox */
  constructor(data, outbox) {
    this.data = data;
    this.outbox = outbox;
    this.words = data.words;
    this.memory = `scan:${data.who}:${data.task}`;
    this.fuse = 0;
    const kept = JSON.parse(localStorage.getItem(this.memory) ?? "null");
    // The same rendering again means the page came from the device: what it learnt since is newer.
    this.state = kept?.rendered === data.rendered ? kept : data.scan;
    this.state.rendered = data.rendered;
    this.showPrompt();
    this.showLast();
    watch(one("#sink"), one(".ready"), (code) => this.scanned(code));
    watchNumber(one("#number"), (code) => this.scanned(code));
    this.watchKeys();
  }

  /** @param {string} code */
  async scanned(code) {
    const scan = {
      op: uuid(), who: this.data.who, task: this.data.task, url: this.data.url, code,
      at: new Date().toISOString(),
    };
    this.clear();
    this.remember({ op: scan.op, code, at: scan.at, outcome: "waiting", note: this.words.unsent });
    try {
      await this.outbox.keep(scan);
    } catch {
      this.refused(scan, { message: this.words.no_storage });
    }
  }

  /** @param {any} scan @param {any} step */
  answered(scan, step) {
    const backlog = Date.now() - Date.parse(scan.at) > BACKLOG;
    const good = step.outcome === "accepted";
    if (step.prompt) this.state.prompt = step.prompt;
    this.state.job = step.job;
    const note = good || step.outcome === "again" ? step.note : step.say;
    this.remember({ op: scan.op, code: scan.code, at: scan.at, outcome: step.outcome, note });
    this.showPrompt();
    if (backlog && good) return;
    if (!good && doubled(scan.code)) step.detail = this.words.doubled;
    this.showResult(step);
    signal(step.outcome);
  }

  /** A scan the server will never take as it is: kept on the device, and said.
   * @param {any} scan @param {any} error */
  refused(scan, error) {
    const step = { outcome: "not_now", say: this.words.refused, read: scan.code, meaning: error.message };
    this.remember({ op: scan.op, code: scan.code, at: scan.at, outcome: "not_now", note: step.say });
    this.showResult(step);
    signal("not_now");
  }

  /** @param {number} unsent @param {boolean} online */
  waiting(unsent, online) {
    const strip = one("#waiting");
    strip.hidden = online || unsent === 0;
    strip.querySelector("b").textContent = this.words.waiting.replace("{count}", String(unsent));
  }

  showPrompt() {
    const { prompt, job } = this.state;
    const box = one(".prompt");
    const use = `${this.data.icons}#i-${prompt.icon}`;
    if (box.querySelector("use").getAttribute("href") !== use) box.querySelector("use").setAttribute("href", use);
    set(box.querySelector("h2"), prompt.text);
    set(box.querySelector("[data-big]"), prompt.big);
    set(box.querySelector("[data-help]"), prompt.help);
    one(".job").hidden = one(".meterbar").toggleAttribute("hidden", !job);
    if (!job) return;
    set(one("[data-job]"), job.title);
    set(one("[data-done]"), String(job.done));
    set(one("[data-total]"), ` / ${job.total} ${job.unit}`);
    const share = job.total > 0 ? Math.min(1, job.done / job.total) : 0;
    one(".meterbar .f1").setAttribute("width", String(Math.round(332 * share)));
  }

  /** @param {any} step */
  showResult(step) {
    const { icon, strip, body } = sign(step.outcome);
    const section = one("#result");
    const good = step.outcome === "accepted";
    paint(step.outcome);
    section.className = `strip ${strip}`;
    section.setAttribute("role", good ? "status" : "alert");
    section.querySelector("use").setAttribute("href", `${this.data.icons}#i-${icon}`);
    set(section.querySelector("[data-say]"), step.say);
    set(section.querySelector("[data-detail]"), step.detail || (good ? step.note : ""));
    section.querySelector("dl").hidden = !body;
    for (const row of ["read", "meaning", "expected"]) {
      const cell = section.querySelector(`[data-${row}]`);
      row === "read" ? aloud(cell, step.read) : set(cell, step[row]);
      cell.closest("div").hidden = !step[row];
    }
    section.querySelector(".fuse").toggleAttribute("hidden", step.outcome !== "again");
    section.hidden = false;
    clearTimeout(this.fuse);
    if (step.outcome === "again") this.fuse = setTimeout(() => this.clear(), AGAIN);
  }

  clear() {
    clearTimeout(this.fuse);
    paint();
    one("#result").hidden = true;
  }

  /** @param {{op: string, code: string, at: string, outcome: string, note: string}} line */
  remember(line) {
    const others = this.state.last.filter((/** @type {any} */ old) => old.op !== line.op);
    const at = this.state.last.findIndex((/** @type {any} */ old) => old.op === line.op);
    others.splice(Math.max(at, 0), 0, line);
    this.state.last = others.slice(0, 5);
    localStorage.setItem(this.memory, JSON.stringify(this.state));
    this.showLast();
  }

  showLast() {
    const list = one(".last ol");
    const row = one("#last-row").content;
    list.replaceChildren(
      ...this.state.last.map((/** @type {any} */ line) => {
        const item = row.cloneNode(true);
        const waiting = line.outcome === "waiting";
        const { strip } = waiting ? { strip: "s-waiting" } : sign(line.outcome);
        const shape = strip === "s-ok" || line.outcome === "accepted" ? "ok" : strip.slice(2);
        item.querySelector("li").className = strip;
        item.querySelector("use").setAttribute("href", `${this.data.icons}#i-${shape}`);
        set(item.querySelector("[data-tail]"), `…${tail(line.code)}`);
        set(item.querySelector(".q"), line.note);
        set(item.querySelector("time"), clock(line.at));
        return item;
      }),
    );
    one(".last").hidden = this.state.last.length === 0;
  }

  watchKeys() {
    const number = one("#number");
    const press = (/** @type {string} */ key) => {
      if (key === "quantity") {
        number.hidden = !number.hidden;
        (number.hidden ? one("#sink") : number.elements.number).focus();
      } else if (key === "keyboard") {
        const sink = one("#sink");
        sink.inputMode = sink.inputMode === "none" ? "text" : "none";
        one("[data-press=keyboard]").setAttribute("aria-pressed", String(sink.inputMode === "text"));
        sink.blur();
        sink.focus();
      } else this.scanned(COMMANDS[/** @type {keyof COMMANDS} */ (key)]);
    };
    for (const button of document.querySelectorAll("[data-press]")) {
      button.addEventListener("click", () => press(/** @type {HTMLElement} */ (button).dataset.press ?? ""));
    }
    document.addEventListener("keydown", (event) => {
      const key = { F1: "undo", F2: "quantity", F3: "exception", F4: "keyboard" }[event.key];
      if (event.key === "Escape") {
        number.hidden = true;
        this.clear();
        one("#sink").focus();
      } else if (key) {
        event.preventDefault();
        press(key);
      }
    });
  }
}

/** The time of Beijing, wherever the device thinks it is. @param {string} at */
function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });
}

/** Show a code with its last group bold. @param {Element} node @param {string} code */
function aloud(node, code) {
  const last = tail(code ?? "");
  const bold = document.createElement("b");
  bold.textContent = last;
  node.replaceChildren((code ?? "").slice(0, code.length - last.length), bold);
}

/** @param {Element} node @param {string | null | undefined} text */
function set(node, text) {
  const wanted = text ?? "";
  if (node.textContent !== wanted) node.textContent = wanted;
  node.toggleAttribute("hidden", wanted === "");
}
