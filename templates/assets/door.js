// The door on a volunteer's phone: camera, sound, vibration, and a memory for scans made without network.
// Everything else is the page's own form: an answer is the page that the server would have shown.
"use strict";

const door = document.getElementById("door");
const form = door.querySelector("form");
const answer = document.getElementById("answer");
const undo = document.getElementById("undo");
const look = document.getElementById("look");
const words = door.dataset;
const MEMORY = `uit-door-${words.link}`;
const AGAIN_MS = 15_000;
const SAME_TICKET_MS = 4_000;
let busy = false;
let sound = null;

const kept = () => JSON.parse(localStorage.getItem(MEMORY) || "[]");
const keep = (scans) => localStorage.setItem(MEMORY, JSON.stringify(scans));

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The page that answers a scan; null when nobody could tell. A scan says itself how many come in.
const ask = (scan) => send(form, { places: "", ...scan });

async function send(to, fields) {
  const body = new URLSearchParams({ ...Object.fromEntries(new FormData(to)), ...fields });
  try {
    const said = await fetch(to.action, { method: "POST", body, signal: AbortSignal.timeout(8_000) });
    if (said.status >= 500 || said.status === 429) return null;
    return new DOMParser().parseFromString(await said.text(), "text/html");
  } catch {
    return null;
  }
}

function show(kind, ...content) {
  answer.className = `answer is-${kind}`;
  answer.dataset.kind = kind;
  answer.replaceChildren(...content);
  signal(kind);
}

const showAnswer = (said) => show(said.dataset.kind, ...said.childNodes);

function showPage(page) {
  const said = page.getElementById("answer");
  if (!said) return show("stop", ...page.querySelectorAll("main h1, main .lead"));
  showAnswer(said);
  for (const id of ["look", "undo", "count"]) {
    document.getElementById(id).replaceChildren(...(page.getElementById(id)?.childNodes ?? []));
  }
  look.querySelector("button")?.focus();
}

// One high tone and a short buzz for welcome; two low ones for everything that needs a look.
function signal(kind) {
  const good = kind === "good";
  navigator.vibrate?.(good ? 80 : [200, 100, 200]);
  if (!sound) return;
  for (const [at, hertz] of good ? [[0, 880]] : [[0, 220], [0.25, 196]]) {
    const tone = sound.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(sound.destination);
    tone.start(sound.currentTime + at);
    tone.stop(sound.currentTime + at + 0.18);
  }
}

// Who is at the door now is let in by eye: what is kept says that somebody looked, and is asked for when there is network again.
function remember(scan) {
  keep([...kept(), { ...scan, gezien: "ja" }]);
  look.replaceChildren();
  undo.replaceChildren();
  showAnswer(document.getElementById("kept").content.cloneNode(true).firstElementChild);
}

async function check(ticket) {
  if (busy || !ticket.trim()) return;
  busy = true;
  const places = form.elements.places;
  const scan = { ticket, places: places.value, checkin_id: newId() };
  places.value = "";
  const page = await ask(scan);
  if (page) showPage(page);
  else remember(scan);
  busy = false;
  tellWaiting();
}

// Asks again for what was kept, in order; what turns out wrong stays on the screen, for who stands at the door.
async function askAgain() {
  if (busy) return;
  busy = true;
  let last = null;
  for (const scan of kept()) {
    const page = await ask({ ...scan, gezien: "ja" });
    if (!page?.getElementById("answer")) break;
    last = page;
    keep(kept().filter((each) => each.checkin_id !== scan.checkin_id));
    tellLate(page);
  }
  if (last && !kept().length) showPage(last);
  busy = false;
  tellWaiting();
}

function tellLate(page) {
  const said = page.getElementById("answer");
  if (said.dataset.kind === "good") return;
  const line = document.createElement("li");
  line.textContent = `${words.refused} ${said.textContent.trim().replace(/\s+/g, " ")}`;
  document.getElementById("refused").append(line);
}

function tellWaiting() {
  const count = kept().length;
  document.getElementById("waiting").textContent = count ? `${words.waiting} ${count}` : "";
}

async function startCamera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const place = document.getElementById("camera");
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, className: "camera" });
  video.setAttribute("aria-label", place.dataset.label);
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    await video.play();
  } catch {
    return;
  }
  place.replaceChildren(video);
  watch(video, new BarcodeDetector({ formats: ["qr_code"] }));
}

async function watch(video, detector) {
  let last = "";
  let seen = 0;
  for (;;) {
    const found = busy ? [] : await detector.detect(video).catch(() => []);
    const ticket = found[0]?.rawValue;
    if (ticket && (ticket !== last || Date.now() - seen > SAME_TICKET_MS)) await check(ticket);
    if (ticket) [last, seen] = [ticket, Date.now()];
    await new Promise((done) => setTimeout(done, 150));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = form.elements.ticket;
  check(field.value);
  field.value = "";
  field.focus();
});
look.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  busy = true;
  const { ticket, places, checkin_id } = Object.fromEntries(new FormData(event.target));
  const scan = { ticket, places, checkin_id };
  const page = await ask({ ...scan, gezien: "ja" });
  if (page) showPage(page);
  else remember(scan);
  form.elements.ticket.focus();
  busy = false;
  tellWaiting();
});
// Without network nothing is taken back, and the button stays.
undo.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  busy = true;
  const page = await send(event.target, {});
  if (page) showPage(page);
  else signal("stop");
  busy = false;
});
// A browser plays sound, and keeps its screen on, only after somebody touched it.
addEventListener("pointerdown", () => (sound ??= new AudioContext()), { once: true });
addEventListener("keydown", () => (sound ??= new AudioContext()), { once: true });
addEventListener("online", askAgain);
setInterval(() => kept().length && askAgain(), AGAIN_MS);
navigator.wakeLock?.request("screen").catch(() => {});
startCamera();
tellWaiting();
askAgain();
