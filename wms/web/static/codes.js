// @ts-check
// What a scanner delivers, made one form: ends of scans, the separator of GS1, doubled codes.

export const GS = "\u001d";

/** Cut what stands in the sink into whole scans and the rest that has no end yet.
 * A scan ends with CR, LF, Tab, or these written out by a scanner set up wrongly (`\n`).
 * @param {string} value @returns {{scans: string[], rest: string}} */
export function split(value) {
  const parts = value.replace(/\\r\\n|\\r|\\n|\\t/g, "\n").split(/[\r\n\t]/);
  const rest = parts.pop() ?? "";
  return { scans: parts.map(tidy).filter(Boolean), rest };
}

/** Take away the white space around a code; inside, every form of the separator becomes GS.
 * @param {string} code */
export function tidy(code) {
  return code.replace(/<GS>|\{GS\}|\u241d|\\x1d|\\u001d/gi, GS).trim();
}

/** Say whether a code is the same text twice: a scanner that writes through two outputs at once.
 * @param {string} code */
export function doubled(code) {
  const half = code.length / 2;
  return code.length >= 8 && Number.isInteger(half) && code.slice(0, half) === code.slice(half);
}

/** The last group of a code, as people read it aloud. @param {string} code */
export function tail(code) {
  const plain = code.replaceAll(GS, "");
  const group = plain.split(/[-\s]/).pop() || plain;
  return group.length > 6 ? group.slice(-4) : group;
}

/** Say whether this text came from a scanner and not from a thumb on the number field.
 * @param {string} typed @param {number} milliseconds */
export function fromScanner(typed, milliseconds) {
  return /[^0-9.,]/.test(typed) || (typed.length > 8 && milliseconds / typed.length < 50);
}

/** A fresh id (UUID version 4); crypto.randomUUID does not exist on plain http. */
export function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
