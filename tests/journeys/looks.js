// What is wrong with how a page looks, in words; nothing when all is well. `mayScroll` matches the boxes that may
// hold more than they show, because one can swipe them.
(mayScroll) => {
  const linesOf = (range) => {
    const boxes = [...range.getClientRects()].filter((box) => box.width);
    return new Set(boxes.map((box) => Math.round(box.top)));
  };
  const textsOf = (root) => {
    const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.trim()) found.push(walker.currentNode);
    return found;
  };

  const tooWide = () => {
    const over = document.documentElement.scrollWidth - innerWidth;
    return over > 0 ? [`${over} px`] : [];
  };

  // Words and controls that stand outside of a box that scrolls or clips.
  const cutOff = () => {
    const isShown = (node) => (node.checkVisibility ? node : node.parentElement).checkVisibility()
      && !node.parentElement.closest(".hidden, script, meter, textarea, select");
    const boxOf = (node) => {
      const range = document.createRange();
      range.selectNode(node);
      return range.getBoundingClientRect();
    };
    const cuts = (holder, box) => {
      const style = getComputedStyle(holder), own = holder.getBoundingClientRect();
      const clips = (axis) => ["hidden", "clip"].includes(style[axis]);
      const wide = style.overflowX !== "visible" && (box.left < own.left - 1 || box.right > own.right + 1);
      const high = clips("overflowY") && (box.top < own.top - 1 || box.bottom > own.bottom + 1);
      return (wide && (clips("overflowX") || !holder.matches(mayScroll))) || high;
    };
    const isCut = (node) => {
      const box = boxOf(node);
      for (let holder = node.parentElement; holder !== document.body; holder = holder.parentElement)
        if (cuts(holder, box)) return true;
      return false;
    };
    return [...textsOf(document.body), ...document.querySelectorAll("input, select, textarea, button, meter")]
      .filter((node) => isShown(node) && isCut(node))
      .map((node) => (node.data || node.outerHTML).trim().slice(0, 80));
  };

  // Words of plain letters that begin on one line and end on another.
  const broken = () => textsOf(document.body).flatMap((text) =>
    [...text.data.matchAll(/(?<!\S)[\p{L}.,:;!?()“”]{2,30}(?!\S)/gu)].filter((word) => {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      return linesOf(range).size > 1;
    }).map((word) => word[0]));

  const brokenHeads = () => [...document.querySelectorAll("thead th:not(:has(.hidden))")].filter((head) => {
    const range = document.createRange();
    range.selectNodeContents(head);
    return linesOf(range).size > 1;
  }).map((head) => head.innerText);

  // What is wrong with a form is told with the label of its field, or with what its boxes ask together, and leads to it.
  const nameless = () => [...document.querySelectorAll("#problems li a")].filter((told) => {
    const field = document.getElementById(told.hash.slice(1));
    const legend = field?.closest("fieldset")?.querySelector("legend");
    const labels = field?.type === "radio" ? [legend] : [field?.labels[0], field?.type === "checkbox" && legend];
    return !labels.some((label) => label && told.textContent.includes(label.childNodes[0].data.trim()));
  }).map((told) => told.textContent.trim());

  // Who walks by keyboard begins at the way to the content.
  const firstStop = () => {
    const first = document.querySelector(
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]');
    return first.className === "skip" ? [] : [first.outerHTML.slice(0, 80)];
  };

  const looks = {
    "too wide": tooWide,
    "cut off": cutOff,
    "a word is broken": broken,
    "a heading breaks": brokenHeads,
    "names no field": nameless,
    "the keyboard starts elsewhere than at the way to the content": firstStop,
  };
  return Object.entries(looks).flatMap(([wrong, look]) => look().map((what) => `${wrong}: ${what}`));
}
