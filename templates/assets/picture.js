// A picture that is larger than what is taken is made smaller before it is sent. Without this file its sender does that.
const field = document.querySelector("input[data-most-bytes]");
const LONGEST = 2_000;

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * scale, height: picture.height * scale });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return new File([made], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
}

async function shrink() {
  const [file] = field.files;
  if (!file || file.size <= Number(field.dataset.mostBytes)) return;
  // What is no picture stays as it is, and the answer says so.
  const made = await smaller(file).catch(() => null);
  if (!made || field.files[0] !== file) return;
  const chosen = new DataTransfer();
  chosen.items.add(made);
  field.files = chosen.files;
}

let shrinking = Promise.resolve();
let busy = 0;
field.addEventListener("change", () => {
  busy += 1;
  shrinking = shrink().finally(() => (busy -= 1));
});
field.form.addEventListener("submit", (event) => {
  if (!busy) return;
  event.preventDefault();
  shrinking.then(() => field.form.submit());
});
