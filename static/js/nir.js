/* A number pasted or filled with its key, in the field of the number: the key goes to its own field.
   A number that is whole is written in groups, as on the card, once one leaves the field.
   Nothing moves while one types; without this script the server understands the same. */
"use strict";

const NIR_SEPARATORS = /[\s.\-‐‑–_/]/g;

for (const number of document.querySelectorAll("[data-portal-nir]")) {
  const key = number.form?.querySelector("[data-portal-nir-key]");
  number.addEventListener("change", () => {
    if (key) splitNir(number, key);
    groupNir(number);
  });
  if (key) number.addEventListener("paste", () => setTimeout(() => splitNir(number, key)));
}

function splitNir(number, key) {
  const characters = number.value.replace(NIR_SEPARATORS, "");
  if (characters.length !== 15 || key.value.trim()) return;
  number.value = characters.slice(0, 13);
  key.value = characters.slice(13);
  key.dispatchEvent(new Event("input", { bubbles: true }));
  groupNir(number);
}

/* 2 85 05 99 999 001, and 2 85 05 99 999 001 42 where the key stands in the same field. */
function groupNir(number) {
  const groups = /^(.)(..)(..)(..)(...)(...)(..)?$/.exec(number.value.replace(NIR_SEPARATORS, ""));
  if (groups) number.value = groups.slice(1).filter(Boolean).join(" ");
}
