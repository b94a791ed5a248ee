// The browser makes a passkey, or signs with one, and its answer goes along with the form. Without this file, or in a
// browser that cannot, the form is not there and the code of the app remains.
const place = document.querySelector("[data-passkey]");

async function answer(options) {
  if (place.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

if (place && globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  place.append(place.querySelector("template").content);
  const form = place.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.credential.value = JSON.stringify(await answer(JSON.parse(place.dataset.options)));
      form.submit();
    } catch {
      form.querySelector("output").hidden = false;
    }
  });
}
