// <tq-editor>: a plain textarea that learns formatting, mentions, emoji, files, drafts and a preview.
import { Uploads } from "./uploads.js";
import { Mentions } from "./mentions.js";
import { post } from "./http.js";
import { word } from "./words.js";

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
    if (this.dataset.mentionsUrl) this.mentions = new Mentions(this);
    this.leaving = () => document.hidden && this.keep(true);
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
    if (this.mentions?.key(event)) return;
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
    this.mentions?.look();
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
      if (!answer.ok) throw new Error(String(answer.status));
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      this.status(word("draft", { time }));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.status(word("nodraft"));
      this.keepSoon();
    }
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
