/* The form of a status report: saves itself, says what is missing, loses nothing. Works without it, by its buttons. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-report]");
  if (!form) return;
  const QUIET = 1500;
  const RETRY = 15000;
  const SKIPPED = ["csrfmiddlewaretoken", "version"];
  const say = form.dataset;
  const status = document.getElementById("report-saved");
  const trouble = document.getElementById("report-trouble");
  const part = (name) => trouble.querySelector(`[data-${name}]`);
  let timer = 0;
  let running = null;
  let typed = 0;

  /* What is missing: a comment where a colour is not green or differs from the computed one. */
  function missing() {
    const places = [];
    for (const box of form.querySelectorAll(".declared-in")) {
      const declared = box.querySelector("input[type=radio]:checked")?.value || "grey";
      const computed = box.dataset.computed;
      const differs = computed && computed !== "grey" && declared !== computed;
      const needed = differs || (declared !== "green" && declared !== "grey");
      const field = box.querySelector("textarea");
      const lacks = needed && !field.value.trim();
      box.classList.toggle("is-missing", lacks);
      field.setAttribute("aria-required", String(needed));
      if (lacks) places.push(box.closest("[data-place]").dataset.place);
    }
    const note = document.getElementById("report-missing");
    const head = document.createElement("b");
    head.textContent = places.length === 1 ? say.missingOne : places.length ? say.missing.replace("#", places.length) : say.ready;
    head.className = places.length ? "bad" : "good";
    const names = document.createElement("span");
    names.className = "small muted";
    names.textContent = places.slice(0, 2).join(" ");
    note.replaceChildren(head, names);
  }

  /* Text stays on this device only while it could not be saved. */
  function keep() {
    const entries = [...new FormData(form)].filter(([name]) => !SKIPPED.includes(name));
    const version = form.elements.version?.value || "";
    try { localStorage.setItem(say.key, JSON.stringify({ version, entries })); } catch { /* private windows have none */ }
  }
  function forget() {
    try { localStorage.removeItem(say.key); } catch { /* as above */ }
  }
  function kept() {
    try { return JSON.parse(localStorage.getItem(say.key) || "null"); } catch { return null; }
  }
  function restore(found) {
    const wanted = Number(found.entries.find(([name]) => name === "asks-TOTAL_FORMS")?.[1] || 0);
    while (Number(form.elements["asks-TOTAL_FORMS"].value) < wanted) addAsk();
    for (const [name, value] of found.entries) {
      const field = form.elements[name];
      if (!field || field.type === "hidden") continue;
      field.value = value;
    }
    changed();
  }

  function show(text, parts = {}) {
    part("text").textContent = text;
    for (const name of ["login", "theirs", "mine", "restore"]) part(name).hidden = !(name in parts);
    if (parts.theirs) part("theirs").href = parts.theirs;
    trouble.hidden = false;
  }

  /* What the server could not store is marked at its control, and kept on this device. */
  function mark(errors) {
    for (const note of form.querySelectorAll("[data-unsaved]")) {
      note.closest(".field").classList.remove("has-error");
      note.remove();
    }
    for (const [name, text] of Object.entries(errors)) {
      const control = form.elements[name];
      const box = (control?.[0] || control)?.closest(".field");
      if (!box) continue;
      const note = document.createElement("p");
      note.className = "field-error";
      note.dataset.unsaved = "";
      note.textContent = text;
      box.classList.add("has-error");
      box.append(note);
      box.closest("details")?.setAttribute("open", "");
    }
  }

  async function save() {
    clearTimeout(timer);
    if (running) return running;
    running = send().finally(() => { running = null; });
    return running;
  }
  async function send() {
    const at = typed;
    status.textContent = say.saving;
    let answer;
    try {
      answer = await fetch(say.autosave, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    } catch {
      keep();
      show(say.offline);
      timer = setTimeout(save, RETRY);
      return false;
    }
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (!json) {
      keep();
      show(answer.redirected || answer.status === 401 || answer.status === 403 ? say.signedOut : say.failed, { login: 1 });
      return false;
    }
    const data = await answer.json();
    if (answer.status === 409) {
      keep();
      show(data.text, { theirs: data.url, mine: 1 });
      trouble.dataset.version = data.version;
      status.textContent = "";
      return false;
    }
    if (!answer.ok) {
      keep();
      show(data.text);
      return false;
    }
    trouble.hidden = true;
    status.textContent = data.text;
    form.elements.version.value = data.version;
    mark(data.errors);
    if (Object.keys(data.errors).length) keep(); else forget();
    if (data.edit !== location.pathname) {
      history.replaceState(null, "", data.edit);
      form.action = data.edit;
      say.autosave = data.autosave;
    }
    if (typed === at) delete say.dirty;
    else timer = setTimeout(save, QUIET);
    return true;
  }

  function changed() {
    typed += 1;
    say.dirty = "yes";
    missing();
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => { if (event.target.matches("input[type=radio], select, input[type=date]")) changed(); });
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden && say.dirty) save(); });

  /* Handing in goes through a save first: a session that has ended costs a sign-in, not the text. */
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.name === "copy" || form.dataset.sure) return;
    event.preventDefault();
    if (running) await running;
    if (!(await save())) return;
    clearTimeout(timer);
    form.dataset.sure = "yes";
    delete say.dirty;
    form.requestSubmit(button);
  });

  trouble.addEventListener("click", (event) => {
    if (event.target.closest("[data-mine]")) {
      form.elements.version.value = trouble.dataset.version;
      save();
    }
    if (event.target.closest("[data-restore]")) {
      restore(kept());
      trouble.hidden = true;
    }
  });

  function addAsk() {
    const total = form.elements["asks-TOTAL_FORMS"];
    const box = document.createElement("div");
    box.innerHTML = document.getElementById("ask-template").innerHTML.replaceAll("__prefix__", total.value);
    const made = box.firstElementChild;
    form.querySelector("[data-asks]").append(made);
    total.value = Number(total.value) + 1;
    return made;
  }
  form.querySelector("[data-add-ask]").addEventListener("click", () => addAsk().querySelector("input").focus());

  const found = kept();
  if (found && found.version === (form.elements.version?.value || "")) {
    restore(found);
    window.Bellwether?.toast({ text: say.restored });
  } else if (found) {
    show(say.older, { restore: 1 });
  }
  missing();
})();
