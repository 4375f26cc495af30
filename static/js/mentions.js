/* Mentions: after @ in a comment, people are offered; arrows choose, Enter or Tab takes one, Escape closes. */
(() => {
  "use strict";
  let list = null;
  let asked = 0;

  const typed = (area) => /(^|\s)@([^\s@()（）]{1,40})$/.exec(area.value.slice(0, area.selectionStart));

  function close() {
    if (!list) return;
    list.previousElementSibling?.removeAttribute("aria-activedescendant");
    list.remove();
    list = null;
  }

  function choose(step) {
    const options = [...list.children];
    const now = options.findIndex((option) => option.ariaSelected === "true");
    const next = options[(now + step + options.length) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    next.scrollIntoView({ block: "nearest" });
    list.previousElementSibling.setAttribute("aria-activedescendant", next.id);
  }

  function take(area, option) {
    const found = typed(area);
    if (found) area.setRangeText(option.dataset.insert, area.selectionStart - found[2].length - 1, area.selectionStart, "end");
    close();
    area.focus();
  }

  async function offer(area) {
    const found = typed(area);
    const turn = ++asked;
    if (!found) return close();
    const answer = await fetch(`${area.dataset.mention}?q=${encodeURIComponent(found[2])}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || turn !== asked) return;
    const html = await answer.text();
    close();
    if (!html.includes("data-insert")) return;
    list = document.createElement("div");
    list.className = "mention-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", area.dataset.people);
    list.innerHTML = html;
    [...list.children].forEach((option, place) => (option.id = `mention-${place}`));
    area.after(list);
    choose(1);
  }

  document.addEventListener("input", (event) => event.target.matches?.("[data-mention]") && offer(event.target));
  document.addEventListener("keydown", (event) => {
    if (!list || !event.target.matches?.("[data-mention]")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(step);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") take(event.target, list.querySelector('[aria-selected="true"]'));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.(".mention-option");
    if (option && list) take(list.previousElementSibling, option);
    else close();
  });
})();
