// <tq-editor>: a plain textarea that learns formatting, mentions, emoji, files, drafts and a preview.
import { post, renew, word } from "./base.js";
import { Uploads } from "./uploads.js";

// "@" and "#" in the editor: people and things to choose from, by keyboard or touch.
const ASKED = { "@": "mentionsUrl", "#": "linksUrl" };
let number = 0;

class Suggestions {
  constructor(editor) {
    this.editor = editor;
    this.area = editor.area;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `suggest-${number += 1}`, className: "suggest", hidden: true });
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
    const found = /(?:^|[\s(])(?:(@)([\p{L}\p{N}_.-]{0,30})|(#)([\p{L}\p{N}][^\n#]{2,40}))$/u.exec(before);
    const mark = found && (found[1] || found[3]);
    if (!found || !this.editor.dataset[ASKED[mark]]) return this.close();
    const q = found[2] ?? found[4];
    this.from = before.length - q.length - 1;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.ask(mark, q), 120);
  }

  async ask(mark, q) {
    const url = new URL(this.editor.dataset[ASKED[mark]], location.href);
    url.searchParams.set("q", q);
    const asked = (this.asked = Symbol(q));
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      const found = await answer.json();
      if (asked === this.asked && document.activeElement === this.area) this.show(found, mark);
    } catch { this.close(); }
  }

  show(found, mark) {
    this.list.replaceChildren(...found.slice(0, 8).map((one, place) => this.row(one, place)));
    this.list.hidden = !found.length;
    if (!found.length) return this.close();
    this.list.setAttribute("aria-label", mark);
    this.list.style.insetBlockStart = `${this.caret()}px`;
    this.mark(0);
  }

  row(one, place) {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${place}`;
    row.dataset.insert = one.insert;
    row.setAttribute("role", "option");
    const face = document.createElement(one.avatar ? "img" : "span");
    face.className = `avatar avatar--s h${one.hue ?? 0}`;
    if (one.avatar) Object.assign(face, { src: one.avatar, alt: "" });
    else face.textContent = one.initials ?? "";
    face.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = one.name;
    const note = document.createElement("span");
    note.className = "tiny muted";
    note.textContent = ` ${one.note}`;
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
    this.editor.insert(row.dataset.insert, this.from, this.area.selectionStart);
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

const AROUND = { bold: ["**", "**"], italic: ["_", "_"] };
const BEFORE = { heading: "## ", list: "- ", quote: "> " };
const KEYS = { b: "bold", i: "italic", k: "link" };
const DRAFT_AFTER = 3000;

class Editor extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    if (!this.area || this.ready) return;
    this.ready = true;
    this.addEventListener("click", (event) => this.clicked(event));
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.form?.addEventListener("input", () => this.keepSoon());
    if (this.dataset.uploadUrl) this.uploads = new Uploads(this);
    if (this.dataset.mentionsUrl || this.dataset.linksUrl) this.suggestions = new Suggestions(this);
    this.leaving = () => (document.hidden ? this.keep(true) : this.out && this.back());
    document.addEventListener("visibilitychange", this.leaving);
    this.sent = () => { clearTimeout(this.soon); this.inFlight?.abort(); };
    this.area.form?.addEventListener("submit", this.sent);
    this.grow();
  }

  disconnectedCallback() {
    clearTimeout(this.soon);
    clearTimeout(this.previewSoon);
    document.removeEventListener("visibilitychange", this.leaving);
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.md) this.format(button.dataset.md);
    else if (button.closest("[data-emoji]")) {
      button.closest("[popover]")?.hidePopover();
      this.insert(button.textContent);
    } else if (button.hasAttribute("data-preview-toggle")) this.togglePreview(button);
  }

  // Writing through the browser keeps its own undo.
  insert(text, from = this.area.selectionStart, to = this.area.selectionEnd) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, from, to, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  format(kind) {
    const { selectionStart: from, selectionEnd: to, value } = this.area;
    const chosen = value.slice(from, to);
    if (kind in AROUND) {
      const [open, close] = AROUND[kind];
      this.insert(open + chosen + close);
      if (!chosen) this.area.setSelectionRange(from + open.length, from + open.length);
      else this.area.setSelectionRange(from + open.length, from + open.length + chosen.length);
    } else if (kind in BEFORE) {
      const start = value.lastIndexOf("\n", from - 1) + 1;
      const lines = value.slice(start, to).split("\n");
      const has = lines.every((line) => line.startsWith(BEFORE[kind]));
      const turned = lines.map((line) => (has ? line.slice(BEFORE[kind].length) : BEFORE[kind] + line));
      this.insert(turned.join("\n"), start, to);
    } else if (kind === "link") {
      const address = /^https?:\/\/\S+$/.test(chosen) ? chosen : "";
      const label = address ? "" : chosen;
      this.insert(`[${label}](${address || "https://"})`);
      const at = from + 1;
      if (label) this.area.setSelectionRange(at + label.length + 2, at + label.length + 10);
      else this.area.setSelectionRange(at, at);
    } else if (kind === "mention") {
      const glued = from > 0 && !/\s/.test(value[from - 1]);
      this.insert(glued ? " @" : "@");
    }
  }

  key(event) {
    if (this.suggestions?.key(event)) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key]) {
      event.preventDefault();
      this.format(KEYS[event.key]);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      this.area.form?.requestSubmit();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.nextItem(event);
  }

  // Enter inside a list begins the next item; on an empty one it ends the list.
  nextItem(event) {
    const { selectionStart: at, selectionEnd: to, value } = this.area;
    if (at !== to) return;
    const start = value.lastIndexOf("\n", at - 1) + 1;
    const found = /^(\s*)([-*]|(\d+)\.|>) (.*)$/.exec(value.slice(start, at));
    if (!found) return;
    event.preventDefault();
    if (!found[4]) return this.insert("", start, at);
    this.insert(`\n${found[1]}${found[3] ? `${Number(found[3]) + 1}.` : found[2]} `);
  }

  changed() {
    this.grow();
    this.suggestions?.look();
    if (this.previewing) {
      clearTimeout(this.previewSoon);
      this.previewSoon = setTimeout(() => this.preview(), 600);
    }
  }

  grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.area.style.blockSize = "auto";
    this.area.style.blockSize = `${this.area.scrollHeight + 2}px`;
  }

  status(text) {
    const line = this.querySelector("[data-status]");
    if (line) line.textContent = text;
  }

  // Drafts live on the server, never in the browser.
  keepSoon() {
    this.dirty = true;
    if (!this.dataset.draftUrl || this.soon) return;
    this.soon = setTimeout(() => { this.soon = 0; this.keep(); }, DRAFT_AFTER);
  }

  async keep(leaving = false) {
    if (!this.dirty || !this.dataset.draftUrl || !this.area.form || this.area.form.dataset.sent) return;
    const body = new FormData(this.area.form);
    body.delete("csrfmiddlewaretoken");
    body.delete("files");
    body.set("place", this.dataset.place ?? "");
    this.dirty = false;
    this.inFlight = new AbortController();
    try {
      const answer = await post(this.dataset.draftUrl, body, { keepalive: leaving, signal: this.inFlight.signal });
      if (answer.status === 401) return this.signedOut();
      if (!answer.ok) throw new Error(String(answer.status));
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      this.status(word("draft", { time }));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.status(word("nodraft"));
      this.keepSoon();
    }
  }

  // The words stay in the page; whoever wrote them goes on here after signing in elsewhere.
  signedOut() {
    this.out = this.dirty = true;
    const href = word("signinurl") + encodeURIComponent(location.pathname);
    const link = Object.assign(document.createElement("a"), { href, target: "_blank", textContent: word("signinhere") });
    this.status(`${word("signin")} `);
    this.querySelector("[data-status]")?.append(link);
  }

  async back() {
    if (!await renew()) return;
    this.out = false;
    this.keep();
  }

  togglePreview(button) {
    this.previewing = !this.previewing;
    button.setAttribute("aria-pressed", String(this.previewing));
    if (this.previewing) this.preview();
    else this.querySelector("[data-preview]").replaceChildren();
  }

  preview() {
    const media = [...this.querySelectorAll("[data-tile-token]:enabled")].map((field) => field.value);
    window.htmx?.ajax("POST", this.dataset.previewUrl, {
      target: this.querySelector("[data-preview]"),
      swap: "innerHTML",
      values: { text: this.area.value, media },
    });
  }
}

customElements.define("tq-editor", Editor);
