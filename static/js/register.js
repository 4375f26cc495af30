/* Registers: cells edited in place, arrow keys, sorting on several columns, suggestions. Lists and forms work without it. */
(() => {
  "use strict";
  const TABLE = "table[data-grid]";
  const before = new WeakMap();
  let following = null;

  /* == Editing a cell == */
  const editing = () => document.querySelector(`${TABLE} td.is-editing, ${TABLE} th.is-editing`);

  function open(cell) {
    const now = editing();
    if (now === cell) return;
    if (now) close(now);
    const row = cell.closest("tr");
    const query = new URLSearchParams(location.search);
    query.set("n", row.dataset.number);
    query.set("_units", row.closest("table").dataset.units || "");
    before.set(cell, [...cell.childNodes]);
    window.htmx.ajax("GET", `${cell.dataset.edit}?${query}`, { target: cell, swap: "innerHTML" });
  }

  function settle(cell) {
    cell.classList.add("is-editing");
    const input = cell.querySelector("[data-cell-input]");
    if (!input) return;
    input.dataset.first = valueOf(input);
    input.focus();
    if (input.select) input.select();
    place(cell);
  }

  /* The notes go above or to the left where there is no room below or to the right. */
  function place(cell) {
    const note = cell.querySelector(".cell-pop");
    const wrap = cell.closest(".tbl-wrap");
    if (!note || !wrap) return;
    const room = wrap.getBoundingClientRect().bottom - cell.getBoundingClientRect().bottom;
    const right = wrap.getBoundingClientRect().right - cell.getBoundingClientRect().left;
    note.classList.toggle("is-left", right < note.offsetWidth + 8);
    note.classList.toggle("is-above", room < note.offsetHeight + 8 && cell.offsetTop > note.offsetHeight + 40);
  }

  function close(cell) {
    const old = before.get(cell);
    if (old) cell.replaceChildren(...old);
    cell.classList.remove("is-editing");
  }

  const valueOf = (input) => (input.type === "checkbox" ? String(input.checked) : input.value);
  const changed = (cell) => {
    const input = cell.querySelector("[data-cell-input]");
    return input && valueOf(input) !== input.dataset.first;
  };

  function save(cell) {
    if (cell.querySelector(".cell-note.bad") || changed(cell)) cell.querySelector("form").requestSubmit();
    else {
      close(cell);
      go(cell);
    }
  }

  /* After a save: on to the cell that Tab asked for, or stay. */
  function go(cell) {
    const target = following && document.querySelector(following);
    following = null;
    if (target?.dataset.edit) open(target);
    else focus(cell);
  }

  function neighbour(cell, step) {
    const cells = [...cell.closest("table").querySelectorAll("[data-edit]")];
    const next = cells[cells.indexOf(cell) + step];
    return next ? `#${next.closest("tr").id} [data-field="${next.dataset.field}"]` : null;
  }

  document.addEventListener("click", (event) => {
    const cell = event.target.closest(`${TABLE} [data-edit]`);
    if (!cell || event.target.closest(".cell-form") || event.ctrlKey || event.metaKey) return;
    const link = event.target.closest("a");
    if (link && !link.matches(".cell-edit")) return;
    if (String(getSelection()) && !link) return;
    event.preventDefault();
    open(cell);
  });

  document.addEventListener("focusout", (event) => {
    const cell = event.target.closest?.(".is-editing");
    if (!cell || !event.relatedTarget || cell.contains(event.relatedTarget)) return;
    if (changed(cell)) cell.querySelector("form").requestSubmit();
    else if (!cell.querySelector(".cell-note.bad")) close(cell);
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches(".cell-form")) event.preventDefault();
  });

  document.addEventListener("bw:cell-saved", (event) => {
    const { pk, field } = event.detail;
    const cell = document.querySelector(`#row-${pk} [data-field="${field}"]`);
    if (!cell) return;
    cell.classList.add("is-saved");
    go(cell);
  });

  /* Only once htmx has taken the new form in hand: before, Enter would send it as a page. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const cell = event.detail.target;
    if (!cell) return ready();
    if (cell.matches?.("[data-field]") && cell.querySelector(".cell-form")) settle(cell);
    if (cell.id === "register-area" || cell.closest?.(TABLE)) ready();
  });

  /* == Keys == */
  function focus(cell) {
    if (!cell) return;
    for (const other of cell.closest("table").querySelectorAll('[tabindex="0"]')) {
      if (other.matches("td, th")) other.tabIndex = -1;
    }
    cell.tabIndex = 0;
    cell.focus();
  }

  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function move(cell, [down, right]) {
    const rows = [...cell.closest("table").querySelectorAll("tr[data-number]")].filter((row) => row.offsetParent);
    const line = cell.closest("tr");
    const row = rows[rows.indexOf(line) + down];
    const target = row?.cells[cell.cellIndex + right];
    if (target) focus(target);
  }

  function inEditor(event, cell) {
    const area = event.target.matches("textarea");
    if (event.key === "Escape") {
      close(cell);
      focus(cell);
    } else if (event.key === "Enter" && (!area || event.ctrlKey)) {
      save(cell);
    } else if (event.key === "Tab") {
      following = neighbour(cell, event.shiftKey ? -1 : 1);
      save(cell);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  document.addEventListener("keydown", (event) => {
    const edited = event.target.closest?.(".is-editing");
    if (edited) return inEditor(event, edited);
    const cell = event.target.closest?.(`${TABLE} tr[data-number] > *`);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in MOVES) {
      event.preventDefault();
      move(cell, MOVES[event.key]);
    } else if (event.target === cell && (event.key === "Enter" || event.key === "F2")) {
      event.preventDefault();
      if (cell.dataset.edit) open(cell);
      else cell.querySelector("a")?.click();
    }
  });

  /* One cell of the table can be reached with Tab; the arrows go on from there. */
  function ready() {
    for (const table of document.querySelectorAll(TABLE)) {
      if (table.querySelector('tr[data-number] > [tabindex="0"]')) continue;
      const first = table.querySelector("tr[data-number] > [data-field]");
      if (first) first.tabIndex = 0;
    }
  }

  /* == Sorting, grouping, columns == */
  document.addEventListener("click", (event) => {
    const head = event.target.closest("a[data-add-sort]");
    if (head && event.shiftKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      location.assign(head.dataset.addSort);
    }
  }, true);

  document.addEventListener("click", (event) => {
    const twist = event.target.closest("[data-twist]");
    if (twist) {
      const shown = twist.getAttribute("aria-expanded") !== "true";
      twist.setAttribute("aria-expanded", String(shown));
      twist.closest("tbody").nextElementSibling.hidden = !shown;
    }
    const step = event.target.closest("[data-move]");
    if (step) {
      const item = step.closest("li");
      if (step.dataset.move === "-1") item.previousElementSibling?.before(item);
      else item.nextElementSibling?.after(item);
      step.focus();
    }
    const tab = event.target.closest("a[data-tab]");
    if (tab) {
      for (const other of tab.parentElement.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
      tab.setAttribute("aria-current", "page");
    }
  });

  /* Empty filters stay out of the address. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form.filters")) return;
    const sent = event.detail.parameters;
    for (const name of new Set(sent.keys())) {
      const values = sent.getAll(name).filter((value) => value !== "");
      sent.delete(name);
      for (const value of values) sent.append(name, value);
    }
  });

  /* == Suggestions for records == */
  let timer = 0;
  async function suggest(input) {
    const list = input.list;
    const url = input.dataset.options || list?.dataset.options;
    if (!list || !url || list.dataset.term === input.value) return;
    list.dataset.term = input.value;
    const answer = await fetch(`${url}?term=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) list.innerHTML = await answer.text();
  }
  const suggests = (element) => element.matches?.("input[data-options], input[data-lookup]");
  document.addEventListener("focusin", (event) => {
    if (suggests(event.target)) suggest(event.target);
  });
  document.addEventListener("input", (event) => {
    if (!suggests(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(() => suggest(event.target), 200);
  });

  ready();
})();
