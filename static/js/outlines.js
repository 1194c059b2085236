// The kind of a topic brings its outline into the editor, never over words that somebody wrote.
const form = document.getElementById("topic-form");
const outlines = {};
for (const one of form?.querySelectorAll("[data-outline]") ?? []) outlines[one.dataset.outline] = one.textContent.trim();

form?.addEventListener("change", ({ target }) => {
  if (target.name !== "template") return;
  const area = form.elements.text;
  const said = area.value.trim();
  if (said && !Object.values(outlines).includes(said)) return;
  area.value = outlines[target.value] ?? "";
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
