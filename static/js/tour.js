// The tour works without this: it only puts the keyboard on the step and lets Escape end the tour.
const panel = document.querySelector("[data-tour]");
if (panel) {
  // After the browser has gone to the part of the page that the address names, which takes the focus away.
  window.addEventListener("load", () => panel.querySelector("h2").focus({ preventScroll: true }));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") panel.querySelector("[data-tour-end]").click();
  });
}
