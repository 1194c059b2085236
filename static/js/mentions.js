// "@" in the editor: names to choose from, by keyboard or touch.
let number = 0;

export class Mentions {
  constructor(editor) {
    this.editor = editor;
    this.area = editor.area;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `mentions-${number += 1}`, className: "suggest", hidden: true });
    this.list.setAttribute("role", "listbox");
    editor.append(this.list);
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", this.list.id);
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[role=option]");
      if (row) this.choose(row);
    });
    this.area.addEventListener("blur", () => setTimeout(() => document.activeElement !== this.area && this.close(), 150));
  }

  look() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const found = /(?:^|[\s(])@([\p{L}\p{N}_.-]{0,30})$/u.exec(before);
    if (!found) return this.close();
    this.from = before.length - found[1].length - 1;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.ask(found[1]), 120);
  }

  async ask(q) {
    const url = new URL(this.editor.dataset.mentionsUrl, location.href);
    url.searchParams.set("q", q);
    const asked = (this.asked = Symbol(q));
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      const people = await answer.json();
      if (asked === this.asked && document.activeElement === this.area) this.show(people);
    } catch { this.close(); }
  }

  show(people) {
    this.list.replaceChildren(...people.slice(0, 8).map((person, place) => this.row(person, place)));
    this.list.hidden = !people.length;
    if (!people.length) return this.close();
    this.list.setAttribute("aria-label", "@");
    this.list.style.insetBlockStart = `${this.caret()}px`;
    this.mark(0);
  }

  row(person, place) {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${place}`;
    row.dataset.handle = person.handle;
    row.setAttribute("role", "option");
    const face = document.createElement(person.avatar ? "img" : "span");
    face.className = `avatar avatar--s h${person.hue ?? 0}`;
    if (person.avatar) Object.assign(face, { src: person.avatar, alt: "" });
    else face.textContent = person.initials ?? "";
    face.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = person.name;
    const note = document.createElement("span");
    note.className = "tiny muted";
    note.textContent = ` ${person.note || `@${person.handle}`}`;
    words.append(name, note);
    row.append(face, words);
    return row;
  }

  mark(place) {
    const rows = [...this.list.children];
    this.at = (place + rows.length) % rows.length;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === this.at)));
    rows[this.at].scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", rows[this.at].id);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.mark(this.at + steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.list.children[this.at]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  choose(row) {
    this.editor.insert(`@${row.dataset.handle} `, this.from, this.area.selectionStart);
    this.close();
  }

  close() {
    clearTimeout(this.soon);
    this.asked = null;
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  // How far down the line of the caret ends, measured in a twin of the textarea.
  caret() {
    const style = getComputedStyle(this.area);
    const twin = document.createElement("div");
    for (const name of ["font", "padding", "lineHeight", "letterSpacing", "border", "wordSpacing"]) twin.style[name] = style[name];
    Object.assign(twin.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", inlineSize: `${this.area.clientWidth}px` });
    twin.textContent = this.area.value.slice(0, this.from);
    const dot = document.createElement("span");
    dot.textContent = "@";
    twin.append(dot);
    document.body.append(twin);
    const depth = dot.offsetTop + dot.offsetHeight;
    twin.remove();
    return this.area.offsetTop + Math.min(depth - this.area.scrollTop, this.area.clientHeight) + 4;
  }
}
