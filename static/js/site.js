// Around every htmx request: token, busy marks, the way focus and voice go, and honest failure.
import { say, toast, token, word } from "./base.js";
import "./parts.js";
import "./sheet.js";

const FAILURES = { 0: "offline", 401: "signin", 403: "refused", 404: "gone", 413: "toobig", 429: "slow" };
let running = 0;
let before = null;

function busy(event, on) {
  const { elt, target } = event.detail;
  running = Math.max(0, running + (on ? 1 : -1));
  document.getElementById("loading")?.toggleAttribute("data-on", running > 0);
  for (const part of [target, event.detail.requestConfig?.triggeringEvent?.submitter, elt?.matches?.("button, a") && elt]) {
    if (!part?.setAttribute) continue;
    if (on) part.setAttribute("aria-busy", "true");
    else part.removeAttribute("aria-busy");
  }
}

function again(elt, submitter) {
  if (!elt?.isConnected) return location.reload();
  if (elt.matches("form")) return elt.requestSubmit(submitter?.isConnected ? submitter : undefined);
  return elt.click();
}

function failed(event, status) {
  const { elt, requestConfig, xhr } = event.detail;
  if ((xhr?.getResponseHeader?.("HX-Trigger") ?? "").includes("toast")) return;
  const key = FAILURES[status] ?? "failed";
  const can = status === 0 || status >= 500 || status === 429 || status === 401;
  toast(word(key), {
    bad: true,
    lasts: !can,
    ...(can && { act: () => again(elt, requestConfig?.triggeringEvent?.submitter), label: word("again") }),
  });
}

const controls = (place) => [...place.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select")];

// Where focus goes when what had it is gone: to the error, to what asks for it, to the new heading.
function focusAfter(event) {
  const place = event.detail.elt ?? event.target;
  if (!place?.querySelector) return;
  const find = (what) => (place.matches(what) ? place : place.querySelector(what));
  const spoken = find("[data-announce]");
  if (spoken) {
    say(spoken.dataset.announce);
    spoken.removeAttribute("data-announce");
  }
  const asked = find("[data-focus]") ?? find("[autofocus]");
  const lost = !document.activeElement || document.activeElement === document.body;
  let next = asked;
  if (!next && lost) {
    const same = before?.id && document.getElementById(before.id);
    next = same || controls(place)[before?.at] || find("h1, h2, h3") || place;
  }
  if (!next) return;
  if (!next.matches("a, button, input, textarea, select, [tabindex]")) next.tabIndex = -1;
  next.focus({ preventScroll: !asked });
  asked?.removeAttribute("data-focus");
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:beforeRequest", (event) => busy(event, true));
document.addEventListener("htmx:afterRequest", (event) => busy(event, false));
document.addEventListener("htmx:beforeSwap", (event) => {
  const now = document.activeElement;
  const place = event.detail.target;
  before = { id: now?.id, at: place?.contains?.(now) ? controls(place).indexOf(now) : -1 };
});
document.addEventListener("htmx:afterSettle", focusAfter);
document.addEventListener("htmx:sendError", (event) => failed(event, 0));
document.addEventListener("htmx:timeout", (event) => failed(event, 0));
document.addEventListener("htmx:responseError", (event) => failed(event, event.detail.xhr.status));

// Optimistic reactions: the button and its number change at once, and back if the server says no.
function flip({ elt, requestConfig }) {
  const button = requestConfig?.triggeringEvent?.submitter;
  if (!elt.matches?.("form[data-react]") || !button?.matches("[aria-pressed]")) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  const count = button.querySelector("[data-count]");
  if (count) count.textContent = String(Math.max(0, Number(count.textContent || 0) + (on ? 1 : -1)) || "");
}
for (const name of ["htmx:beforeRequest", "htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => flip(event.detail));
}

// Plain forms: never sent twice, never lost to a dead line.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  const viaHtmx = form.matches("[hx-post], [hx-get], [hx-put], [hx-patch], [hx-delete]");
  if (!navigator.onLine && form.method === "post" && !viaHtmx) {
    event.preventDefault();
    toast(word("offline"), { bad: true, lasts: false, label: word("again"), act: () => form.requestSubmit(event.submitter) });
    return;
  }
  if (viaHtmx || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 15000);
});
function release(form) {
  delete form.dataset.sent;
  for (const part of form.querySelectorAll("[aria-busy]")) part.removeAttribute("aria-busy");
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
window.addEventListener("offline", () => toast(word("offline"), { bad: true }));
window.addEventListener("online", () => toast(word("online")));

const first = document.querySelector("main [data-focus]");
if (first) first.focus();

// What happens elsewhere, for whoever is signed in: fetched when the page has settled.
if (document.querySelector("meta[name=csrf-token]")) {
  window.addEventListener("load", () => setTimeout(() => import("./live.js").catch(() => {}), 1000));
}

// The service worker shows an offline page and keeps nothing private.
if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {});
  });
}
