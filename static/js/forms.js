/* Small helps for forms: character counts, copied links, unsaved changes, file drops. Forms work without it. */
(() => {
  "use strict";

  /* <textarea maxlength data-counter="id">: "45 / 200" in the element with that id. */
  function count(field) {
    const box = document.getElementById(field.dataset.counter);
    if (box) box.textContent = `${field.value.length} / ${field.maxLength}`;
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-counter]")) count(event.target);
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.dirty = "yes";
  });
  for (const field of document.querySelectorAll("[data-counter]")) count(field);

  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) delete event.target.dataset.dirty;
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    const text = button.dataset.copy || location.href;
    try {
      await navigator.clipboard.writeText(text);
      window.Bellwether.toast({ text: document.getElementById("texts").dataset.copied, tone: "success" });
    } catch {
      window.prompt("", text);
    }
  });

  /* A file input with data-begins (how such a file begins) says at once that a chosen file is none, before it is sent. */
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.dataset?.begins) return;
    const [file] = input.files;
    input.setCustomValidity("");
    const other = file && !(await file.slice(0, 4).text()).startsWith(input.dataset.begins);
    if (!other || input.files[0] !== file) return;
    input.setCustomValidity(input.dataset.otherwise);
    input.reportValidity();
  });

  /* .drop around a file input: drop files on it, or use the input. */
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const box = event.target.closest?.(".drop");
      if (!box) return;
      event.preventDefault();
      box.classList.toggle("is-over", type === "dragenter" || type === "dragover");
      const input = box.querySelector("input[type=file]");
      if (type === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
})();
