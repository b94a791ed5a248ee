// What changes of a date stays right while a page is open: what is free, and at a desk who is in. Without this file it is
// right when the page is loaded again.
// Nothing is asked while nobody sees the page: browsers have few connections for one site.
const places = [...document.querySelectorAll("[data-live]")];
const ids = [...new Set(places.map((place) => place.dataset.live))].slice(0, 100);
const from = document.querySelector("[data-live-from]")?.dataset.liveFrom ?? `/${location.pathname.split("/")[1]}/live`;
const address = `${from}?sessies=${ids.join(",")}`;
let events;

const follow = () => {
  events?.close();
  events = undefined;
  if (document.hidden) return;
  events = new EventSource(address);
  events.onmessage = ({ data }) => {
    for (const [id, words] of Object.entries(JSON.parse(data))) {
      for (const place of places.filter((each) => each.dataset.live === id)) {
        if (place.innerHTML.trim() !== words.trim()) place.innerHTML = words;
      }
    }
  };
};

if (ids.length) {
  document.addEventListener("visibilitychange", follow);
  follow();
}
