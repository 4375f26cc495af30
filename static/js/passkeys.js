/* Passkeys: a form with data-passkey asks the site what is to be signed, the browser signs, the form carries the answer. */
(() => {
  "use strict";
  const BINARY = new Set(["challenge", "id", "rawId", "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]);

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function opened(options) {
    const ready = { ...options, challenge: bytes(options.challenge) };
    if (options.user) ready.user = { ...options.user, id: bytes(options.user.id) };
    for (const name of ["allowCredentials", "excludeCredentials"]) {
      if (options[name]) ready[name] = options[name].map((one) => ({ ...one, id: bytes(one.id) }));
    }
    return ready;
  }

  function plain(credential) {
    const response = {};
    for (const name of BINARY) {
      const value = credential.response[name];
      if (value instanceof ArrayBuffer) response[name] = text(value);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function signed(form) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(form.dataset.passkey, { method: "POST", headers: { "X-CSRFToken": token } });
    if (answer.redirected) {
      window.location.assign(answer.url);
      return null;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const options = opened((await answer.json()).publicKey);
    const made = "make" in form.dataset
      ? await navigator.credentials.create({ publicKey: options })
      : await navigator.credentials.get({ publicKey: options });
    return plain(made);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form || form.dataset.ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    try {
      const credential = await signed(form);
      if (!credential) return;
      form.querySelector("[name=credential]").value = JSON.stringify(credential);
      form.dataset.ready = "yes";
      form.submit();
    } catch (error) {
      problem.hidden = false;
    }
  }, true);

  if (!window.PublicKeyCredential) {
    for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = true;
  }
})();
