// A code before the camera does what a scanner does: it is typed in the box, and sent. Where a browser reads no codes
// there is no button, and a scanner or the keys do the same.
"use strict";

for (const place of document.querySelectorAll("template[data-camera]")) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) continue;
  const button = place.content.firstElementChild.cloneNode(true);
  place.before(button);
  button.addEventListener("click", () => look(button, document.getElementById(place.dataset.camera)));
}

async function look(button, field) {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, className: "camera" });
  video.setAttribute("aria-label", button.textContent.trim());
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    button.replaceWith(video);
    await video.play();
  } catch {
    return;
  }
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let code = "";
  while (!code) {
    await new Promise((done) => setTimeout(done, 150));
    code = (await detector.detect(video).catch(() => []))[0]?.rawValue ?? "";
  }
  for (const track of video.srcObject.getTracks()) track.stop();
  field.value = code;
  field.form.requestSubmit();
}
