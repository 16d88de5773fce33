{# The service worker of the weighing page: keeps exactly these files, under a name that changes with them. #}
const NAME = "field-{{ version }}";
const FILES = {{ files|tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })))));
});
{# A newer worker waits: the page that is open goes on with its own scripts until it is told to give way. #}
self.addEventListener("message", (event) => { if (event.data === "take over") self.skipWaiting(); });
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("field-") && name !== NAME).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || address.pathname.startsWith("/api/")) return;
  const wanted = address.pathname === "/field/" ? "/field/" : address.pathname + address.search;
  event.respondWith(caches.open(NAME).then((cache) => cache.match(wanted)).then((found) => found || fetch(event.request)));
});
