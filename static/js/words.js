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
