// What is typed is kept when a field is left, one field after the other. Without this file the button keeps it.
const form = document.querySelector("form[data-keep]");
const shown = new Map();
let sending = Promise.resolve();
let waiting = 0;

// The element stood there empty, so that a screen reader tells what comes in it.
function say(field, text) {
  form.elements[`${field.name}-bewaard`].value = text;
}

async function keep(field) {
  const version = form.elements[`${field.name}-versie`];
  const body = new URLSearchParams({ _csrf_token: form.elements._csrf_token.value, [field.name]: field.value, [version.name]: version.value });
  try {
    const answer = await fetch(form.dataset.keep, { method: "POST", body, keepalive: true, redirect: "error", signal: AbortSignal.timeout(8_000) });
    if (!answer.ok) throw new Error(answer.statusText);
    const kept = await answer.json();
    if (kept.is_kept) version.value = kept.version;
    say(field, kept.message);
  } catch {
    say(field, form.dataset.failed);
  }
}

function send(field) {
  if (!form.elements[`${field.name}-versie`] || shown.get(field.name) === field.value) return;
  shown.set(field.name, field.value);
  waiting += 1;
  sending = sending.then(() => keep(field)).finally(() => (waiting -= 1));
}

form.addEventListener("change", (event) => send(event.target));
// The button waits for what is on its way, so that it knows the version of each field.
form.addEventListener("submit", (event) => {
  if (!waiting) return;
  event.preventDefault();
  sending.then(() => form.submit());
});
// A page that goes away has a field that was not left. One of a choice was sent when it was chosen.
document.addEventListener("visibilitychange", () => {
  const field = document.activeElement;
  if (document.hidden && form.contains(field) && ["text", "textarea"].includes(field.type) && field.value !== field.defaultValue) send(field);
});
