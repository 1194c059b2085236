// Small behaviours by data- attribute: dialogs, menus, copying, shortcuts, times that stay true.
import { post, say, word } from "./base.js";

const on = (name, what) => document.addEventListener(name, what);
const reach = (event, selector) => event.target.closest?.(selector);

// data-opens="id" on a link or button opens that dialog; without scripts the link goes to a page.
on("click", (event) => {
  const opener = reach(event, "[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
  }
  if (reach(event, "[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.matches?.("dialog.dialog, dialog.sheet") && outside(event)) event.target.close();
});
function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

// A menu opens beside its button (on a phone the style sheet makes it a sheet from below).
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const opener = document.querySelector(`[popovertarget="${menu.id}"]:is(:focus, :hover)`)
    ?? [...document.querySelectorAll(`[popovertarget="${menu.id}"]`)].find((one) => one.offsetParent);
  const open = event.newState === "open";
  opener?.setAttribute("aria-expanded", String(open));
  if (!open || !opener) return;
  if (opener.matches(":focus-visible")) menu.querySelector("a, button")?.focus({ preventScroll: true });
  const at = opener.getBoundingClientRect();
  const rtl = getComputedStyle(menu).direction === "rtl";
  const width = menu.offsetWidth, height = menu.offsetHeight;
  const x = rtl === (at.left + width < innerWidth - 8) && at.right - width > 8 ? at.right - width : at.left;
  const y = at.bottom + 4 + height < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4);
  menu.dataset.placed = "";
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${y}px`;
}, true);
on("click", (event) => {
  const chosen = reach(event, ".menu a, .menu button");
  if (chosen && !chosen.matches("[popovertarget], [data-copy]")) {
    // Later: the form it sends must still know which button was pressed.
    setTimeout(() => chosen.closest("[popover]")?.hidePopover?.());
  }
});
on("keydown", (event) => {
  const menu = reach(event, ".menu[popover], [data-finder]");
  if (menu && event.key === "Escape") document.activeElement.blur();
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = [...menu.querySelectorAll("a, button, input")].filter((one) => one.offsetParent);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
  event.preventDefault();
});

// data-copy: text, #field; link
on("click", async (event) => {
  const button = reach(event, "[data-copy]");
  if (!button) return;
  if (button.href) event.preventDefault();
  const what = button.href || button.dataset.copy;
  const field = what.startsWith("#") ? document.querySelector(what) : null;
  try {
    await navigator.clipboard.writeText(field ? (field.value ?? field.textContent).trim() : what);
  } catch {
    field?.select?.();
    document.execCommand("copy");
  }
  const label = button.querySelector("[data-label]") ?? button;
  const old = label.dataset.old ?? label.textContent;
  if (label !== button || !button.querySelector("svg")) {
    label.dataset.old = old;
    label.textContent = word("copied");
    setTimeout(() => { label.textContent = old; }, 2000);
  }
  say(word("copied"));
});

// data-shortcut="/" goes to a link or a field, the last of them; never while somebody types.
on("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || reach(event, "input, textarea, select, [contenteditable]")) return;
  const goal = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(event.key)}"]`)].at(-1);
  if (!goal) return;
  event.preventDefault();
  if (goal.matches("input, textarea")) goal.focus();
  else goal.click();
});
if (location.hash === "#find") document.getElementById("find")?.focus();

// data-submits: a form that filters sends itself when a choice changes.
on("change", (event) => {
  if (reach(event, "form[data-submits]:not([hx-get], [hx-post])")) event.target.form.requestSubmit();
});

// data-reveal="id": show and hide a password.
on("click", (event) => {
  const button = reach(event, "[data-reveal]");
  const field = button && document.getElementById(button.dataset.reveal);
  if (!field) return;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});

// "3 min ago" stays true while the page is open.
setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
    if (minutes < 1 || minutes > 720) continue;
    time.textContent = minutes < 60 ? word("min", { n: minutes }) : word("hour", { n: Math.floor(minutes / 60) });
  }
}, 60000);

