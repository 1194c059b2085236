// Asks the browser for an address to push to, fills the form with it and sends the form.
const form = document.querySelector("form[data-push]");
const says = form?.querySelector("[data-push-says]");

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const bytes = (word) => Uint8Array.from(atob(word.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

function device() {
  const about = navigator.userAgentData;
  if (about?.platform) return `${about.brands?.at(-1)?.brand ?? ""} ${about.platform}`.trim();
  const agent = navigator.userAgent;
  const browser = ["Firefox", "Edg", "Chrome", "Safari"].find((name) => agent.includes(name)) ?? "";
  const system = ["iPhone", "iPad", "Android", "Mac", "Windows", "Linux"].find((name) => agent.includes(name)) ?? "";
  return `${browser.replace("Edg", "Edge")} ${system}`.trim();
}

async function subscription() {
  const worker = await navigator.serviceWorker.ready;
  const held = await worker.pushManager.getSubscription();
  const key = bytes(form.dataset.push);
  if (held && text(held.options.applicationServerKey ?? new ArrayBuffer(0)) === form.dataset.push) return held;
  await held?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

form?.addEventListener("submit", async (event) => {
  if (form.elements.endpoint.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!("PushManager" in window) || !("serviceWorker" in navigator)) {
    says.textContent = form.dataset.pushCannot;
    return;
  }
  try {
    const found = await subscription();
    form.elements.endpoint.value = found.endpoint;
    form.elements.key.value = text(found.getKey("p256dh"));
    form.elements.secret.value = text(found.getKey("auth"));
    form.elements.name.value = device();
    form.requestSubmit();
  } catch {
    says.textContent = form.dataset.pushNo;
  }
});
