// A room that is alive: what others say appears, what is written is sent and never lost.
import { post, say, toast, word } from "./base.js";
import { hear, join, line, send } from "./live.js";
import { voice } from "./voice.js";

const box = document.querySelector("[data-chat]");
const list = document.getElementById("messages");
const log = box.querySelector(".chat__log");
const room = Number(box.dataset.chat), me = box.dataset.me, topic = box.dataset.topic ?? "", thread = box.dataset.thread ?? "";
const lang = document.documentElement.lang;
const POLL = 5000, GAP = 300, SEEN = 1500, TYPING = 3000, TYPED = 6000, HERE = 90000, AGAIN = 30, NEAR = 120;
const mine = new Map();
const unsent = new Map();
let newest = Number(box.dataset.last), behind = box.hasAttribute("data-is-behind"), closed = false;

const words = document.getElementById("chat-words");
const text = (name, values = {}) =>
  (words.dataset[name] ?? "").replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;
const row = (seq) => document.getElementById(`m${seq}`);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Rows

function note(rows) {
  for (const part of (rows?.dataset.mine ?? "").split(" ").filter(Boolean)) {
    const [seq, emoji] = part.split(":");
    mine.set(seq, new Set(emoji.split(",")));
  }
}

// What is the same for all becomes one's own: words, the hour, which reactions are mine.
function dress(li, drawnForAll) {
  li.classList.toggle("is-own", li.dataset.author === me);
  for (const button of li.querySelectorAll("button.react")) {
    button.setAttribute("aria-pressed", String(mine.get(li.dataset.seq)?.has(button.value) ?? false));
  }
  if (!drawnForAll) return;
  for (const part of li.querySelectorAll("[data-word]")) part.textContent = text(part.dataset.word) || part.textContent;
  for (const part of li.querySelectorAll("[data-word-label]")) part.setAttribute("aria-label", text(part.dataset.wordLabel));
  for (const time of li.querySelectorAll("[data-clock]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }
}

const dayOf = (li) => new Date(li.dataset.at).toDateString();

function before(li) {
  let other = li.previousElementSibling;
  while (other && !other.dataset.seq) other = other.previousElementSibling;
  return other;
}

function rule(li) {
  const other = before(li);
  if (!other || dayOf(other) === dayOf(li) || li.previousElementSibling.matches(".day:not(.day--new)")) return;
  const day = document.createElement("li");
  day.className = "day";
  day.textContent = new Date(li.dataset.at).toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long" });
  li.before(day);
  li.classList.remove("is-continued");
}

// Puts a row where its number belongs, or in the place of the old one.
function place(li, drawnForAll = true) {
  const seq = Number(li.dataset.seq);
  const old = row(seq);
  dress(li, drawnForAll);
  if (old) {
    const playing = [...old.querySelectorAll("audio, video")].find((one) => !one.paused);
    if (playing) {  // whoever listens hears it to the end
      playing.addEventListener("pause", () => place(li, drawnForAll), { once: true });
      return false;
    }
    const focused = old.contains(document.activeElement);
    old.replaceWith(li);
    if (focused) li.focus({ preventScroll: true });
  } else {
    let next = null;
    for (const other of [...list.children].reverse()) {
      if (other.dataset.seq && Number(other.dataset.seq) < seq) break;
      if (other.dataset.seq || other.dataset.client) next = other;
    }
    if (next) next.before(li);
    else list.append(li);
    rule(li);
    box.querySelector(".room-empty")?.remove();
  }
  window.htmx?.process(li);
  return !old;
}

// The log is a reversed column: its scrollTop is 0 at the end and below 0 further up.
const atEnd = () => -log.scrollTop < NEAR;
const toEnd = () => { log.scrollTop = 0; };

// Whoever reads further up stays there.
function keepPlace(change) {
  const near = atEnd();
  const high = log.scrollHeight, top = log.scrollTop;
  change();
  if (near) toEnd();
  else log.scrollTop = top - (log.scrollHeight - high);
  return near;
}

// What comes

const wanted = (frame) => frame.room === room && (!topic || frame.topic === topic) && (!thread || String(frame.thread) === thread);

function arrived(li, drawnForAll, client) {
  const own = li.dataset.author === me;
  let fresh = false;
  const near = keepPlace(() => {
    const sent = client && unsent.get(client);
    if (sent) forget(sent);
    fresh = place(li, drawnForAll);
  });
  if (!fresh) return;
  showSeen();
  if (own) toEnd();
  else {
    announce(li);
    if (document.hidden || !near) mark(li);
  }
}

hear("message", (frame) => {
  if (frame.room !== room) return;
  typing.delete(frame.author);
  showTyping();
  if (behind) return wanted(frame) && below(unseen += 1);
  if (frame.seq > newest + 1 || (!frame.html && wanted(frame))) catchUpSoon();
  if (!frame.html || !wanted(frame)) {
    if (frame.seq === newest + 1 && !wanted(frame)) newest = frame.seq;
    return;
  }
  arrived(parse(frame.html).firstElementChild, true, frame.client_id);
  if (frame.seq === newest + 1) newest = frame.seq;
  seen();
});

for (const kind of ["edited", "deleted", "reacted"]) {
  hear(kind, (frame) => {
    if (frame.room !== room) return;
    const back = kind === "edited" && wanted(frame) && frame.seq <= newest && frame.seq > list.querySelector("[data-seq]")?.dataset.seq;
    if (!back && !row(frame.seq)) return;
    if (frame.hidden) keepPlace(() => takeOut(row(frame.seq)));
    else if (frame.html) keepPlace(() => {
      place(parse(frame.html).firstElementChild);
      requote(row(frame.seq));
    });
    else fetchRows(`after=${frame.seq - 1}`).catch(() => {});
  });
}

// What quotes a message that changed or went says it as it is now.
function takeOut(li) {
  requote(li, text("gone"));
  li.remove();
  showSeen();
}
function requote(li, now = li.querySelector(".message__text, .message__gone")?.textContent.trim() ?? "") {
  for (const quote of list.querySelectorAll(`.message__quote[href$="#m${li.dataset.seq}"] span`)) quote.textContent = now.slice(0, 120);
}

hear("at", (frame) => frame.room === room && frame.seq > newest && setTimeout(catchUp, Math.random() * 1000));
hear("beat", (frame) => (frame.rooms[room] ?? 0) > newest && catchUp());
hear("joined", (frame) => {
  if (frame.room !== room) return;
  box.dataset.joined = "";
  if (frame.seq > newest || was) catchUp(true);
  active = 0;
  sign();
  flush();
});
hear("closed", (frame) => frame.room === room && end());

function end() {
  closed = true;
  list.replaceChildren();
  const said = document.createElement("p");
  said.className = "chat__closed";
  said.setAttribute("role", "alert");
  said.textContent = text("closed");
  log.replaceChildren(said);
  document.getElementById("say")?.remove();
}

// Asking for what was missed: on a join, a gap, a beat, and all the time without a line

async function fetchRows(query) {
  const answer = await fetch(`${box.dataset.messagesUrl}?${query}${topic && `&topic=${encodeURIComponent(topic)}`}${thread && `&thread=${thread}`}`, {
    headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual",
  });
  if (answer.status === 404) end();
  if (!answer.ok) throw new Error(String(answer.status));
  const rows = parse(await answer.text()).querySelector("#messages");
  note(rows);
  const found = [...(rows?.querySelectorAll("li[data-seq]") ?? [])].map((li) => document.adoptNode(li));
  for (const li of found) arrived(li, false);
  return { last: Number(answer.headers.get("X-Last-Seq")), upto: found.at(-1)?.dataset.seq, more: !!rows?.querySelector("[data-later]") };
}

let asking = null, soon = 0, was = false;
function catchUp(whole = false) {
  if (closed || behind) return null;
  asking ??= catching(whole).finally(() => { asking = null; });
  return asking;
}
async function catching(whole) {
  try {
    if (whole && was) await fetchRows(`after=${Math.max(0, newest - AGAIN)}`);
    was = false;
    for (;;) {
      const { last, upto, more } = await fetchRows(`after=${newest}`);
      newest = Math.max(newest, more ? Number(upto) : last || newest);
      if (!more) break;
    }
    seen();
  } catch { /* the next beat, join or poll tries again */ }
}
function catchUpSoon() {
  clearTimeout(soon);
  soon = setTimeout(catchUp, GAP);
}
setInterval(() => {
  if (line() !== "open" && !document.hidden) {
    catchUp();
    flush();
  }
}, POLL);

// What was before and what follows comes by itself when its button is nearly in view; nothing jumps.
const watch = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) more(target);
}, { root: log, rootMargin: "400px 0px 400px" });
async function more(li) {
  watch.unobserve(li);
  const link = li.querySelector("a"), down = "later" in li.dataset;
  try {
    const answer = await fetch(link.getAttribute("hx-get"), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const rows = parse(await answer.text()).querySelector("#messages");
    note(rows);
    const found = [...rows.children].filter((one) => !one.matches(down ? "[data-earlier]" : "[data-later]")).map((one) => document.adoptNode(one));
    for (const one of found) if (one.dataset.seq) dress(one, false);
    const top = log.scrollTop, high = log.scrollHeight;
    li.replaceWith(...found);
    let day = "";
    for (const one of list.querySelectorAll(":scope > [data-day]")) {
      if (one.dataset.day === day) one.remove();
      day = one.dataset.day;
    }
    log.scrollTop = down ? top - (log.scrollHeight - high) : top;
    for (const one of found) window.htmx?.process(one);
    if (down) reached(found);
    lookForMore();
  } catch { /* the button is still there */ }
}
function lookForMore() {
  for (const li of list.querySelectorAll(":scope > [data-earlier], :scope > [data-later]")) watch.observe(li);
}

// At the end the page comes alive. Whoever leaps there has read what lies between.
function reached(found) {
  newest = Math.max(newest, ...found.map((one) => Number(one.dataset.seq ?? 0)));
  behind = !!list.querySelector(":scope > [data-later]");
  if (behind) return;
  below(0);
  catchUp();
}
async function leap() {
  if (box.dataset.readUrl && !topic) await post(box.dataset.readUrl, new FormData()).catch(() => {});
  toNewest();
}
function saidAfar(one) {
  forget(one);
  if (!unsent.size) toNewest();
}
// An exchange begins at its beginning: there the end comes by scrolling.
function toNewest() {
  if (thread) toEnd();
  else location.assign(location.pathname + (topic && `?topic=${encodeURIComponent(topic)}`));
}

// Sending: at once on the page, over the socket or by the form's own address, until it is there

const form = () => box.querySelector("form[data-say]");
const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
  (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

box.addEventListener("submit", (event) => {
  const it = event.target;
  if (!it.matches("form[data-say]") || it.querySelector("[data-tile]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const area = it.querySelector("textarea");
  if (!area.value.trim()) return area.focus();
  const body = new FormData(it);
  const one = { key: uuid(), body, url: it.action, text: area.value.trim() };
  body.set("client_id", one.key);
  body.delete("files");
  area.value = "";
  area.dispatchEvent(new Event("input", { bubbles: true }));
  for (const about of it.querySelectorAll("[list]")) about.value = "";
  it.querySelector(".say__reply")?.remove();
  it.querySelector(".say__problem")?.remove();
  area.focus();
  one.li = waiting(one);
  unsent.set(one.key, one);
  list.append(one.li);
  toEnd();
  deliver(one);
}, true);

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
  if (!event.target.matches("form[data-say] textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

function waiting(one) {
  const li = document.createElement("li");
  li.className = "message is-own is-waiting";
  li.dataset.client = one.key;
  const body = document.createElement("div");
  body.className = "message__body";
  const words = document.createElement("p");
  words.className = "message__text";
  words.textContent = one.text;
  const state = document.createElement("p");
  state.className = "message__mark tiny";
  body.append(words, state);
  li.append(document.createElement("span"), body);
  return li;
}

function tellState(one, said, acts = []) {
  const line = one.li.querySelector(".message__mark");
  line.replaceChildren(said);
  for (const [label, act] of acts) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "linkish", textContent: label });
    button.addEventListener("click", act);
    line.append(" ", button);
  }
}

function forget(one) {
  unsent.delete(one.key);
  clearTimeout(one.late);
  one.li.remove();
}

async function deliver(one) {
  clearTimeout(one.late);
  one.failed = false;
  one.li.classList.remove("is-failed");
  tellState(one, "");
  const reply = one.body.get("reply_to");
  const frame = { t: "send", room, client_id: one.key, text: one.body.get("text") };
  if (reply) frame.reply_to = Number(reply);
  if (!one.body.get("topic") && send(frame)) {
    one.late = setTimeout(() => unsent.has(one.key) && byForm(one), 4000);
    return;
  }
  await byForm(one);
}

// The same message by its form: the id that it carries makes sure that it is said once.
async function byForm(one) {
  if (one.busy) return;
  one.busy = true;
  try {
    const answer = await post(one.url, one.body, { headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
    const found = parse(await answer.text());
    const li = found.querySelector("li[data-seq]");
    if (answer.ok && li && behind) saidAfar(one);
    else if (answer.ok && li) {
      arrived(document.adoptNode(li), false, one.key);
      if (unsent.has(one.key)) forget(one);
      catchUpSoon();
    } else if (answer.status < 500 && answer.status !== 429) refuse(one, found.querySelector(".say__problem")?.textContent.trim() || word("refused"));
    else hold(one);
  } catch {
    hold(one);
  } finally {
    one.busy = false;
  }
}
const csrf = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

function hold(one) {
  one.failed = true;
  one.li.classList.add("is-failed");
  tellState(one, text("unsent"), [[word("again"), () => deliver(one)], [text("takeback"), () => takeBack(one)]]);
}

function refuse(one, why) {
  one.failed = false;
  one.li.classList.add("is-failed");
  tellState(one, why, [[word("again"), () => deliver(one)], [text("takeback"), () => takeBack(one)]]);
  say(why, true);
}

function takeBack(one) {
  forget(one);
  const area = form()?.querySelector("textarea");
  if (!area) return;
  area.value = area.value ? `${one.text}\n${area.value}` : one.text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function flush() {
  for (const one of unsent.values()) if (one.failed) deliver(one);
}

hear("sent", (frame) => {
  const one = frame.room === room && unsent.get(frame.client_id);
  if (!one) return;
  clearTimeout(one.late);
  if (row(frame.seq)) forget(one);
  else if (behind) saidAfar(one);
  else catchUpSoon();
});
hear("refused", (frame) => {
  const one = frame.room === room && unsent.get(frame.client_id);
  if (!one) return;
  clearTimeout(one.late);
  refuse(one, frame.why || word("failed"));
});
window.addEventListener("beforeunload", (event) => unsent.size && event.preventDefault());

// Replying where one is.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-reply]"), li = link && row(link.dataset.reply), it = form();
  if (!li || !it || thread) return;
  event.preventDefault();
  link.closest("dialog")?.close();
  it.querySelector(".say__reply")?.remove();
  const bar = words.querySelector("[data-replybar]").content.firstElementChild.cloneNode(true);
  bar.querySelector("input").value = link.dataset.reply;
  bar.querySelector("b").textContent = li.querySelector(".message__who").textContent;
  bar.querySelector(".muted").textContent = (li.querySelector(".message__text")?.textContent ?? "").trim().slice(0, 80);
  bar.querySelector("button").addEventListener("click", () => bar.remove());
  it.querySelector("tq-editor").before(bar);
  it.querySelector("textarea").focus();
});

// Reactions of one's own are remembered here: rows are drawn for everybody.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  const li = elt.closest?.("li[data-seq]");
  const seq = li?.dataset.seq ?? /\/chat\/\d+\/(\d+)\/react\//.exec(requestConfig?.path ?? "")?.[1];
  const emoji = requestConfig?.parameters?.emoji ?? requestConfig?.formData?.get?.("emoji");
  if (!seq || !emoji || !requestConfig.path.endsWith("/react/")) return;
  const set = mine.get(seq) ?? new Set();
  if (!set.delete(emoji)) set.add(emoji);
  mine.set(seq, set);
});
// What the form's answer brings may have come over the socket already.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const li = [...(event.detail.fragment?.querySelectorAll?.("li[data-seq]") ?? [])][0];
  if (li && row(li.dataset.seq)) event.preventDefault();
});
document.addEventListener("htmx:load", (event) => {
  const li = event.detail.elt;
  if (!li.matches?.("#messages li[data-seq]")) return;
  dress(li, false);
});

