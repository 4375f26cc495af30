/* The frame: display preferences, menus, popovers, scrolled tables. Pages work without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const YEAR = 365 * 24 * 3600;
  const COOKIES = { theme: "bw_theme", density: "bw_density", nav: "bw_nav" };

  function setCookie(name, value) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  }

  /* Set a preference at once and keep it; the form behind the button does the same with a request. */
  function setDisplay(name, value) {
    setCookie(COOKIES[name], value);
    root.dataset[name] = value;
    for (const button of document.querySelectorAll(`[data-display] button[name="${name}"][aria-pressed]`)) {
      button.setAttribute("aria-pressed", String(button.value === value));
    }
    document.dispatchEvent(new CustomEvent("bw:display", { detail: { name, value } }));
  }

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches("form[data-display]") || !button || !(button.name in COOKIES)) return;
    event.preventDefault();
    let value = button.value;
    if (button.matches("[data-nav-toggle]")) {
      const side = document.getElementById("side");
      value = side.offsetWidth > 100 ? "rail" : "full";
    }
    setDisplay(button.name, value);
    button.closest("details.menu")?.removeAttribute("open");
  });

  /* Menus are <details>: one open at a time, closed by Escape, a click elsewhere or a choice. */
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open], details.pick[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    const item = event.target.closest("details.menu .menu-item");
    if (item && !item.matches("[aria-disabled], [data-keep-open]")) item.closest("details").open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = event.target.closest?.("details.menu[open], details.pick[open]");
    if (event.key === "Escape" && open) {
      open.open = false;
      open.querySelector("summary").focus();
      event.stopPropagation();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      moveInMenu(open, event);
    }
  });
  function moveInMenu(menu, event) {
    const items = [...menu.querySelectorAll(".menu-panel :is(a, button, input)")].filter((item) => item.offsetParent);
    if (!items.length || event.target.matches("input[type=search], input[type=text]")) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = items.indexOf(document.activeElement) + step;
    items[(next + items.length) % items.length].focus();
    event.preventDefault();
  }

  /* A popover menu opens at its button, above it when there is no room below. */
  document.addEventListener("toggle", (event) => {
    const panel = event.target;
    if (event.newState !== "open" || !panel.matches?.(".menu-panel[popover]")) return;
    const button = document.querySelector(`[popovertarget="${panel.id}"]`);
    if (!button) return;
    const at = button.getBoundingClientRect();
    const below = at.bottom + 6 + panel.offsetHeight <= innerHeight;
    const top = below ? at.bottom + 6 : Math.max(8, at.top - 6 - panel.offsetHeight);
    const left = Math.min(Math.max(8, at.left), innerWidth - panel.offsetWidth - 8);
    panel.style.top = `${top}px`;
    panel.style.left = `${left}px`;
  }, true);

  /* Sticky heads and columns cast a shadow once something lies under them. */
  document.addEventListener("scroll", (event) => {
    const wrap = event.target;
    if (!wrap.classList?.contains("tbl-wrap")) return;
    wrap.classList.toggle("is-scrolled-y", wrap.scrollTop > 0);
    wrap.classList.toggle("is-scrolled-x", wrap.scrollLeft > 0);
  }, { capture: true, passive: true });

  /* What scrolls can be reached by keyboard in every browser. */
  function reachable() {
    for (const wrap of document.querySelectorAll(".tbl-wrap:not([tabindex])")) {
      if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
    }
  }
  reachable();
  document.addEventListener("htmx:afterSettle", reachable);

  document.addEventListener("click", (event) => {
    const full = event.target.closest("[data-fullscreen]");
    if (full) {
      const box = document.getElementById(full.dataset.fullscreen);
      if (document.fullscreenElement) document.exitFullscreen();
      else box?.requestFullscreen();
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  /* Some controls mean "send this at once": page size, a filter in a menu. */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
  });

  /* In a long side bar the current page's entry is brought into sight. */
  const current = document.querySelector(".nav-link[aria-current]");
  const nav = current?.closest(".nav");
  if (nav && current.offsetTop + current.offsetHeight > nav.offsetTop + nav.clientHeight) {
    nav.scrollTop = current.offsetTop - nav.offsetTop - nav.clientHeight / 2;
  }

  /* Groups of the side bar stay as they were left. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".nav-more > summary")) return;
    setTimeout(() => {
      const open = [...document.querySelectorAll(".nav-more[open]")].map((more) => more.dataset.open);
      setCookie("bw_open", open.join("."));
    });
  });

  /* A favourite is called what the page is called. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-star]")) return;
    const title = event.target.elements.title;
    title.value = document.querySelector("h1")?.textContent.trim() || "";
    const next = location.pathname + location.search;
    event.target.elements.url.value = next;
    event.target.elements.next.value = next;
  });

  document.querySelector("[data-focus]")?.focus();
  root.classList.add("has-script");
  window.Bellwether = Object.assign(window.Bellwether || {}, { setDisplay });
})();
