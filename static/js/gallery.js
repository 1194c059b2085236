// data-gallery, and pictures inside prose, open large in a dialog of their own. Without scripts the link opens them.
import { word } from "./words.js";

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