// Having read, and where the new begins

let reading = 0, told = 0;
function seen() {
  if (reading || document.hidden || behind || topic || thread || newest <= told || !document.hasFocus()) return;
  if (!atEnd() || skipped()) return;
  reading = setTimeout(() => {
    reading = 0;
    told = newest;
    if (!send({ t: "read", room, seq: newest })) {
      const body = new FormData();
      body.set("upto", newest);
      post(box.dataset.readUrl, body).catch(() => { told = 0; });
    }
  }, SEEN);
}
// Whoever came by a link has not read what lies before the page.
const skipped = () => list.querySelector(":scope > [data-earlier]") && list.querySelector("[data-seq]")?.dataset.seq > Number(box.dataset.read) + 1;
log.addEventListener("scroll", () => { seen(); if (atEnd() && !behind) below(0); }, { passive: true });

// Who has read the last message, where the room says so.
const readers = new Map(), seenBy = box.querySelector("[data-readers]");
for (const one of seenBy?.querySelectorAll("[data-who]") ?? []) readers.set(one.dataset.who, { name: one.textContent, upto: newest });
hear("seen", (frame) => {
  if (frame.room !== room) return;
  readers.set(String(frame.member), { name: frame.name, upto: frame.upto });
  showSeen();
});
function showSeen() {
  const last = [...list.querySelectorAll("li[data-seq]")].at(-1)?.dataset;
  if (!seenBy || !last || behind) return;
  const names = [...readers].filter(([who, { upto }]) => upto >= last.seq && who !== last.author && who !== me).map(([, { name }]) => name);
  keepPlace(() => {
    seenBy.hidden = !names.length;
    seenBy.querySelector("span").textContent = text("seen", { names: names.sort((a, b) => a.localeCompare(b, lang)).slice(0, 30).join(", ") });
  });
}

