// Where somebody stands stays right while the page is open, and it loads again when it is their turn. Without this
// file a link does the same.
const standing = document.querySelector("[data-room]");
let events;

const follow = () => {
  events?.close();
  events = undefined;
  if (document.hidden) return;
  events = new EventSource(standing.dataset.room);
  events.onmessage = ({ data }) => {
    const words = JSON.parse(data);
    if (words === null) location.reload();
    else if (standing.innerHTML.trim() !== words.trim()) standing.innerHTML = words;
  };
};

if (standing) {
  document.addEventListener("visibilitychange", follow);
  follow();
}