// A face that is closed to this reader: the initials instead.
function initials(picture) {
  const face = document.createElement("span");
  face.className = picture.className;
  face.textContent = picture.dataset.initials;
  face.setAttribute("aria-hidden", "true");
  picture.replaceWith(face);
}
document.addEventListener("error", (event) => {
  if (event.target.matches?.("img[data-initials]")) initials(event.target);
}, true);
for (const picture of document.querySelectorAll("img[data-initials]")) {
  if (picture.complete && !picture.naturalWidth && picture.currentSrc) initials(picture);
}

// data-gallery, and pictures inside prose, open large in a dialog of their own. Without scripts the link opens them.
let shown = [], at = 0, viewer = null;

function show(step) {
  at = (at + step + shown.length) % shown.length;
  const link = shown[at];
  const small = link.querySelector("img");
  const large = viewer.querySelector("img");
  large.src = link.href;
  large.alt = small?.alt ?? "";
  viewer.querySelector("[data-caption]").textContent = small?.alt ?? "";
  viewer.querySelector("[data-place]").textContent = shown.length > 1 ? word("picture", { n: at + 1, all: shown.length }) : "";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-gallery] a, .prose a.picture");
  const dialog = document.getElementById("viewer");
  if (link && dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    viewer = dialog;
    shown = [...(link.closest("[data-gallery]")?.querySelectorAll("a") ?? link.closest(".prose").querySelectorAll("a.picture"))];
    at = shown.indexOf(link);
    for (const button of viewer.querySelectorAll("[data-step]")) button.hidden = shown.length < 2;
    show(0);
    viewer.showModal();
  }
  const step = event.target.closest?.("#viewer [data-step]");
  if (step) show(Number(step.dataset.step));
});
document.addEventListener("keydown", (event) => {
  if (!viewer?.open || shown.length < 2) return;
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") show(event.key === forward ? 1 : -1);
});
let from = null;
document.addEventListener("pointerdown", (event) => { from = viewer?.open ? event.clientX : null; });
document.addEventListener("pointerup", (event) => {
  if (from === null || !viewer?.open || shown.length < 2) return;
  const moved = event.clientX - from;
  if (Math.abs(moved) > 60) show((moved < 0) === (document.dir !== "rtl") ? 1 : -1);
});
document.addEventListener("close", (event) => {
  if (event.target === viewer) viewer.querySelector("img").removeAttribute("src");
}, true);

// Putting a list in one's own order: by dragging, or with the up and down buttons beside each row.
let dragged = null;

function save(list) {
  const body = new FormData();
  for (const row of list.querySelectorAll("[data-key]")) body.append("order", row.dataset.key);
  post(list.dataset.orderUrl, body).catch(() => say(word("failed"), true));
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest?.("[data-order-toggle]");
  if (toggle) {
    const list = document.getElementById(toggle.dataset.orderToggle);
    const on = list.toggleAttribute("data-ordering");
    toggle.setAttribute("aria-pressed", String(on));
    for (const row of list.querySelectorAll("[data-key]")) row.draggable = on;
  }
  const move = event.target.closest?.("[data-order-url] [data-move]");
  if (!move) return;
  const row = move.closest("[data-key]");
  const other = move.dataset.move === "-1" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (move.dataset.move === "-1") other.before(row);
  else other.after(row);
  move.focus();
  say(word("moved", { n: [...row.parentNode.children].indexOf(row) + 1 }));
  save(row.closest("[data-order-url]"));
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-ordering] [data-key]") ?? null;
  if (dragged) dragged.dataset.dragged = "";
});
document.addEventListener("dragover", (event) => {
  const row = dragged && event.target.closest?.("[data-key]");
  if (!row || row === dragged || row.parentNode !== dragged.parentNode) return;
  event.preventDefault();
  const box = row.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) row.before(dragged);
  else row.after(dragged);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  delete dragged.dataset.dragged;
  save(dragged.closest("[data-order-url]"));
  dragged = null;
});
