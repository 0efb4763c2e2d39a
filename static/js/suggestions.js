/* Suggestions under a field: <input data-portal-suggestions="address" data-portal-suggested="Villes proposées">.
   The address answers {"groups": [{"title": "Métiers", "labels": ["Comptable (métier)"]}]}; a list of one group has no titles.
   Pattern of the ARIA combobox with a list: arrows move, Enter chooses, Escape closes, Tab leaves.
   Without this script the field is a plain field: what is chosen here is a text that the search reads again.            */
"use strict";

const WAIT_MS = 150;
const LEAST_CHARACTERS = 2;

for (const input of document.querySelectorAll("[data-portal-suggestions]")) suggest(input);

function suggest(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.portalSuggested);
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

  function show(groups) {
    list.replaceChildren(...groups.flatMap((group, rank) => items(group, `${list.id}-${rank}`)));
    const count = options().length;
    list.hidden = !count;
    input.setAttribute("aria-expanded", String(count > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = announced(count);
  }

  function options() {
    return [...list.querySelectorAll("[role=option]")];
  }

  function activate(chosen) {
    for (const item of options()) item.setAttribute("aria-selected", String(item === chosen));
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = options();
    const active = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const next = active < 0 && step < 0 ? all.length - 1 : (active + step + all.length) % all.length;
    activate(all[next]);
  }

  function choose(item) {
    input.value = item.textContent;
    close();
    status.textContent = `Choisi : ${input.value}`; /* a value written by a script is not read out */
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < LEAST_CHARACTERS) return close();
    asked = text;
    const groups = await suggestionsFor(input.dataset.portalSuggestions, text);
    /* A slower answer to an older text, or one that comes after the field was left, is not shown. */
    if (asked === text) show(groups);
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
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
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

/* The options of a group, under its title when it has one. */
function items(group, id) {
  const found = group.labels.map((label, rank) => option(label, `${id}-${rank}`));
  if (!group.title) return found;
  const whole = document.createElement("li");
  const title = document.createElement("span");
  const inner = document.createElement("ul");
  title.id = id;
  title.textContent = group.title;
  whole.setAttribute("role", "group");
  whole.setAttribute("aria-labelledby", id);
  title.setAttribute("role", "presentation");
  inner.setAttribute("role", "presentation");
  inner.append(...found);
  whole.append(title, inner);
  return [whole];
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
  if (!count) return "Aucune proposition.";
  return count === 1 ? "1 proposition." : `${count} propositions.`;
}

async function suggestionsFor(address, text) {
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`);
    return answer.ok ? (await answer.json()).groups : [];
  } catch {
    return []; /* off line: the field stays a plain field */
  }
}
