// The views of an email take turns in one frame; without a script each is a page of its own.
"use strict";

for (const place of document.querySelectorAll(".framed")) {
  const frame = place.querySelector("iframe.email");
  const views = [...place.querySelectorAll(".views a")];
  for (const link of views) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      for (const other of views) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      frame.className = `email ${link.dataset.view}`;
      frame.title = `${place.dataset.title}, ${link.textContent}`;
      frame.src = link.dataset.frame;
    });
  }
}
