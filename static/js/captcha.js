/* Renews the captcha in place. Without this script its button submits the form, which comes back with a new challenge. */
"use strict";

{
  const FAILED = "Le contrôle de sécurité n’a pas pu être renouvelé. Vérifiez votre connexion puis réessayez.";

  for (const captcha of document.querySelectorAll("[data-portal-captcha]")) {
    const part = (name) => captcha.querySelector(`[data-portal-captcha-${name}]`);
    const say = (sentence) => { part("status").textContent = sentence; };
    const uncheck = () => captcha.querySelectorAll("[type=radio]").forEach((radio) => { radio.checked = false; });
    let isBusy = false;

    const show = (challenge) => {
      part("key").value = challenge.key;
      part("word").textContent = challenge.word;
      uncheck();
      captcha.querySelectorAll("img").forEach((image, index) => { image.src = challenge.pictures[index]; });
      part("sound").src = challenge.sound;
      part("digits").value = "";
      captcha.dispatchEvent(new Event("input", { bubbles: true }));
      say(`Le contrôle de sécurité est renouvelé : cliquez sur l’image ${challenge.word}.`);
    };

    const renew = async () => {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", captcha.closest("form").elements.csrfmiddlewaretoken.value);
      const answer = await fetch(captcha.dataset.portalCaptcha, { method: "POST", body });
      const isJson = answer.headers.get("Content-Type") === "application/json";
      if (answer.ok && isJson) show(await answer.json());
      else say(isJson ? (await answer.json()).message : FAILED);
    };

    // Reloading, Firefox brings back the key and the choice of the challenge shown before.
    if (part("key")) {
      part("key").value = part("key").dataset.portalCaptchaKey;
      uncheck();
    }

    part("renew").addEventListener("click", async (event) => {
      if (!part("key")) return; // nothing is shown yet: let the form come back with a challenge
      event.preventDefault();
      if (isBusy) return;
      isBusy = true;
      say("");
      await renew().catch(() => say(FAILED));
      isBusy = false;
    });
  }
}
