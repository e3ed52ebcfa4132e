// The queue by keyboard. Everything here is done by links, boxes and buttons as well.
"use strict";

(() => {
  const queue = document.querySelector("[data-queue]");
  const keys = document.querySelector("[data-keys]");
  if (!queue || !keys) return;

  const links = [...queue.querySelectorAll("a.open")];
  const boxes = [...queue.querySelectorAll("input[name=draft]")];
  const count = queue.querySelector("[data-count]");
  const on = keys.querySelector("[data-keys-on]");
  const hint = document.querySelector("[data-keys-hint]");
  const STORE = "copydesk-queue-keys";
  let last = -1;

  const stored = () => {
    try {
      return localStorage.getItem(STORE);
    } catch {
      return null;
    }
  };
  on.checked = stored() !== "off";
  on.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, on.checked ? "on" : "off");
    } catch {
      // Without storage it holds for this page.
    }
  });
  hint.hidden = false;
  document.querySelector("[data-keys-open]").addEventListener("click", () => keys.showModal());

  const here = () => {
    const line = document.activeElement?.closest("li.line");
    return line ? links.findIndex((link) => line.contains(link)) : last;
  };
  const move = (to) => {
    last = Math.max(0, Math.min(links.length - 1, to));
    links[last].focus();
    links[last].closest("li.line").scrollIntoView({ block: "nearest" });
  };
  const box = (at) => links[at]?.closest("li.line").querySelector("input[name=draft]");
  const tell = () => {
    const chosen = boxes.filter((item) => item.checked).length;
    if (count) count.textContent = chosen ? `${chosen} chosen` : "";
    queue.classList.toggle("choosing", chosen > 0);
  };
  const take = () => {
    const button = queue.querySelector("[data-take]");
    if (!button) return;
    const current = box(here());
    if (current && !boxes.some((item) => item.checked)) current.checked = true;
    if (boxes.some((item) => item.checked)) button.click();
  };

  const deeds = {
    j: () => move(here() + 1),
    k: () => move(here() - 1),
    o: () => links[here()]?.click(),
    x: () => {
      const current = box(here());
      if (!current) return;
      current.checked = !current.checked;
      tell();
    },
    t: take,
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("select, textarea, input:not([type=checkbox])");
    if (typing || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = deeds[event.key];
    if (!deed || (!on.checked && event.key !== "?")) return;
    event.preventDefault();
    deed();
  });
  queue.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
})();
