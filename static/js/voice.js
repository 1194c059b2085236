// A voice note: recorded on request, put beside the other files, sent only with the message.
import { say, toast } from "./base.js";

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const SUFFIXES = { "audio/webm": "weba", "audio/mp4": "m4a", "audio/ogg": "ogg" };  // what is no film
const LONGEST = 5 * 60 * 1000;

export function voice(slot, text, words) {
  if (slot.children.length) return;
  const kind = window.MediaRecorder && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  const editor = slot.closest("tq-editor");
  if (!kind || !navigator.mediaDevices?.getUserMedia || !editor) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "icon-btn" });
  const time = document.createElement("span");
  time.className = "say__time tiny";
  time.hidden = true;
  slot.append(time, button);
  let recorder = null;
  const show = (on) => {
    button.replaceChildren(words.querySelector(`[data-${on ? "square" : "mic"}]`).content.cloneNode(true));
    button.setAttribute("aria-label", text(on ? "stop" : "record"));
    button.setAttribute("aria-pressed", String(on));
    time.hidden = !on;
  };
  show(false);

  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return toast(text("nomic"), { bad: true });
    }
    const parts = [];
    const began = Date.now();
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
    recorder.addEventListener("dataavailable", (event) => event.data.size && parts.push(event.data));
    const tick = setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (Date.now() - began > LONGEST) recorder?.stop();
    }, 250);
    recorder.addEventListener("stop", () => {
      clearInterval(tick);
      for (const track of stream.getTracks()) track.stop();
      recorder = null;
      show(false);
      button.focus();
      const type = kind.split(";")[0];
      const name = `${text("voicename")}.${SUFFIXES[type]}`;
      if (parts.length) editor.uploads?.take([new File(parts, name, { type })]);
    });
    time.textContent = "0:00";
    show(true);
    recorder.start(1000);
    say(text("recording"));
  });
}
