// @ts-check
// One verb: fetch a fragment of this page and put it in place of the old one, quietly.

/** Refresh one region (its id is the block's name); keeps focus and scroll, says what failed.
 * @param {HTMLElement} region */
export async function refresh(region) {
  try {
    const headers = { "X-Fragment": region.id, "If-None-Match": region.dataset.etag ?? "" };
    const response = await fetch(location.href, { headers, cache: "no-store" });
    if (response.status === 304) return fresh(region);
    if (!response.ok || response.redirected) throw new Error(`${response.status}`);
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = parsed.getElementById(region.id);
    if (!next) throw new Error("no such region");
    const again = placeOf(document.activeElement, region);
    region.replaceChildren(...next.childNodes);
    region.dataset.etag = response.headers.get("ETag") ?? "";
    again()?.focus({ preventScroll: true });
    fresh(region);
  } catch {
    region.dataset.stale = "";
    region.dispatchEvent(new CustomEvent("stale", { bubbles: true }));
  }
}

/** @param {HTMLElement} region */
function fresh(region) {
  delete region.dataset.stale;
  region.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
}

/** How to find the focused element again after the swap: by id, by address, else by its turn.
 * @param {Element | null} at @param {HTMLElement} region @returns {() => HTMLElement | null} */
function placeOf(at, region) {
  if (!at || at === region || !region.contains(at)) return () => null;
  const href = at.getAttribute("href");
  const same = href ? `a[href="${CSS.escape(href)}"]` : at.tagName;
  const turn = [...region.querySelectorAll(same)].indexOf(at);
  return () => at.id ? document.getElementById(at.id) : /** @type {any} */ (region.querySelectorAll(same)[turn] ?? null);
}

/** Refresh every live region at its own pace while the page is looked at. */
export function live() {
  for (const region of document.querySelectorAll("[data-live]")) {
    const seconds = Number(/** @type {HTMLElement} */ (region).dataset.live) || 5;
    setInterval(() => document.hidden || refresh(/** @type {HTMLElement} */ (region)), seconds * 1000);
  }
}