let unseen = 0;
const title = document.title;
function mark(li) {
  unseen += 1;
  if (document.hidden) document.title = `(${unseen}) ${title}`;
  if (!list.querySelector(".day--new")) {
    const rule = document.createElement("li");
    rule.className = "day day--new";
    rule.textContent = text("new");
    li.before(rule);
  }
  below(unseen);
}
function below(n) {
  let button = box.querySelector(".chat__below");
  if (!n) {
    unseen = 0;
    document.title = title;
    button?.remove();
    return;
  }
  if (!button) {
    button = document.createElement("button");
    Object.assign(button, { type: "button", className: "chat__below" });
    button.addEventListener("click", () => {
      if (behind) return leap();
      toEnd();
      below(0);
    });
    log.after(button);
  }
  button.textContent = text(n === 1 ? "newone" : "newmany", { n });
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    list.querySelector(".day--new")?.remove();
    return;
  }
  if (atEnd()) below(0);
  seen();
});

let spoken = [];
function announce(li) {
  if (document.hidden) return;
  if (!spoken.length) setTimeout(() => {
    say(spoken.length > 2 ? text("newmany", { n: spoken.length }) : spoken.join(". "));
    spoken = [];
  }, 800);
  const who = li.querySelector(".message__who")?.textContent.trim() ?? "";
  spoken.push(`${who}: ${(li.querySelector(".message__text")?.textContent ?? "").trim().slice(0, 200)}`);
}

