// The review queue by keyboard: j and k move, Enter opens, a publishes, r returns. Without this every act is a button.
(() => {
  const items = [...document.querySelectorAll("[data-review-item]")];
  if (!items.length) return;
  const off = () => document.documentElement.dataset.keys === "off";
  const current = () => items.findIndex((item) => item.contains(document.activeElement));
  const go = (place) => {
    const item = items[Math.max(0, Math.min(items.length - 1, place))];
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };
  const acts = {
    j: (place) => go(place + 1),
    k: (place) => go(place < 0 ? 0 : place - 1),
    a: (place) => place >= 0 && items[place].querySelector("[data-review-publish]").click(),
    r: (place) => {
      if (place < 0) return;
      const part = items[place].querySelector("details");
      part.open = true;
      part.querySelector("textarea").focus();
    },
    Enter: (place) => place >= 0 && document.activeElement === items[place] && items[place].querySelector("[data-review-open]").click(),
  };
  document.addEventListener("keydown", (event) => {
    if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (!act) return;
    if (event.key !== "Enter" || document.activeElement === items[current()]) event.preventDefault();
    act(current());
  });
  const wrong = document.querySelector("[data-review-item] [aria-invalid]");
  if (wrong) wrong.focus();
})();
