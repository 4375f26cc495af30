/* Arranging a board: arrow keys on a tile press its buttons; dragging is an extra. */
(() => {
  "use strict";
  const STEPS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Delete: "remove" };
  let again = "";

  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest("[data-tile]");
    const step = STEPS[event.key];
    if (!tile || !step || event.target !== tile || event.altKey || event.ctrlKey || event.metaKey) return;
    const button = document.getElementById(`${step}-${tile.dataset.tile}`);
    if (!button) return;
    event.preventDefault();
    again = tile.id;
    if (!button.disabled) button.click();
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (again) document.getElementById(again)?.focus();
    again = "";
  });

  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-tile]") || null;
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-tile]");
    if (!dragged || !over) return;
    event.preventDefault();
    for (const one of document.querySelectorAll(".is-over")) one.classList.remove("is-over");
    over.classList.add("is-over");
  });
  document.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-tile]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const url = dragged.querySelector("form").getAttribute("action");
    const values = { action: "place", tile: dragged.dataset.tile, place: over.dataset.place };
    window.htmx.ajax("POST", url, { target: "#arrange", swap: "outerHTML", values });
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    for (const one of document.querySelectorAll(".is-over")) one.classList.remove("is-over");
  });
})();
