// One socket for the page: what happens comes over it. Loaded late; without it nothing is missing
// but the speed: whoever listens asks the server by itself while `line()` is not "open".
import { word } from "./base.js";

const SILENT = 45000, HIDDEN = 300000, FIRST = 500, LONGEST = 30000, CROWD = 15000, NEWS = 60000;
const hearers = new Map();
const rooms = new Map();
let socket = null, state = "closed", tries = 0, heard = 0, again = 0, asleep = 0;

export const line = () => state;

// hear(kind, frame => …): kinds are those of the server's frames, and "line" for the state itself.
export function hear(kind, what) {
  if (!hearers.has(kind)) hearers.set(kind, new Set());
  hearers.get(kind).add(what);
}

export function send(frame) {
  if (state !== "open") return false;
  socket.send(JSON.stringify(frame));
  return true;
}

// after(): the newest number that the page has, asked whenever the room is joined anew.
export function join(room, after) {
  rooms.set(room, after);
  send({ t: "join", room, after: after() });
}

export function leave(room) {
  if (rooms.delete(room)) send({ t: "leave", room });
}

function tell(kind, frame) {
  for (const what of hearers.get(kind) ?? []) what(frame);
}

function become(next) {
  if (next === state) return;
  state = next;
  document.documentElement.dataset.line = next;
  tell("line", { state });
}

function open() {
  clearTimeout(again);
  if (socket || state === "ended" || document.hidden) return;
  become(tries ? "again" : "opening");
  heard = Date.now();
  const mine = (socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`));
  mine.addEventListener("open", () => {
    if (mine !== socket) return;
    heard = Date.now();
    become("open");
    for (const [room, after] of rooms) send({ t: "join", room, after: after() });
  });
  mine.addEventListener("message", (event) => {
    if (mine !== socket) return;
    heard = Date.now();
    tries = 0;
    const frame = JSON.parse(event.data);
    if (frame.t === "bye") goodbye(frame);
    tell(frame.t, frame);
  });
  mine.addEventListener("close", () => mine === socket && lost());
}

function drop() {
  const old = socket;
  socket = null;
  old?.close();
}

// Away for good, until somebody looks here again, or for a moment that grows and differs for all.
function goodbye(frame) {
  drop();
  if (frame.why === "signed out") become("ended");
  else if (frame.why === "elsewhere") become("resting");
  else lost();
}

function lost() {
  drop();
  if (state === "ended" || state === "resting") return;
  become("again");
  const pause = Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + Math.random());
  tries += 1;
  again = setTimeout(open, pause);
}

function now() {
  if (state === "ended" || document.hidden) return;
  clearTimeout(asleep);
  if (socket && Date.now() - heard > SILENT / 2) drop();
  if (!socket) {
    tries = Math.min(tries, 1);
    open();
  }
}

setInterval(() => {
  if (state === "open" && Date.now() - heard > SILENT) lost();
}, 5000);
window.addEventListener("online", now);
window.addEventListener("offline", () => socket && lost());
window.addEventListener("focus", now);
window.addEventListener("pageshow", now);
window.addEventListener("pagehide", () => { drop(); become("closed"); });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return now();
  clearTimeout(asleep);
  asleep = setTimeout(() => { drop(); become("resting"); }, HIDDEN);
});

// What is told to very many comes without the number, what was told without a line not at all: ask.
let missed = false;
hear("bell", ({ unread }) => {
  if (unread !== undefined) ring(unread);
  setTimeout(count, Math.random() * (unread === undefined ? CROWD : 1000));
});
hear("line", ({ state: now }) => {
  if (now !== "open") missed ||= now !== "opening";
  else if (missed) {
    missed = false;
    count();
  }
});

async function count() {
  const bell = document.querySelector("a[data-bell]");
  const answer = bell && (await fetch(bell.dataset.bell, { credentials: "same-origin" }).catch(() => null));
  if (!answer?.ok || answer.redirected) return;
  const { unread, rooms } = await answer.json();
  ring(unread);
  chats(rooms);
}
// What is said in rooms that the page does not hear is asked for now and then.
setInterval(() => document.hidden || count(), NEWS * (0.75 + Math.random() / 2));

function chats(n) {
  for (const link of document.querySelectorAll("[data-place=chat]")) {
    let count = link.querySelector(".count");
    if (!count) link.append(count = Object.assign(document.createElement("span"), { className: "count", textContent: "0" }));
    const now = n > 99 ? "99+" : String(n);
    if (count.lastChild.textContent !== now) document.getElementById("chat-rooms")?.dispatchEvent(new Event("news"));
    count.lastChild.textContent = now;
    count.hidden = !n;
  }
}

function ring(unread) {
  const bell = document.querySelector("a[data-bell]");
  if (!bell) return;
  const n = unread > 99 ? "99+" : String(unread || "");
  let count = bell.querySelector(".count");
  if (!count) {
    count = document.createElement("span");
    count.className = "count";
    count.setAttribute("aria-hidden", "true");
    bell.append(count);
  }
  const more = document.querySelector("[data-fresh]");
  if (more && unread > count.textContent) more.hidden = false;
  count.textContent = n;
  count.hidden = !n;
  bell.setAttribute("aria-label", word(n ? "bellnew" : "bell", { n }));
  if (n) navigator.setAppBadge?.(unread).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

open();
