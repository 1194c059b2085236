// Files in the editor: picked, pasted or dropped; each becomes a tile with its progress.
import { post, say, toast, token, word } from "./base.js";

export class Uploads {
  constructor(editor) {
    this.editor = editor;
    this.url = editor.dataset.uploadUrl;
    this.field = editor.querySelector("input[type=file]");
    this.tiles = editor.querySelector("[data-tiles]");
    this.running = 0;
    editor.addEventListener("click", (event) => this.clicked(event));
    this.field.addEventListener("change", () => {
      this.take(this.field.files);
      this.field.value = "";
    });
    editor.addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      this.take(event.clipboardData.files);
    });
    for (const name of ["dragover", "dragleave", "drop"]) editor.addEventListener(name, (event) => this.dragged(event));
    editor.closest("form")?.addEventListener("submit", (event) => {
      if (!this.running) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      toast(word("waiting"));
    }, true);
  }

  dragged(event) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    this.editor.toggleAttribute("data-over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  clicked(event) {
    const pick = event.target.closest("[data-pick]");
    if (pick) {
      this.field.accept = pick.dataset.pick === "image" ? "image/*" : "";
      this.field.click();
    }
    const tile = event.target.closest("[data-tile-remove]")?.closest("[data-tile]");
    if (!tile) return;
    const next = tile.nextElementSibling?.querySelector("[data-tile-remove]") ?? this.editor.area;
    tile.request?.abort();
    if (tile.dataset.fresh) post(`${this.url}${tile.dataset.fresh}/discard/`).catch(() => {});
    tile.remove();
    next.focus();
    this.editor.keepSoon();
  }

  take(files) {
    for (const file of files) this.send(file);
  }

  send(file) {
    const tile = this.editor.querySelector("[data-tile-template]").content.cloneNode(true).firstElementChild;
    const part = (name) => tile.querySelector(`[data-tile-${name}]`);
    const bar = part("progress");
    part("name").textContent = file.name;
    part("remove").setAttribute("aria-label", part("remove").getAttribute("aria-label") + file.name);
    part("alt").hidden = true;
    this.tiles.append(tile);
    say(word("uploading", { name: file.name, n: 0 }));

    const request = new XMLHttpRequest();
    tile.request = request;
    const body = new FormData();
    body.append("file", file);
    request.open("POST", this.url);
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
    });
    this.running += 1;
    request.addEventListener("loadend", () => {
      this.running -= 1;
      bar.remove();
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours to read: the words below say so */ }
      if (request.status >= 200 && request.status < 300 && answer.token) this.done(tile, part, answer);
      else if (tile.isConnected) this.failed(tile, part, file, answer);
    });
    request.send(body);
  }

  done(tile, part, answer) {
    tile.dataset.fresh = answer.token;
    const field = part("token");
    field.value = answer.token;
    field.disabled = false;
    const alt = part("alt");
    if (answer.kind === "image") {
      const image = new Image(64, 64);
      image.className = "tile__pic";
      image.alt = "";
      image.src = answer.thumb || answer.url;
      part("pic").replaceWith(image);
      alt.hidden = false;
      alt.name = `alt_${answer.token}`;
      alt.setAttribute("aria-label", alt.getAttribute("aria-label") + answer.name);
    } else alt.remove();
    say(word("uploaded", { name: answer.name }));
    this.editor.keepSoon();
  }

  failed(tile, part, file, answer) {
    tile.classList.add("tile--bad");
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = answer.error ?? word("notuploaded", { name: file.name });
    part("alt").replaceWith(line);
    const retry = document.createElement("button");
    Object.assign(retry, { type: "button", className: "linkish small", textContent: word("again") });
    retry.addEventListener("click", () => { tile.remove(); this.send(file); });
    if (!answer.error) line.after(retry);
    say(line.textContent, true);
  }
}
