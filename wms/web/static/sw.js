// @ts-check
// The shell of the scan pages, kept on the device: a reload without a server still scans.

const VERSION = new URL(location.href).searchParams.get("v");
const FILES = [
  "tokens.css", "look.css", "house.css", "icons.svg", "mark.svg",
  "pda.js", "scan.js", "sink.js", "outbox.js", "feedback.js", "codes.js",
].map((name) => `/static/${VERSION}/${name}`);
const SHELL = `shell-${VERSION}`;
const PAGES = `pages-${VERSION}`;
const PATIENCE = 4000;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name !== SHELL && name !== PAGES))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => worker.clients.claim()),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(fromServer(request, url.pathname));
});

/** @param {Request} request */
async function fromShell(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** The server's page when it comes in time, else the one kept. @param {Request} request @param {string} path */
async function fromServer(request, path) {
  const pages = await caches.open(PAGES);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(request, { signal: patience.signal });
    if (response.ok && !response.redirected) await pages.put(path, response.clone());
    return response;
  } catch (failure) {
    const kept = await pages.match(path);
    if (kept) return kept;
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}
