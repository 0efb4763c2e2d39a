/* Improvements of the portal's pages: each page works without them. Hooks are data-portal-* attributes:
   data-portal-errors           error summary, focused when the page opens
   data-portal-password-rules   id of a password field; its items carry data-portal-rule, a regular expression
   data-portal-progress         hidden list of what a form asks; its items carry data-portal-step, names of which one is filled
   data-portal-reveal           password field that gets a "show" button
   data-portal-menu             <details> that closes on Escape or on a click elsewhere
   data-portal-install          hidden button that installs the web application
   data-portal-session          seconds without a page after which the session ends: a warning comes two minutes before
   data-portal-worker           page that registers the service worker; the installed application does it on each page */
"use strict";

const RESEND_AFTER_MS = 8000;

document.querySelector("[data-portal-errors]")?.focus();

/* A second click on the button of a form sends nothing while the first is on its way. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("portalSent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.portalSent = "";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), RESEND_AFTER_MS);
});

function release(form) {
  delete form.dataset.portalSent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/* Coming back by the browser's history shows the page as it was left: let its forms be sent again. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-portal-sent]").forEach(release);
});

for (const list of document.querySelectorAll("[data-portal-password-rules]")) followRules(list);

function followRules(list) {
  const input = document.getElementById(list.dataset.portalPasswordRules);
  const rules = [...list.querySelectorAll("[data-portal-rule]")];
  if (!input || !rules.length) return;
  const status = hiddenText("p", list.parentNode);
  status.setAttribute("role", "status");
  let waiting;
  input.addEventListener("input", () => {
    for (const rule of rules) rule.classList.toggle("ok", new RegExp(rule.dataset.portalRule, "u").test(input.value));
    clearTimeout(waiting);
    waiting = setTimeout(() => { status.textContent = progress(rules); }, 900);
  });
}

function progress(rules) {
  const missing = rules.filter((rule) => !rule.classList.contains("ok")).map((rule) => rule.textContent.trim());
  return missing.length ? `Il manque encore : ${missing.join(", ")}.` : "Le mot de passe respecte toutes les règles.";
}

for (const box of document.querySelectorAll("[data-portal-progress]")) followProgress(box);

/* Ticks what is filled in, whether it is right or not: the server says that. */
function followProgress(box) {
  const form = box.closest("form");
  const isFilled = (name) => [...form.querySelectorAll(`[name="${name}"]`)].some(
    (field) => (/radio|checkbox/.test(field.type) ? field.checked : field.value.trim()));
  const look = () => {
    for (const step of box.querySelectorAll("[data-portal-step]")) {
      const isDone = step.dataset.portalStep.split(" ").some(isFilled);
      step.classList.toggle("ok", isDone);
      step.querySelector(".sr-only").textContent = isDone ? "rempli : " : "à remplir : ";
    }
  };
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  look();
  box.hidden = false;
}

function hiddenText(tag, parent) {
  const element = document.createElement(tag);
  element.className = "sr-only";
  parent.append(element);
  return element;
}

for (const input of document.querySelectorAll("[data-portal-reveal]")) addReveal(input);

function addReveal(input) {
  const box = document.createElement("div");
  const button = document.createElement("button");
  box.className = "reveal";
  button.type = "button";
  button.setAttribute("aria-controls", input.id);
  input.replaceWith(box);
  box.append(input, button);
  const status = hiddenText("p", box);
  status.setAttribute("role", "status");
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? "Masquer" : "Afficher";
    button.setAttribute("aria-label", `${button.textContent} le mot de passe`);
  };
  show(false);
  button.addEventListener("click", () => {
    const isShown = input.type === "password";
    show(isShown);
    /* the new name of a button that has the focus is not read out */
    status.textContent = isShown ? "Le mot de passe est visible." : "Le mot de passe est masqué.";
  });
  /* Sent as a password, so that the browser does not keep it among the texts typed. */
  input.form?.addEventListener("submit", () => show(false));
}

for (const menu of document.querySelectorAll("[data-portal-menu]")) {
  document.addEventListener("click", (event) => {
    if (menu.open && menu.classList.contains("account") && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

const WARNING_MS = 120_000;
const idleMs = Number(document.body.dataset.portalSession ?? 0) * 1000;
if (idleMs) setTimeout(warn, idleMs - WARNING_MS);

function warn() {
  const box = document.createElement("div");
  const notice = document.createElement("div");
  const sentence = document.createElement("p");
  const button = document.createElement("button");
  box.className = "wrap messages";
  notice.className = "notice notice--warning";
  notice.setAttribute("role", "alert");
  sentence.textContent = "Sans activité de votre part, votre session se ferme dans deux minutes.";
  button.type = "button";
  button.className = "link-btn";
  button.textContent = "Rester connecté";
  notice.append(sentence, button);
  box.append(notice);
  document.querySelector("main").prepend(box);
  const end = setTimeout(() => {
    sentence.textContent = "Votre session est fermée : connectez-vous de nouveau pour continuer.";
    button.remove();
  }, WARNING_MS);
  button.addEventListener("click", async () => {
    /* any page of the portal prolongs the session: this one is the lightest */
    const answer = await fetch("/sante/", { method: "HEAD" }).catch(() => null);
    if (!answer?.ok) return;
    clearTimeout(end);
    box.remove();
    document.querySelector("main").focus(); /* it was on the button that has gone */
    setTimeout(warn, idleMs - WARNING_MS);
  });
}

/* Only who installs the application pays for it: a visit of the site registers nothing. */
if (navigator.serviceWorker && (matchMedia("(display-mode: standalone)").matches || document.querySelector("[data-portal-worker]"))) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {}); /* the site works without it */
}

window.addEventListener("beforeinstallprompt", (prompt) => {
  for (const button of document.querySelectorAll("[data-portal-install]")) {
    prompt.preventDefault();
    button.hidden = false;
    button.addEventListener("click", () => prompt.prompt(), { once: true });
  }
});