// Who is writing, who is here

const typing = new Map(), here = new Map();
let typed = 0;
box.addEventListener("input", (event) => {
  if (!event.target.matches("form[data-say] textarea") || !event.target.value.trim()) return;
  if ("joined" in box.dataset && Date.now() - typed > TYPING && send({ t: "typing", room })) typed = Date.now();
});
hear("typing", (frame) => {
  if (frame.room !== room) return;
  typing.set(frame.who, { name: frame.name, until: Date.now() + TYPED });
  showTyping();
  setTimeout(showTyping, TYPED + 50);
});
function showTyping() {
  for (const [who, { until }] of typing) if (until < Date.now()) typing.delete(who);
  const names = [...typing.values()].map(({ name }) => name);
  const part = box.querySelector("[data-typing]");
  if (part) part.textContent = !names.length ? "" : text(["", "typing1", "typing2"][names.length] ?? "typingmany", { name: names[0], other: names[1] });
}
hear("here", (frame) => {
  if (frame.room !== room) return;
  here.set(frame.who, frame.name);
  showHere();
});
hear("away", (frame) => {
  if (frame.room !== room) return;
  here.delete(frame.who);
  showHere();
});
function showHere() {
  const part = box.querySelector("[data-here]");
  if (!part) return;
  part.textContent = here.size ? text("here", { n: here.size + 1 }) : "";
  part.title = [...here.values()].join(", ");
}
let active = 0;
function sign() {
  if (document.hidden || !("joined" in box.dataset) || Date.now() - active < HERE / 3) return;
  if (send({ t: "here", room })) active = Date.now();
}
for (const name of ["pointerdown", "keydown", "scroll"]) document.addEventListener(name, sign, { passive: true, capture: true });

