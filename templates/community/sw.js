// The service worker: an offline page and what it looks like. It keeps nothing that anybody wrote.
const SHELL = "tequio-{{ version }}";
const OFFLINE = "{{ offline_url|escapejs }}";
const FILES = [OFFLINE{% for file in files %}, "{{ file|escapejs }}"{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

// What is pushed is shown, always: some browsers take the right away from a site that pushes in silence.
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {}
  const { title, body, lang, dir, tag, renotify, navigate } = said.notification ?? {};
  const shown = { body: body ?? "", lang, dir, tag, renotify: Boolean(tag && renotify), icon: "{{ icon|escapejs }}", data: { url: navigate ?? "{{ notices_url|escapejs }}" } };
  event.waitUntil(
    Promise.all([
      self.registration.showNotification(title || "{{ something_new|escapejs }}", shown),
      Number.isInteger(said.app_badge) && self.navigator.setAppBadge?.(said.app_badge).catch(() => {}),
    ]),
  );
});

// A browser that changes its address says so by itself: else the device would fall silent.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.newSubscription)));

async function renew(fresh) {
  const { pushManager } = self.registration;
  const asked = { userVisibleOnly: true, applicationServerKey: "{{ push_key|escapejs }}" };
  const held = fresh ?? (await pushManager.getSubscription()) ?? (await pushManager.subscribe(asked));
  const page = await fetch("{{ devices_url|escapejs }}", { credentials: "same-origin" });
  const token = page.ok && !page.redirected && /name="csrfmiddlewaretoken" value="(\w+)"/.exec(await page.text())?.[1];
  if (!token) return;
  const { endpoint, keys } = held.toJSON();
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, endpoint, key: keys.p256dh, secret: keys.auth, renews: "1" });
  await fetch("{{ add_device_url|escapejs }}", { method: "POST", body, credentials: "same-origin" });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const asked = new URL(event.notification.data?.url ?? "/", self.location.origin);
  const url = asked.origin === self.location.origin ? asked.href : self.location.origin;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const here = open.find((one) => one.url === url);
    return here ? here.focus() : self.clients.openWindow(url);
  })());
});

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") return event.respondWith(page(event));
  if (request.method === "GET" && FILES.some((file) => request.url.endsWith(file))) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreVary: true })));
  }
});
