// data-sheet on a link: what its page asks comes in a sheet over this one. Without scripts the link goes there.
// What somebody began to write in a sheet stays in it until another one is opened.
let opener = null;
let shown = "";

const sheet = () => document.getElementById("sheet");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-sheet]");
  if (!link || !sheet()?.showModal || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  opener = link;
  const href = link.getAttribute("href");
  if (href === shown) return open();
  window.htmx.ajax("GET", href, { source: link, target: "#sheet-in", swap: "innerHTML" });
});

function open() {
  const dialog = sheet();
  const heading = dialog.querySelector("h1, h2");
  if (!heading) return;
  heading.id ||= "sheet-title";
  heading.tabIndex = -1;
  dialog.setAttribute("aria-labelledby", heading.id);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  heading.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "sheet-in") return;
  shown = event.detail.pathInfo?.requestPath ?? "";
  open();
});

// Closed: back to the link, or to the button of the menu that it stands in.
document.addEventListener("close", (event) => {
  if (event.target !== sheet()) return;
  const menu = opener?.closest("[popover]");
  const back = menu ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : opener;
  back?.focus();
  if (!event.target.querySelector("[data-done]")) return;
  document.getElementById("sheet-in").replaceChildren();
  shown = "";
}, true);
