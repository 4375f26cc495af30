/* The outline of a draft: a list that draws only the rows in sight; every key has a button. Typed text stays until it is saved. */
(() => {
  "use strict";
  const root = document.getElementById("outline");
  if (!root) return;
  const say = root.dataset;
  const part = (name) => root.querySelector(`[data-${name}]`);
  const grid = part("grid-outline");
  const space = part("space");
  const note = part("note");
  const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const HEIGHT = 32;
  const COLUMNS = ["name", "duration", "start", "finish", "predecessors", "percent", "milestone", "responsible"];
  const SUMMARY = 1, MILESTONE = 2, CRITICAL = 4;
  const FIXED = new Set(["duration", "start", "finish", "percent", "milestone"]);
  const [ID, POSITION, LEVEL, FLAGS, NAME, DURATION, START, FINISH, PERCENT, WHO, LINKS, VERSION, CODE] = Array(13).keys();
  let rows = [], order = [], seen = [], codes = [], seq = say.seq, at = null, column = 0, editor = null, early = null;
  const byId = new Map(), number = new Map(), closed = new Set(), unsaved = new Map();

  /* == The rows == */
  function arrange() {
    rows = [...byId.values()].sort((one, two) => one[POSITION] - two[POSITION] || one[ID] - two[ID]);
    number.clear();
    codes = new Map();
    seen = [];
    const stack = [[0, 0, ""]];
    let hidden = 0;
    rows.forEach((row, index) => {
      number.set(row[ID], index + 1);
      let count = 0;
      while (stack.at(-1)[0] >= row[LEVEL]) count = stack.pop()[1];
      const above = stack.at(-1)[2];
      const code = above ? `${above}.${count + 1}` : String(count + 1);
      stack.push([row[LEVEL], count + 1, code]);
      codes.set(row[ID], row[CODE] || code);
      if (hidden && row[LEVEL] > hidden) return;
      hidden = closed.has(row[ID]) ? row[LEVEL] : 0;
      seen.push(row);
    });
    order = new Map(seen.map((row, index) => [row[ID], index]));
    if (at !== null && !order.has(at)) at = seen[0]?.[ID] ?? null;
    part("total")?.replaceChildren(String(rows.length));
    const total = document.querySelector("[data-total]");
    if (total) total.textContent = rows.length;
    grid.setAttribute("aria-rowcount", rows.length + 1);
    space.style.height = `${Math.max(seen.length, 1) * HEIGHT}px`;
  }

  const links = (row) => row[LINKS].map(([key, rest]) => `${number.get(key) ?? "?"}${rest}`).join(", ");
  const value = (row, name) => ({
    name: row[NAME], duration: row[DURATION], start: row[START], finish: row[FINISH], predecessors: links(row),
    percent: row[PERCENT] === null ? "" : String(row[PERCENT]), milestone: row[FLAGS] & MILESTONE ? "1" : "", responsible: row[WHO],
  })[name];

  const isFixed = (row, name) => FIXED.has(name) && row[FLAGS] & SUMMARY;
  const fixed = (row) => say.sayFixed.replace("{row}", number.get(row[ID]));
  const ofRow = (id, text) => (number.has(id) ? say.sayRow.replace("{row}", number.get(id)).replace("{text}", () => text) : text);

  function draw() {
    const first = Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - 8);
    const last = Math.min(seen.length, first + Math.ceil(grid.clientHeight / HEIGHT) + 16);
    const held = grid.contains(document.activeElement);
    const lines = [];
    for (let index = first; index < last; index += 1) lines.push(line(seen[index], index));
    if (editor && !seen.slice(first, last).some((row) => row[ID] === editor.row)) keepTyped();
    const typing = editor?.input.closest(".plan-line");
    if (typing) renew(typing, lines);
    else space.replaceChildren(...lines);
    const spot = cellOf(at, column);
    grid.tabIndex = spot ? -1 : 0; // keys go on where the row at hand is scrolled out of sight
    if (editor) mount();
    else if (held) (spot || grid).focus({ preventScroll: true });
  }

  /* All lines anew but for the field that is typed in: taken out of the page it would lose the focus, and an input method its word. */
  function renew(kept, lines) {
    const place = lines.findIndex((one) => one.dataset.row === kept.dataset.row);
    const fresh = lines[place];
    kept.className = fresh.className;
    kept.style.top = fresh.style.top;
    for (const name of ["aria-rowindex", "aria-level", "aria-selected", "aria-expanded"]) {
      if (fresh.hasAttribute(name)) kept.setAttribute(name, fresh.getAttribute(name));
      else kept.removeAttribute(name);
    }
    const cells = [...fresh.children];
    [...kept.children].forEach((cell, index) => {
      if (cell.contains(editor.input)) cell.style.paddingLeft = cells[index].style.paddingLeft;
      else cell.replaceWith(cells[index]);
    });
    for (const one of [...space.children]) if (one !== kept) one.remove();
    kept.before(...lines.slice(0, place));
    kept.after(...lines.slice(place + 1));
  }

  function element(tag, css, role, text = "") {
    const made = document.createElement(tag);
    made.className = css;
    if (role) made.setAttribute("role", role);
    made.textContent = text;
    return made;
  }

  function line(row, index) {
    const box = element("div", "plan-line", "row");
    const summary = row[FLAGS] & SUMMARY;
    box.style.top = `${index * HEIGHT}px`;
    box.dataset.row = row[ID];
    box.classList.toggle("is-summary", Boolean(summary));
    box.classList.toggle("is-at", row[ID] === at);
    box.setAttribute("aria-rowindex", number.get(row[ID]) + 1);
    box.setAttribute("aria-level", row[LEVEL]);
    if (row[ID] === at) box.setAttribute("aria-selected", "true");
    if (summary) box.setAttribute("aria-expanded", String(!closed.has(row[ID])));
    box.append(element("span", "num muted", "gridcell", number.get(row[ID])), element("span", "muted", "gridcell", codes.get(row[ID])));
    COLUMNS.forEach((name, place) => box.append(cell(row, name, place)));
    return box;
  }

  function cell(row, name, place) {
    const kept = unsaved.get(`${row[ID]} ${name}`);
    const box = element("span", "plan-cell", "gridcell");
    box.dataset.column = name;
    box.tabIndex = row[ID] === at && place === column ? 0 : -1;
    if (name === "name") {
      box.style.paddingLeft = `${(row[LEVEL] - 1) * 16 + 4}px`;
      const twist = element(row[FLAGS] & SUMMARY ? "button" : "span", "plan-twist", "");
      if (row[FLAGS] & SUMMARY) {
        twist.type = "button";
        twist.tabIndex = -1;
        twist.dataset.fold = row[ID];
        twist.textContent = closed.has(row[ID]) ? "▸" : "▾";
        twist.setAttribute("aria-label", closed.has(row[ID]) ? say.sayOpen : say.sayClose);
      }
      box.append(twist, element("span", "", "", kept ? kept.text : row[NAME] || say.sayUntitled));
      if (row[FLAGS] & CRITICAL) box.append(element("span", "badge badge-critical", "", say.sayCritical));
    } else if (name === "milestone") {
      box.textContent = row[FLAGS] & MILESTONE ? "◆" : "";
      if (row[FLAGS] & MILESTONE) box.setAttribute("aria-label", say.sayMilestone);
    } else box.textContent = kept ? kept.text : value(row, name);
    if (["duration", "percent"].includes(name)) box.classList.add("num");
    if (isFixed(row, name)) {
      box.setAttribute("aria-readonly", "true");
      box.title = fixed(row);
    }
    if (kept) {
      box.classList.add("is-wrong");
      box.setAttribute("aria-invalid", "true");
      box.title = kept.message;
    }
    return box;
  }

  const cellOf = (id, place) => space.querySelector(`[data-row="${id}"] [data-column="${COLUMNS[place]}"]`);

  function go(id, place = column) {
    if (id === null || id === undefined || !order.has(id)) return;
    at = id;
    column = Math.max(0, Math.min(COLUMNS.length - 1, place));
    const top = order.get(id) * HEIGHT;
    const room = grid.clientHeight - HEIGHT;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + HEIGHT > grid.scrollTop + room) grid.scrollTop = top + HEIGHT - room;
    draw();
    cellOf(at, column)?.focus({ preventScroll: true });
  }
  const step = (by) => go(seen[Math.max(0, Math.min(seen.length - 1, (order.get(at) ?? 0) + by))]?.[ID]);

  /* == Typing into a cell == */
  function edit(first = null) {
    const row = byId.get(at);
    const name = COLUMNS[column];
    if (!row) return;
    if (isFixed(row, name)) return tell(fixed(row));
    if (name === "milestone") return void act("edit", { row: at, field: name, value: row[FLAGS] & MILESTONE ? "" : "1", version: row[VERSION] });
    const kept = unsaved.get(`${at} ${name}`);
    const input = element("input", "plan-input", "");
    input.type = name === "start" || name === "finish" ? "date" : "text";
    input.setAttribute("aria-label", grid.querySelector(`.plan-head [data-column="${name}"]`).textContent);
    if (name === "responsible") {
      input.setAttribute("list", "plan-people");
      input.dataset.lookup = "1";
    }
    const was = value(row, name);
    input.value = kept ? kept.text : was;
    if (first !== null && input.type === "text") input.value = first;
    editor = { row: at, name, column, input, was, message: kept?.message || "" };
    mount();
    input.focus();
    if (first === null && input.type === "text") input.select();
    tell(editor.message && ofRow(at, editor.message), Boolean(editor.message));
  }

  function mount() {
    const box = cellOf(editor.row, editor.column);
    if (!box || box.contains(editor.input)) return;
    box.classList.add("is-editing");
    box.replaceChildren(editor.input);
  }

  function keepTyped() {
    const { row, name, input, was, message } = editor;
    if (input.value !== was) unsaved.set(`${row} ${name}`, { text: input.value, message });
    editor = null;
  }

  function close(save) {
    if (!editor) return;
    const { row, name, input, was } = editor;
    const key = `${row} ${name}`;
    editor = null;
    if (!save || (input.value === was && !unsaved.has(key))) unsaved.delete(key);
    else {
      unsaved.set(key, { text: input.value, message: "" });
      act("edit", { row, field: name, value: input.value, key });
    }
    draw();
  }

  /* == Operations, one after the other == */
  let queue = Promise.resolve();
  function act(name, sent = {}) {
    queue = queue.then(() => send(name, sent));
    return queue;
  }

  async function send(name, { key = "", ...sent }) {
    const row = byId.get(sent.row);
    const body = new URLSearchParams({ act: name, seq, csrfmiddlewaretoken: token });
    for (const [field, text] of Object.entries(sent)) if (text !== null && text !== undefined) body.set(field, text);
    if (name === "edit" && row) body.set("version", row[VERSION]);
    let answer, data;
    try {
      answer = await fetch(say.act, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
      data = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : null;
    } catch {
      return refuse(key, say.sayOffline);
    }
    if (!data) return refuse(key, say.saySignedOut);
    if (answer.status === 409) {
      for (const one of data.rows) byId.set(one[ID], one);
      arrange();
      return refuse(key, data.text, sent.row);
    }
    if (data.preview) return preview(sent);
    if (!answer.ok) return refuse(key, data.text, name === "paste" ? null : sent.row);
    if (key && unsaved.get(key)?.text === sent.value) unsaved.delete(key);
    tell("");
    take(data);
    if (data.behind) {
      tell(say.sayBehind);
      await load();
    }
    if (name === "delete") tell(say.sayDeleted);
    if (name === "above" || name === "below") {
      if (editor) close(true);
      go(data.row, 0);
      edit(early || null);
      early = null;
    } else if (name !== "edit" && !editor) go(order.has(data.row) ? data.row : at);
    else draw();
  }

  function take(data) {
    seq = data.seq;
    for (const row of data.rows) byId.set(row[ID], row);
    for (const [id, position, level, summary] of data.shapes || []) {
      const row = byId.get(id);
      if (row) Object.assign(row, { [POSITION]: position, [LEVEL]: level, [FLAGS]: (row[FLAGS] & ~SUMMARY) | summary });
    }
    const gone = new Set(data.gone || []);
    for (const id of gone) {
      byId.delete(id);
      closed.delete(id);
    }
    if (gone.size) for (const row of byId.values()) row[LINKS] = row[LINKS].filter(([one]) => !gone.has(one));
    const shown = data.row && byId.get(data.row);
    if (shown) closed.delete(shown[ID]);
    arrange();
    history(data);
  }

  function refuse(key, text, id = null) {
    if (key && unsaved.has(key)) unsaved.get(key).message = text;
    tell(ofRow(id, text), true);
    draw();
  }

  function tell(text, bad = false) {
    note.textContent = text;
    note.hidden = !text;
    note.classList.toggle("is-bad", bad);
  }

  function history(data) {
    for (const name of ["undo", "redo"]) {
      for (const button of root.querySelectorAll(`[data-act="${name}"]`)) {
        button.setAttribute("aria-disabled", String(!data[name]));
        button.title = data[name] || "";
      }
    }
  }

  function preview({ row, value: text }) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = root.querySelector("[data-paste]").href;
    for (const [name, one] of Object.entries({ csrfmiddlewaretoken: token, row: row ?? "", value: text })) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = one;
      form.append(field);
    }
    form.hidden = true;
    document.body.append(form);
    form.submit();
  }

  function fold(id, open = closed.has(id)) {
    const row = byId.get(id);
    if (!row || !(row[FLAGS] & SUMMARY)) return false;
    if (open) closed.delete(id);
    else closed.add(id);
    arrange();
    go(order.has(at) ? at : id);
    return true;
  }

  function run(name) {
    if (name === "edit") return edit();
    if (name === "fold") return fold(at);
    if (name === "all") {
      if (closed.size) closed.clear();
      else for (const row of rows) if (row[FLAGS] & SUMMARY) closed.add(row[ID]);
      arrange();
      return go(at);
    }
    if (name === "milestone") {
      column = COLUMNS.indexOf(name);
      return edit();
    }
    close(true);
    if (name === "above" || name === "below") early = "";
    return act(name, ["undo", "redo"].includes(name) ? {} : { row: at }).finally(() => { early = null; });
  }

  /* == Keys == */
  /* The next column that is typed in: a milestone is switched on purpose, a summary's sums are not typed. */
  function beside(by) {
    let place = column;
    do place += by;
    while (COLUMNS[place] === "milestone" || (COLUMNS[place] && isFixed(byId.get(at), COLUMNS[place])));
    return COLUMNS[place] ? place : column;
  }

  function typed(event) {
    if (event.key === "Escape") close(false);
    else if (event.key === "Enter") {
      close(true);
      if (order.get(at) === seen.length - 1 && column === 0) run("below");
      else step(1);
    } else if (event.key === "Tab") {
      close(true);
      go(at, beside(event.shiftKey ? -1 : 1));
      edit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      if (editor.input.type === "date" || editor.input.list) return;
      close(true);
      step(event.key === "ArrowUp" ? -1 : 1);
    } else return;
    event.preventDefault();
    if (!editor) cellOf(at, column)?.focus({ preventScroll: true });
  }

  const page = () => Math.max(1, Math.floor(grid.clientHeight / HEIGHT) - 2);
  const PLAIN = {
    ArrowUp: () => step(-1), ArrowDown: () => step(1), ArrowLeft: () => go(at, column - 1), ArrowRight: () => go(at, column + 1),
    PageUp: () => step(-page()), PageDown: () => step(page()), Home: () => go(at, 0), End: () => go(at, COLUMNS.length - 1),
    Enter: () => edit(), F2: () => edit(), Insert: () => run("above"), Delete: () => run("delete"), Tab: () => run("indent"),
    Escape: () => root.querySelector('[data-tools] [data-act="below"]').focus(),
  };
  const CONTROL = {
    ArrowUp: () => run("up"), ArrowDown: () => run("down"), ArrowLeft: () => fold(at, false), ArrowRight: () => fold(at, true),
    Enter: () => run("below"), Home: () => go(seen[0]?.[ID], 0), End: () => go(seen.at(-1)?.[ID], 0),
    z: () => run("undo"), y: () => run("redo"), Z: () => run("redo"),
  };

  grid.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (editor && event.target === editor.input) return typed(event);
    // An input method takes the key itself: the cell opens, and the key goes into its field.
    if (event.key === "Process" || event.keyCode === 229) return edit("");
    const control = event.ctrlKey || event.metaKey || event.altKey;
    const known = event.shiftKey && event.key === "Tab" ? () => run("outdent") : (control ? CONTROL : PLAIN)[event.key];
    if (known) known();
    else if (!control && early !== null && event.key.length === 1) early += event.key;
    else if (!control && event.key.length === 1 && event.key !== " ") edit(event.key);
    else if (event.key === " " && !control) edit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    close(true);
    act("paste", { row: at, value: text });
  });

  grid.addEventListener("mousedown", (event) => {
    const box = event.target.closest("[data-column]");
    const row = event.target.closest("[data-row]");
    if (!box || !row || event.target === editor?.input || event.target.closest("[data-fold]")) return;
    event.preventDefault();
    close(true);
    const id = Number(row.dataset.row), place = COLUMNS.indexOf(box.dataset.column);
    const again = id === at && place === column && box === document.activeElement;
    go(id, place);
    if (again) edit();
  });
  root.addEventListener("click", (event) => {
    const twist = event.target.closest("[data-fold]");
    if (twist) return void fold(Number(twist.dataset.fold));
    const paste = event.target.closest("a[data-paste]");
    if (paste && at !== null) {
      event.preventDefault();
      location.assign(`${paste.href}?row=${at}`);
      return;
    }
    const button = event.target.closest("button[data-act]");
    if (!button || button.closest("form")) return;
    button.closest("details")?.removeAttribute("open");
    if (button.getAttribute("aria-disabled") !== "true") run(button.dataset.act);
  });
  grid.addEventListener("focusout", (event) => {
    if (editor && event.target === editor.input && event.relatedTarget && !grid.contains(event.relatedTarget)) close(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (editor && editor.input.value !== editor.was) close(true);
    if (unsaved.size) event.preventDefault();
  });
  grid.addEventListener("input", async (event) => {
    if (!event.target.dataset.lookup) return;
    const answer = await fetch(`${say.people}?term=${encodeURIComponent(event.target.value)}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) document.getElementById("plan-people").innerHTML = await answer.text();
  });
  let waiting = false;
  grid.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  });
  window.addEventListener("resize", draw);

  /* == Begin == */
  async function load() {
    let from = 0, data;
    const found = new Map();
    do {
      const answer = await fetch(`${say.rows}?from=${from}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return tell(say.sayOffline, true);
      data = await answer.json();
      for (const row of data.rows) found.set(row[ID], row);
      if (!byId.size && from === 0) start(found, data);
      from = data.next;
    } while (from !== null);
    byId.clear();
    for (const [id, row] of found) byId.set(id, row);
    seq = data.seq;
    arrange();
    history(data);
    draw();
    root.dataset.ready = rows.length;
  }

  function start(found, data) {
    root.querySelector("[data-plain]").hidden = true;
    for (const name of ["tools", "keys", "grid-outline"]) part(name).hidden = false;
    for (const [id, row] of found) byId.set(id, row);
    history(data);
    arrange();
    at = seen[0]?.[ID] ?? null;
    draw();
  }

  load();
})();
