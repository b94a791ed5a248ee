// At a desk the keys beside the buttons work: a press of F2 does what the visible control with data-key="F2" does.
// An open card goes before the rest of the page. Where one person was found, who is still face down, a key leads on for
// them; where several were, it puts the focus on the first and does nothing else. The box that has the focus is selected, so that a scan replaces what
// it holds. Without this file everything still works with the mouse and with Tab.
document.querySelector("input[autofocus]")?.select();
// What was just asked to be printed, is.
if (document.querySelector("[data-print]")) window.print();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const pressed = event.shiftKey ? `Shift+${event.key}` : event.key;
  const near = event.target.closest?.("details[open]");
  const places = [near, ...document.querySelectorAll("details[open]"), document].filter(Boolean);
  const controls = places.flatMap((place) => [...place.querySelectorAll("[data-key]")]);
  const named = controls.filter((control) => control.dataset.key === pressed);
  const faceDown = document.querySelectorAll("details.person:not([open])");
  const found = named.find((control) => control.checkVisibility()) ?? (faceDown.length === 1 ? named[0] : undefined);
  if (!named.length) return;
  event.preventDefault();
  if (found) found.click();
  else faceDown[0]?.querySelector("summary").focus();
});

// Who may be the person that is being typed: each field that is left asks again, but not the box that says that it is
// somebody else, which would lose its focus. Without this file a button asks.
const typing = document.querySelector("form[data-look]");
let looking = 0;
typing?.addEventListener("change", async (event) => {
  const likely = document.getElementById("likely");
  if (likely.contains(event.target)) return;
  const asked = (looking += 1);
  try {
    const said = await fetch(typing.dataset.look, { method: "POST", body: new URLSearchParams(new FormData(typing)), signal: AbortSignal.timeout(8_000) });
    const page = new DOMParser().parseFromString(await said.text(), "text/html");
    const found = page.getElementById("likely");
    if (asked === looking && said.ok && found) likely.replaceChildren(...found.childNodes);
  } catch {
    // The button asks the same.
  }
});