// The line

const said = document.createElement("p");
said.className = "chat__line";
said.setAttribute("role", "status");
box.querySelector(".chat__notes")?.append(said);
let off = 0;
hear("line", ({ state }) => {
  clearTimeout(off);
  if (state === "open") {
    said.textContent = "";
    return;
  }
  was = true;
  delete box.dataset.joined;
  here.clear();
  showHere();
  off = setTimeout(() => { said.textContent = state === "ended" ? word("signin") : document.hidden ? "" : text("line"); }, 2500);
});

// Begin

log.setAttribute("aria-live", "off");
note(list);
for (const li of list.querySelectorAll("li[data-seq]")) dress(li, false);
const begin = document.getElementById("new") ?? (location.hash.length > 1 && list.querySelector(location.hash)) ?? null;
if (begin) begin.scrollIntoView({ block: "center" });
else if (!behind) toEnd();
if (begin?.id === "new") box.querySelector('[href="#new"]')?.remove();
lookForMore();
for (const slot of box.querySelectorAll("[data-voice]")) voice(slot, text, words);
document.addEventListener("htmx:load", ({ detail }) => {
  for (const slot of detail.elt.querySelectorAll?.("[data-voice]") ?? []) voice(slot, text, words);
});
join(room, () => newest);
seen();
