// The copy pages with a script: answers arrive by themselves, faults lead to their line, all is ticked at once.
"use strict";

const watched = document.querySelector("[data-events]");
if (watched && window.EventSource) {
  const far = document.getElementById("far");
  const bar = document.getElementById("bar");
  const again = document.getElementById("again");
  if (again) again.hidden = true;
  const source = new EventSource(watched.dataset.events);

  source.addEventListener("slot", (event) => {
    const { number, part } = JSON.parse(event.data);
    const place = document.getElementById(`slot-${number}`);
    if (!place || place.contains(document.activeElement)) return;
    const open = place.querySelector("details")?.open;
    place.innerHTML = part; // made and escaped by the same template as the page
    const details = place.querySelector("details");
    if (details && open) details.open = true;
  });

  // A stream that is refused is not tried again by browsers: then people look again by themselves.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED && again) again.hidden = false;
  });

  source.addEventListener("progress", (event) => {
    const { done, total } = JSON.parse(event.data);
    bar.max = total;
    bar.value = done;
    far.textContent = `${done} of ${total} positions decided`;
  });

  source.addEventListener("end", (event) => {
    source.close();
    far.textContent = JSON.parse(event.data).cut_off ? far.dataset.cut : far.dataset.over;
    document.getElementById("may-leave")?.remove();
    document.getElementById("onward")?.classList.add("first");
  });
}

// A fault of a brief leads to its place in the text.
const text = document.querySelector("textarea.code");
if (text) {
  const where = document.getElementById("where");
  const tell = () => {
    const before = text.value.slice(0, text.selectionStart);
    where.textContent = `Line ${before.split("\n").length}, column ${before.length - before.lastIndexOf("\n")}`;
  };
  where.hidden = false;
  for (const name of ["keyup", "click", "focus", "input"]) text.addEventListener(name, tell);
  tell();
  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const lines = text.value.split("\n");
      const line = Number(link.dataset.line) - 1;
      const start = lines.slice(0, line).reduce((sum, item) => sum + item.length + 1, 0);
      const column = Math.min(Number(link.dataset.column) - 1, (lines[line] || "").length);
      text.focus();
      text.setSelectionRange(start + column, start + (lines[line] || "").length);
      text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight));
      tell();
    });
  }
}

const all = document.querySelector("[data-choose-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const box of document.querySelectorAll("input[name=draft]")) box.checked = true;
  });
}
