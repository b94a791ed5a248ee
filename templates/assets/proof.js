// Too much was tried from here, so the browser computes for a second: a number with which the SHA-256 of the challenge begins
// with enough zero bits. Without this file the page shows another way.
const form = document.querySelector("form[data-proof]");

async function zeroBits(text) {
  const words = new DataView(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return words.getUint32(0) ? Math.clz32(words.getUint32(0)) : 32;
}

async function prove() {
  for (let number = 0; ; number += 1) {
    const proof = `${form.dataset.proof}:${number}`;
    if ((await zeroBits(proof)) >= Number(form.dataset.bits)) return proof;
  }
}

if (form && globalThis.crypto?.subtle) {
  const proving = prove().then((proof) => (form.elements.proof.value = proof));
  form.addEventListener("submit", (event) => {
    if (form.elements.proof.value) return;
    event.preventDefault();
    proving.then(() => form.submit());
  });
}
