/* Suggestions of towns under a field: <input data-portal-places="address of the suggestions">.
   Pattern of the ARIA combobox with a list: arrows move, Enter chooses, Escape closes, Tab leaves.
   Without this script the field is a plain field, and the next page asks what is ambiguous.      */
"use strict";

const WAIT_MS = 150;
const LEAST_CHARACTERS = 2;

for (const input of document.querySelectorAll("[data-portal-places]")) suggestPlaces(input);

function suggestPlaces(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Villes proposées");
  const status = document.createElement("p");
  status.className = "sr-only";
  status.setAttribute("role", "status");
  input.after(list, status);
  input.autocomplete = "off";
  for (const [name, value] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id],
  ]) input.setAttribute(name, value);

  let waiting;
  let asked = "";

  function close() {
    clearTimeout(waiting);
    asked = "";
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show(labels) {
    list.replaceChildren(...labels.map((label, rank) => option(label, `${list.id}-${rank}`)));
    list.hidden = !labels.length;
    input.setAttribute("aria-expanded", String(labels.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = announced(labels.length);
  }

  function activate(chosen) {
    for (const item of list.children) item.setAttribute("aria-selected", String(item === chosen));
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function choose(item) {
    input.value = item.textContent;
    close();
    status.textContent = "";
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < LEAST_CHARACTERS) return close();
    asked = text;
    const labels = await placesFor(input.dataset.portalPlaces, text);
    /* A slower answer to an older text, or one that comes after the field was left, is not shown. */
    if (asked === text) show(labels);
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const active = list.querySelector("[aria-selected=true]");
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && active) choose(active);
    else if (event.key === "ArrowDown") activate(active?.nextElementSibling ?? list.firstElementChild);
    else if (event.key === "ArrowUp") activate(active?.previousElementSibling ?? list.lastElementChild);
    else return;
    event.preventDefault();
  });
  /* pointerdown would take the focus from the field, and so close the list before the click. */
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) choose(item);
  });
}

function option(label, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.textContent = label;
  return item;
}

function announced(count) {
  if (!count) return "Aucune ville proposée.";
  return count === 1 ? "1 ville proposée." : `${count} villes proposées.`;
}

async function placesFor(address, text) {
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`);
    return answer.ok ? (await answer.json()).places : [];
  } catch {
    return []; /* off line: the field stays a plain field */
  }
}
