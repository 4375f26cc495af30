/* Keys: search, palette, going to pages, moving in lists; lists of suggestions. Nothing here is needed to use a page. */
(() => {
  "use strict";
  const root = document.documentElement;
  const on = () => root.dataset.keys !== "off";
  const find = (selector, from = document) => from.querySelector(selector);
  const show = (url) => window.htmx.ajax("GET", url, { target: "#dialog-slot", swap: "innerHTML" });
  const SECOND = 1200;
  let went = 0;

  /* == Rows looked at last: their addresses only, and only in this browser == */
  const KEPT = "bw_recent";
  function recent() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT)) || {};
      return kept.user === root.dataset.user ? kept.rows : [];
    } catch {
      return [];
    }
  }
  const row = root.dataset.user && /^\/r\/([a-z0-9-]+\/\d+)\/$/.exec(location.pathname);
  if (row) {
    const rows = [row[1], ...recent().filter((one) => one !== row[1])].slice(0, 7);
    try {
      localStorage.setItem(KEPT, JSON.stringify({ user: root.dataset.user, rows }));
    } catch {
      // A browser that keeps nothing shows no rows looked at last.
    }
  }

  function palette() {
    const here = row ? row[1] : "";
    const rows = recent().filter((one) => one !== here).join(",");
    show(`${root.dataset.palette}?recent=${encodeURIComponent(rows)}`);
  }

  /* == A box with a list of suggestions == */
  const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
  const options = (box) => [...listOf(box).querySelectorAll("[role=option]")];
  function choose(box, option) {
    for (const one of options(box)) one.setAttribute("aria-selected", String(one === option));
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }
  const chosen = (box) => options(box).find((one) => one.getAttribute("aria-selected") === "true");
  function unfold(box, open) {
    const list = listOf(box);
    if (!list?.matches(".menu-panel")) return;
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
  }

  function inBox(event, box) {
    const all = options(box);
    const at = all.indexOf(chosen(box));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      unfold(box, true);
      choose(box, all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && at >= 0) all[at].click();
    else if (event.key === "Escape" && box.closest("dialog")) {
      // A hidden box would keep the focus, and the next key, until a frame is drawn.
      box.blur();
      box.closest("dialog").close();
    } else if (event.key === "Escape" && !listOf(box).hidden) {
      choose(box, null);
      unfold(box, false);
    } else return;
    event.preventDefault();
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const box = find(`[data-combo][aria-controls="${event.detail.target.id}"]`);
    if (!box) {
      const opened = find("#palette [data-combo]");
      if (event.detail.target.id === "dialog-slot" && opened) choose(opened, options(opened)[0]);
      return;
    }
    unfold(box, options(box).length > 0 && document.activeElement === box && box.value.trim() !== "");
    choose(box, box.closest("dialog") ? options(box)[0] : null);
  });
  document.addEventListener("focusout", (event) => {
    const box = event.target;
    if (box.matches?.("[data-combo]") && !listOf(box)?.contains(event.relatedTarget)) setTimeout(() => unfold(box, false), 150);
  });
  document.addEventListener("focusin", (event) => {
    const sheet = event.target.dataset?.sheet;
    if (!sheet || find(`link[href="${sheet}"]`)) return;
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: sheet });
    document.head.append(link);
  });

  /* == Rows of a list == */
  const rows = () => [...document.querySelectorAll("main tr[data-number]")].filter((one) => one.offsetParent);
  const current = () => document.activeElement?.closest?.("tr[data-number]");
  const name = (line) => find("a[href]:not(.cell-edit)", find("[scope=row]", line) || line) || find("a[href]", line);

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    const link = all.length && name(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
    if (!link) return false;
    link.focus();
    link.closest("tr").scrollIntoView({ block: "nearest" });
    return true;
  }
  function select() {
    const box = current() && find("[data-select]", current());
    box?.click();
    return Boolean(box);
  }
  function edit() {
    const line = current();
    // A row that is not edited in the list opens: its page has the form, where there is one.
    const link = line ? find(".cell-edit", line) || name(line) : find("main .page-actions a[href$='/edit/']");
    if (link) location.assign(link.href.split("#")[0]);
    return Boolean(link);
  }

  const KEYS = {
    "/": () => {
      const box = find("[data-search-key]");
      if (box?.offsetParent) box.focus();
      else palette();
      return true;
    },
    "?": () => show(root.dataset.keysHelp) && true,
    g: () => { went = Date.now(); return true; },
    j: () => step(1),
    k: () => step(-1),
    x: select,
    e: edit,
  };

  const typing = (at) => at.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select") || at.isContentEditable;

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (at.matches?.("[data-combo]")) inBox(event, at);
    if (!on() || event.defaultPrevented || !root.dataset.palette) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!find("#palette[open]")) palette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(at) || find("dialog[open]")) return;
    const letter = event.key.toLowerCase();
    const going = Date.now() - went < SECOND;
    went = 0;
    if (going && /^[a-z]$/.test(letter)) location.assign(`${root.dataset.go}${letter}/`);
    else if (!KEYS[event.key]?.()) return;
    event.preventDefault();
  });
})();
