/* Toasts, dialogs, confirmation, and the failures of htmx requests: shown, never swallowed. */
(() => {
  "use strict";
  const QUIET_AFTER = 8000;
  const UNDO_UNTIL = 600000;
  const texts = () => document.getElementById("texts")?.dataset || {};

  /* toast({text, tone, undo: {url, label}, note}): text is plain. Errors and undo stay until closed. */
  function toast({ text, tone = "info", undo = null, note = "" }) {
    const list = document.getElementById("toasts");
    const template = document.getElementById("toast-template");
    if (!list || !template) return;
    const box = template.content.firstElementChild.cloneNode(true);
    box.classList.replace("toast-info", `toast-${tone}`);
    const use = box.querySelector(".toast-icon use");
    const name = { success: "check", warning: "alert", error: "alert" }[tone] || "info";
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
    box.querySelector(".toast-text").textContent = text;
    const close = box.querySelector("[data-toast-close]");
    if (undo) close.before(undoButton(undo, box));
    if (note) {
      const small = document.createElement("small");
      small.textContent = note;
      close.before(small);
    }
    list.append(box);
    if (undo) setTimeout(() => box.remove(), UNDO_UNTIL);
    else if (tone !== "error") fade(box);
  }

  function undoButton(undo, box) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = undo.label;
    button.addEventListener("click", () => {
      box.remove();
      window.htmx.ajax("POST", undo.url, { target: "body", swap: "none" });
    });
    return button;
  }

  /* Leave after a while, but not while somebody reads or reaches for it. */
  function fade(box) {
    let timer = setTimeout(() => box.remove(), QUIET_AFTER);
    const hold = () => clearTimeout(timer);
    const resume = () => { timer = setTimeout(() => box.remove(), QUIET_AFTER); };
    box.addEventListener("mouseenter", hold);
    box.addEventListener("focusin", hold);
    box.addEventListener("mouseleave", resume);
    box.addEventListener("focusout", resume);
  }

  for (const box of document.querySelectorAll("#toasts .toast")) {
    if (box.querySelector("form")) setTimeout(() => box.remove(), UNDO_UNTIL);
    else if (!box.matches(".toast-error")) fade(box);
  }
  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest(".toast").remove();
  });
  document.addEventListener("bw:toast", (event) => toast(event.detail.value || event.detail));
  document.addEventListener("bw:say", (event) => {
    const live = document.getElementById("live");
    if (live) live.textContent = event.detail.value || event.detail;
  });

  /* Dialogs: [data-dialog-open="id"], [data-dialog-close]; fragments that arrive in #dialog-slot open by themselves. */
  function open(dialog) {
    if (dialog && !dialog.open) dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      open(document.getElementById(opener.dataset.dialogOpen));
    }
    event.target.closest("[data-dialog-close]")?.closest("dialog")?.close();
    if (event.target.matches("dialog.drawer")) event.target.close();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "dialog-slot") open(event.detail.target.querySelector("dialog"));
  });
  document.addEventListener("bw:close-dialog", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });

  /* One confirmation for hx-confirm and for forms with data-confirm. */
  function confirm(question, label, danger) {
    const dialog = document.getElementById("confirm");
    const yes = dialog.querySelector("[value=ok]");
    dialog.querySelector("#confirm-text").textContent = question;
    yes.textContent = label || yes.dataset.label;
    yes.classList.toggle("btn-danger", danger);
    yes.classList.toggle("btn-primary", !danger);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
    });
  }
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const data = event.detail.elt.dataset;
    confirm(event.detail.question, data.confirmLabel, "confirmDanger" in data).then((yes) => {
      if (yes) event.detail.issueRequest(true);
    });
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asker = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!asker.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    confirm(asker.dataset.confirm, asker.dataset.confirmLabel, "confirmDanger" in asker.dataset).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  }, true);

  document.addEventListener("htmx:beforeRequest", () => document.body.classList.add("is-loading"));
  document.addEventListener("htmx:afterRequest", () => document.body.classList.remove("is-loading"));
  document.addEventListener("htmx:sendError", () => toast({ text: texts().offline, tone: "error" }));
  document.addEventListener("htmx:timeout", () => toast({ text: texts().offline, tone: "error" }));
  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    const plain = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    const text = answer.status === 401 ? texts().signedOut : plain ? answer.responseText : texts().failed;
    toast({ text, tone: "error" });
  });

  window.Bellwether = Object.assign(window.Bellwether || {}, { toast, confirm });
})();
