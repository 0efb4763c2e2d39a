/* The page of an offer: without this script its address is read and copied from the field.
   data-portal-copy    hidden button that copies the field of that id; the field says by data-portal-copied where to tell it
   data-portal-print   hidden button that prints the page                                                                  */
"use strict";

for (const button of document.querySelectorAll("[data-portal-copy]")) {
  const field = document.getElementById(button.dataset.portalCopy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    document.getElementById(field.dataset.portalCopied).textContent =
      (await copied(field.value)) ? "L’adresse est copiée." : "L’adresse est sélectionnée : copiez-la avec Ctrl + C.";
  });
}

for (const button of document.querySelectorAll("[data-portal-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* The clipboard may be refused, and is not there on an address without TLS. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
