// Passkeys: asks the device and sends its answer in the form. Loaded only by pages that have such a form.
// form[data-passkey=create|get] with data-options="id of the JSON", or data-from="address" that answers with it.
"use strict";

(() => {
  const forms = [...document.querySelectorAll("form[data-passkey]")];
  const byNumber = /^[\d.]+$|:/.test(location.hostname);
  const able = Boolean(window.PublicKeyCredential) && !byNumber;

  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const decode = ({ publicKey }) => {
    const asked = { ...publicKey, challenge: toBytes(publicKey.challenge) };
    if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) };
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: toBytes(one.id) }));
    }
    return asked;
  };
  const encode = (found) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[name]) response[name] = toText(found.response[name]);
    }
    if (found.response.getTransports) response.transports = found.response.getTransports();
    return {
      id: found.id, rawId: toText(found.rawId), type: found.type, response,
      authenticatorAttachment: found.authenticatorAttachment,
      clientExtensionResults: found.getClientExtensionResults(),
    };
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  };
  let waiting;
  const ask = async (form, more = {}) => {
    const publicKey = decode(await optionsOf(form));
    waiting?.abort();
    waiting = new AbortController();
    const act = form.dataset.passkey === "create" ? "create" : "get";
    const found = await navigator.credentials[act]({ publicKey, signal: waiting.signal, ...more });
    form.elements.credential.value = JSON.stringify(encode(found));
    form.submit();
  };

  for (const form of forms) {
    if (!able) {
      form.hidden = true;
      for (const words of document.querySelectorAll("[data-no-passkeys]")) words.hidden = false;
      continue;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const failed = form.querySelector("[data-failed]");
      if (failed) failed.hidden = true;
      ask(form).catch((error) => {
        if (error.name !== "AbortError" && failed) failed.hidden = false;
      });
    });
    // Where the browser offers passkeys in the address field itself, let it.
    if (form.hasAttribute("data-offer")) {
      PublicKeyCredential.isConditionalMediationAvailable?.().then((offers) => {
        if (offers) ask(form, { mediation: "conditional" }).catch(() => {});
      });
    }
  }
})();
