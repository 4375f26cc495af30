/*
 * Draws the Plotly figures of a page when they come into view, at most eight at a time; the one seen longest ago makes
 * room. The figure stands as JSON in data-figure: it needs no second request that would have to check access again, no
 * script element, and htmx may swap it in. Colours are names of CSS custom properties, "var(--c1)", looked up when
 * drawing, so a figure follows the theme. Where Plotly cannot be loaded the figure's data table is opened instead.
 */
(() => {
  "use strict";

  const LIMIT = 8;
  const TOKEN = /^var\((--[a-z0-9-]+)\)$/;
  const live = new Set();
  const visible = new Set();
  let library = null;

  const figureOf = (box) => JSON.parse(box.dataset.figure);

  function addElement(name, attributes) {
    return new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(name), attributes);
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => {
        element.remove();
        reject(new Error(`cannot load ${attributes.src || attributes.href}`));
      });
      document.head.append(element);
    });
  }

  function load(box) {
    if (!library) {
      // An element with this id and class, or with one of the ids, makes Plotly leave out the rules that the content
      // security policy would block. The sheet must be there before Plotly measures.
      for (const id of box.dataset.plotlyIds.split(" ")) document.head.append(Object.assign(document.createElement("meta"), { id }));
      const sheet = { rel: "stylesheet", href: box.dataset.plotlyCss, id: "plotly.js-style-global", className: "no-inline-styles" };
      library = addElement("link", sheet)
        .then(() => addElement("script", { src: box.dataset.plotlySrc }))
        .then(() => window.Plotly);
      library.catch(() => { library = null; });
    }
    return library;
  }

  // Plotly wants plain colours: names are looked up in the page, wherever a key speaks of a colour.
  function paint(value, key, style) {
    if (Array.isArray(value)) return value.map((item) => paint(item, key, style));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, paint(item, name, style)]));
    }
    if (typeof value !== "string" || !key.endsWith("color")) return value;
    const token = TOKEN.exec(value);
    return token ? style.getPropertyValue(token[1]).trim() || "#777" : value;
  }

  function painted(box) {
    const style = getComputedStyle(box);
    const figure = figureOf(box);
    figure.data = paint(figure.data, "", style);
    figure.layout = paint(figure.layout, "", style);
    for (const owner of [figure.layout, figure.layout.hoverlabel]) owner.font.family = style.fontFamily;
    // A finger scrolls the page; zooming is left to the buttons.
    if (matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false;
    return figure;
  }

  // The server makes ticks for three zoom levels; take the coarsest that has four in view.
  function chooseTicks(box) {
    const levels = (box.layout.meta || {}).ticks || {};
    const changes = {};
    for (const [name, choices] of Object.entries(levels)) {
      const [low, high] = box.layout[name].range;
      const inView = (choice) => choice.vals.filter((value) => value >= low && value <= high).length;
      const choice = choices.find((one) => inView(one) >= 4) || choices[choices.length - 1];
      if (box.layout[name].tickvals.length !== choice.vals.length) {
        changes[`${name}.tickvals`] = choice.vals;
        changes[`${name}.ticktext`] = choice.texts;
      }
    }
    if (Object.keys(changes).length) window.Plotly.relayout(box, changes);
  }

  function drillDown(event) {
    const point = event.points[0];
    const href = point && point.data.meta && point.data.meta.hrefs && point.data.meta.hrefs[point.pointNumber];
    if (href && href.startsWith("/") && !href.startsWith("//")) location.assign(href);
  }

  function release(box) {
    const height = box.offsetHeight;
    window.Plotly.purge(box);
    box.style.minHeight = `${height}px`;
    delete box.dataset.drawn;
    live.delete(box);
  }

  function makeRoom() {
    for (const box of live) if (!box.isConnected) release(box);
    if (live.size < LIMIT) return true;
    const hidden = [...live].find((box) => !visible.has(box));
    if (hidden) release(hidden);
    return Boolean(hidden);
  }

  function openData(box) {
    const figure = box.closest("figure");
    figure.querySelector(".fig-failed").hidden = false;
    figure.querySelector(".fig-data").open = true;
    box.hidden = true;
  }

  async function newPlot(Plotly, box) {
    const figure = painted(box);
    box.querySelector(".fig-hold")?.remove();
    await Plotly.newPlot(box, figure.data, figure.layout, figure.config);
    box.classList.toggle("is-linked", figure.data.some((trace) => trace.meta && trace.meta.hrefs));
    box.on("plotly_relayout", () => chooseTicks(box));
    box.on("plotly_click", drillDown);
    box.dataset.drawn = "";
  }

  async function draw(box) {
    try {
      const Plotly = await load(box);
      if (live.has(box) || !box.isConnected || !visible.has(box)) return;
      if (!makeRoom()) {
        openData(box);
        return;
      }
      live.add(box);
      await newPlot(Plotly, box);
    } catch (error) {
      live.delete(box);
      console.error(error);
      openData(box);
    }
  }

  function redraw() {
    for (const box of [...live]) {
      if (!box.isConnected) continue;
      const figure = painted(box);
      window.Plotly.react(box, figure.data, figure.layout, figure.config).then(() => chooseTicks(box));
    }
  }

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const box = entry.target;
      if (entry.isIntersecting) {
        visible.add(box);
        draw(box);
      } else {
        visible.delete(box);
      }
    }
  }, { rootMargin: "120px" });

  function watch(root) {
    const boxes = [...root.querySelectorAll("[data-figure]")];
    if (root.matches && root.matches("[data-figure]")) boxes.push(root);
    for (const box of boxes) watcher.observe(box);
  }

  // Paper is narrower than the screen: with a view box the style sheet can fit the drawing to its card.
  function setViewBoxes(paper) {
    for (const svg of document.querySelectorAll(".js-plotly-plot .main-svg")) {
      if (paper) svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      else svg.removeAttribute("viewBox");
    }
  }

  // Paper is light: the dark tokens hold on screens only, so what is drawn must be drawn again.
  function printed(paper) {
    const root = document.documentElement;
    if (paper) {
      root.dataset.themeBeforePrint = root.dataset.theme || "";
      root.dataset.theme = "light";
      for (const box of document.querySelectorAll("[data-figure]:not([data-drawn])")) {
        box.closest("figure").querySelector(".fig-data").open = true;
      }
    } else {
      root.dataset.theme = root.dataset.themeBeforePrint;
      delete root.dataset.themeBeforePrint;
    }
    redraw();
    setViewBoxes(paper);
  }

  function start() {
    watch(document);
    document.addEventListener("htmx:load", (event) => watch(event.detail.elt));
    new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    addEventListener("beforeprint", () => printed(true));
    addEventListener("afterprint", () => printed(false));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
