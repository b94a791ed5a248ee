// A link that was just made is copied or passed on with a button, where the browser can. Else it is text to select.
const place = document.querySelector("[data-share]");
const [copy, share] = place?.querySelector("template").content.children ?? [];

if (place && navigator.clipboard) {
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.share);
    copy.textContent = copy.dataset.done;
  });
  place.append(copy);
}
if (place && navigator.share) {
  share.addEventListener("click", () => navigator.share({ title: place.dataset.title, url: place.dataset.share }).catch(() => {}));
  place.append(share);
}
