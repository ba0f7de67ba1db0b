// Keeps the page of a night walk and its files, so that it opens without network. It touches no
// entry: these lie in the database of the page, and are sent by the page alone.
"use strict";

const KEPT = "night-walks-1";
const PATIENCE = 5000; // ms until the page kept is shown instead of one that does not come

const page = (url) => url.origin + url.pathname;
const isWalk = (url) => url.pathname.startsWith(new URL(registration.scope).pathname);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).then(
    () => event.source.postMessage({ kept: true }),
    () => event.source.postMessage({ kept: false }),
  ));
});

/** Fetch and keep all files of a page; nothing is kept of a page that is not complete. */
async function keep(urls) {
  const cache = await caches.open(KEPT);
  const found = await Promise.all(urls.map((url) => fetch(url, { cache: "no-cache" })));
  if (found.some((answer) => !answer.ok)) throw new Error("incomplete");
  await Promise.all(found.map((answer, at) => cache.put(name(new URL(urls[at])), answer)));
}

/** Name under which something is kept: of a page without its query, of a file with its version. */
const name = (url) => (isWalk(url) ? page(url) : url.href);

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(opened(event.request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request, url));
});

/** The page from the network, as long as that answers and knows the walk; else as it was kept.
 *  It is kept by `keep` alone, together with its files: never a page without them. */
async function opened(request, url) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(page(url), { ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? answer : kept; // closed or busy: entries stay in reach, the page says why
  } catch {
    return kept;
  }
}

async function file(request, url) {
  const cache = await caches.open(KEPT);
  return (await cache.match(url.href, { ignoreVary: true })) ?? fetch(request);
}
