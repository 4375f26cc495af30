/* Choosing rows of a list: boxes, Shift for a range, the page, a group, all that match. The bar works without it. */
(() => {
  "use strict";
  const boxes = () => [...document.querySelectorAll("[data-select]")];
  const matching = () => document.querySelector("[data-select-matching]");
  let last = null;

  function tell() {
    const all = boxes();
    const chosen = all.filter((box) => box.checked);
    for (const box of all) box.closest("tr").classList.toggle("is-selected", box.checked);
    const page = document.querySelector("[data-select-all]");
    if (page) {
      page.checked = chosen.length > 0 && chosen.length === all.length;
      page.indeterminate = chosen.length > 0 && chosen.length < all.length;
    }
    const every = matching();
    if (every && !chosen.length) every.checked = false;
    const count = every?.checked ? Number(every.dataset.total) : chosen.length;
    const words = document.querySelector("[data-selected]");
    if (!words) return;
    const text = words.dataset.text.replace("#", count.toLocaleString(document.documentElement.lang));
    if (words.textContent !== text && words.textContent + chosen.length) {
      document.dispatchEvent(new CustomEvent("bw:say", { detail: { value: text } }));
    }
    words.textContent = text;
  }

  function range(from, to, checked) {
    const all = boxes().filter((box) => box.offsetParent);
    const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
    if (start < 0) return;
    for (const box of all.slice(start, end + 1)) box.checked = checked;
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-select]");
    if (box) {
      if (event.shiftKey && last && last !== box) range(last, box, box.checked);
      last = box;
      tell();
    }
    if (event.target.closest("[data-select-none]")) {
      for (const other of boxes()) other.checked = false;
      tell();
      document.querySelector("[data-select-all]")?.focus();
    }
  });
  document.addEventListener("change", (event) => {
    const page = event.target.closest("[data-select-all]");
    if (page) for (const box of boxes()) box.checked = page.checked;
    if (page || event.target.matches("[data-select-matching]")) tell();
  });
  /* Shift with x or a click must not mark text. */
  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(".c-check")) event.preventDefault();
  });

  /* In a bulk edit, a value that is given is meant to be set. */
  document.addEventListener("input", (event) => {
    const line = event.target.closest("[data-bulk] tr");
    const verb = line?.querySelector("select[name^='op-']");
    if (!verb || event.target === verb) return;
    if (event.target.matches("[data-bulk-days]")) verb.value = "shift";
    else if (!verb.value || verb.value === "clear") verb.value = "set";
  });

  /* What the list shows was changed elsewhere on the page (undo): draw it anew. */
  function redraw(url) {
    window.htmx.ajax("GET", url, { target: "#register-area", swap: "outerHTML" });
  }
  document.addEventListener("bw:list-changed", () => {
    if (document.getElementById("register-area")) redraw(location.href);
    else location.reload();
  });
  /* The density in the address is that of the view: choosing another one changes the address. */
  document.addEventListener("bw:display", (event) => {
    const url = new URL(location.href);
    if (event.detail.name !== "density" || !document.querySelector("#register[data-density]")) return;
    document.getElementById("register").dataset.density = event.detail.value;
    url.searchParams.set("density", event.detail.value);
    history.replaceState(history.state, "", url);
  });
  document.addEventListener("htmx:afterSettle", tell);
  tell();
})();
