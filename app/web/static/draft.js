// What the page of a draft does better with a script: keys, findings while one types.
"use strict";

// Who types with their voice, or finds single keys in the way, turns them off; the queue asks the same place.
const STORE = "copydesk-queue-keys";
const keysAreOff = () => {
  try {
    return localStorage.getItem(STORE) === "off";
  } catch {
    return false;
  }
};
const keysOn = document.querySelector("[data-keys-on]");
if (keysOn) {
  keysOn.checked = !keysAreOff();
  keysOn.closest("label").hidden = false;
  keysOn.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, keysOn.checked ? "on" : "off");
    } catch {
      // Without storage the keys stay as they are.
    }
  });
}

const editable = (element) =>
  element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

// A key leads to a form or along the queue. It never sends anything.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || editable(event.target)) return;
  const key = event.key;
  if (key !== "?" && keysAreOff()) return;
  const place = key === "?" ? document.getElementById("keys") : document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!place) return;
  event.preventDefault();
  if (place.tagName === "A") {
    location.assign(place.href);
    return;
  }
  place.open = true;
  const field = place.querySelector("textarea, select, input:not([type=hidden]), button");
  (field ?? place.querySelector("summary")).focus();
  place.scrollIntoView({ block: "nearest" });
});

// Findings while one types: judged where the draft stands, and nothing is stored.
const PAUSE = 500;
const form = document.querySelector("form.edit");
if (form) {
  const verdict = form.querySelector(".live-verdict");
  const fields = [...form.querySelectorAll("[data-field]")];
  let timer = 0;
  let asked = null;

  const made = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const marked = (pieces, language) => {
    const line = made("p", "copy-text");
    line.lang = language;
    for (const piece of pieces) {
      line.append(piece.severity ? made("mark", piece.severity, piece.text) : piece.text);
      for (const number of piece.ending) line.append(made("b", "number", String(number)));
    }
    return line;
  };

  const listed = (findings) => {
    const list = made("ol", "findings");
    for (const finding of findings) {
      const item = made("li", `finding ${finding.severity}`);
      const said = made("p");
      said.append(made("span", "number", String(finding.number)), " ", made("b", "", finding.words), `: ${finding.message}`);
      item.append(said);
      if (finding.passes) item.append(made("p", "", `What would pass: ${finding.passes}`));
      list.append(item);
    }
    return list;
  };

  const show = (answer) => {
    verdict.textContent = answer.problem ?? [`As typed it ${answer.verdict}.`, ...answer.reasons].join(" ");
    for (const field of fields) {
      const found = answer.fields?.[field.dataset.field];
      const live = field.querySelector(".live");
      const language = field.querySelector("textarea").lang;
      live.replaceChildren(...(found?.findings.length ? [marked(found.pieces, language), listed(found.findings)] : []));
    }
  };

  const judge = async () => {
    asked?.abort();
    asked = new AbortController();
    const words = {};
    for (const field of fields) words[field.dataset.field] = field.querySelector("textarea").value;
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          "x-form-token": form.elements.form_token.value,
        },
        body: JSON.stringify({ copy_fields: words }),
        signal: asked.signal,
      });
      if (answer.ok) show(await answer.json());
      else verdict.textContent = "The words could not be judged just now. Saving judges them as well.";
    } catch (error) {
      if (error.name !== "AbortError") verdict.textContent = "Nobody answers at the moment. What you typed is still here.";
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(judge, PAUSE);
  });

  // Typed words are not lost by leaving the page unseen.
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    const changed = fields.some((field) => {
      const area = field.querySelector("textarea");
      return area.value !== area.defaultValue;
    });
    if (changed && !sent) event.preventDefault();
  });
}

// A link to what is folded opens it.
const unfold = () => {
  const place = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  place?.closest("details")?.setAttribute("open", "");
};
window.addEventListener("hashchange", unfold);
unfold();
