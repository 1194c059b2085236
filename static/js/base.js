// What every other module needs: words, requests, toasts.

// What scripts say to people stands in the page (community/_words.html), translated there.
const words = () => document.getElementById("words")?.dataset ?? {};

export function word(name, values = {}) {
  const text = words()[name] ?? "";
  return text.replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}

export function say(text, urgently = false) {
  const region = document.getElementById(urgently ? "assertive" : "polite");
  if (!region || !text) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
}

// What every request needs: the CSRF token (its cookie is closed to scripts) and words for failure.
export function token() {
  return document.querySelector("meta[name=csrf-token]")?.content
    ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

// After signing in elsewhere the token is another; only who had this page open gets it.
export async function renew() {
  const meta = document.querySelector("meta[name=csrf-token]");
  const page = await (await fetch(location.href)).text();
  const [, fresh, me] = /csrf-token" content="([^"]+)" data-me="(\d+)"/.exec(page) ?? [];
  if (me !== meta.dataset.me) return false;
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = fresh;
  meta.content = fresh;
  return true;
}

export function post(url, body, options = {}) {
  return fetch(url, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
    credentials: "same-origin",
    ...options,
  });
}

// Toasts: short news at the foot of the page, with an act when there is one (Undo, Try again).
const LIFE = 6000, LIFE_WITH_ACT = 10000;

export function toast(text, { act, label, lasts = true, bad = false } = {}) {
  const frame = document.getElementById("toast-template");
  const region = document.getElementById("toasts");
  if (!frame || !region || !text) return null;
  const box = frame.content.cloneNode(true).firstElementChild;
  box.querySelector("span").textContent = text;
  box.classList.toggle("toast--danger", bad);
  if (act) {
    const button = box.querySelector(".toast__do");
    button.textContent = label;
    button.hidden = false;
    button.addEventListener("click", () => { box.remove(); act(); });
  }
  for (const old of [...region.children].filter((one) => one.textContent.includes(text))) old.remove();
  region.append(box);
  lift(region);
  say(text + (act ? ` ${label}` : ""), bad);
  if (lasts) expire(box, act ? LIFE_WITH_ACT : LIFE);
  return box;
}

// Above open dialogs too: the top layer shows what entered it last.
function lift(region) {
  if (!region.showPopover) return;
  region.popover = "manual";
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
}

function expire(box, life) {
  let timer;
  const start = () => { timer = setTimeout(() => box.remove(), life); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, start);
  start();
}

function undo(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "csrfmiddlewaretoken", value: token() });
  form.append(field);
  document.body.append(form);
  form.submit();
}

// From a response header: HX-Trigger: {"toast": {"text": "…", "undo": "/…/"}}
document.addEventListener("toast", (event) => {
  const { text, undo: url, bad } = event.detail ?? {};
  toast(text, url ? { act: () => undo(url), label: word("undo"), bad } : { bad });
});
document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]")?.remove();
});
for (const box of document.querySelectorAll("#toasts [data-toast]")) {
  expire(box, box.querySelector("form") ? LIFE_WITH_ACT : LIFE);
}
