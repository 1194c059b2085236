// Putting a list in one's own order: by dragging, or with the up and down buttons beside each row.
import { post } from "./http.js";
import { say, word } from "./words.js";

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
