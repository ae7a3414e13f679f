/* Plots: a picture of lines over commits, dates or sizes, that can be zoomed, pointed at, read as a
table, and used with the keyboard. */
"use strict";

const Plots = (() => {
  const { el } = Elements;
  const KEYS =
    "Left and right go along the points, up and down to another line, Enter opens, plus and minus zoom, 0 shows all.";

  /** @type {WeakMap<HTMLElement, Plot>} */
  const drawn = new WeakMap();

  /** Draws into an element, or draws it anew; what is zoomed to stays, unless `view` says another.
      `label`: what the plot shows; `hasTools`: buttons to zoom with; `onView`: called when somebody
      zooms.
      @param {HTMLElement} container @param {string} label @param {Drawing} drawing
      @param {{view?: PlotView, onView?: (view: PlotView) => void, hasTools?: boolean}} [options] */
  function draw(container, label, drawing, { view, onView, hasTools = false } = {}) {
    const found = drawn.get(container);
    const plot = found ?? made(container, hasTools);
    drawn.set(container, plot);
    Object.assign(plot, { drawing, label, onView });
    plot.view = view ?? plot.view;
    plot.area.setAttribute("aria-label", `${label}. ${KEYS}`);
    plot.redraw();
    if (!found) watchSize(plot);
  }

  /** @param {HTMLElement} container @param {boolean} hasTools @returns {Plot} */
  function made(container, hasTools) {
    const area = el("div", { class: "plot-area", tabindex: 0, role: "application" });
    const tip = el("div", { class: "plot-tip", hidden: true });
    const live = el("p", { class: "visually-hidden", "aria-live": "polite" });
    const legend = el("ul", { class: "plot-legend" });
    const tools = el("div", { class: "plot-tools", role: "group", "aria-label": "Zoom" });
    /** @type {Plot} */
    const plot = {
      ...{ area, tip, live, legend, tools, hasTools, label: "", view: {}, hidden: new Set() },
      ...{ stop: null, cursor: Svg.shape("g"), onView: undefined },
      drawing: /** @type {Drawing} */ ({}),
      places: /** @type {Places} */ ({}),
      values: /** @type {Plot["values"]} */ ({}),
      redraw: () => redraw(plot),
      show(next) {
        plot.view = next;
        plot.redraw();
        plot.onView?.(next);
      },
    };
    plot.values = PlotValues.part(plot);
    tools.append(...PlotZoom.tools(plot));
    area.append(tip);
    container.replaceChildren(tools, legend, area, live, plot.values.details);
    listen(plot);
    return plot;
  }

  /** @param {Plot} plot */
  function redraw(plot) {
    const { area, drawing, view, hidden } = plot;
    const size = { width: area.clientWidth, height: area.clientHeight };
    if (size.width < 50) return;
    plot.places = PlotPlaces.layOut(drawing, view, hidden, size);
    const { svg, cursor } = PlotPicture.picture(drawing, plot.places);
    area.querySelector("svg.plot-picture")?.remove();
    area.prepend(svg);
    plot.cursor = cursor;
    const isZoomed = Object.keys(view).length > 0;
    plot.tools.hidden = !plot.hasTools && !isZoomed;
    plot.tools.classList.toggle("zoomed", isZoomed);
    PlotCursor.show(plot, null, false);
    PlotLegend.show(plot);
    PlotValues.show(plot);
  }

  /** Draws anew when the place becomes wider or narrower.
      @param {Plot} plot */
  function watchSize(plot) {
    new ResizeObserver(() => {
      if (plot.area.clientWidth !== plot.places.size?.width) plot.redraw();
    }).observe(plot.area);
  }

  /** @param {Plot} plot */
  function listen(plot) {
    const { area } = plot;
    /** @type {Place | null} */
    let from = null;
    let isDragged = false;
    let isTouch = false;
    /** @param {MouseEvent} event @returns {Place} */
    const placeOf = ({ clientX, clientY }) => {
      const { left, top } = area.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top };
    };
    /** @param {Event} event */
    const isOfTip = ({ target }) => target instanceof Node && plot.tip.contains(target);

    area.addEventListener("pointerdown", (event) => {
      isTouch = event.pointerType === "touch";
      isDragged = false;
      if (isTouch || event.button !== 0 || isOfTip(event)) return;
      from = placeOf(event);
      area.setPointerCapture(event.pointerId);
    });
    area.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || isOfTip(event)) return;
      const place = placeOf(event);
      if (from && (isDragged || PlotZoom.isDrag(from, place))) {
        if (!isDragged) PlotCursor.show(plot, null, false);
        isDragged = true;
        PlotZoom.mark(plot, from, place);
      } else PlotCursor.hover(plot, place);
    });
    area.addEventListener("pointerup", (event) => {
      if (from && isDragged) PlotZoom.drop(plot, from, placeOf(event));
      from = null;
    });
    area.addEventListener("pointercancel", () => {
      from = null;
      plot.cursor.replaceChildren();
    });
    area.addEventListener("pointerleave", () => PlotCursor.leave(plot));
    area.addEventListener("click", (event) => {
      if (isDragged || isOfTip(event) || (event.detail > 1 && !isTouch)) return;
      PlotCursor.press(plot, placeOf(event), isTouch);
    });
    area.addEventListener("dblclick", () => {
      if (!isTouch) PlotZoom.reset(plot);
    });
    area.addEventListener("keydown", (event) => {
      if (event.target !== area || event.ctrlKey || event.metaKey || event.altKey) return;
      if (PlotCursor.onKey(plot, event.key) || PlotZoom.onKey(plot, event.key)) {
        event.preventDefault();
      }
    });
    area.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && area.contains(relatedTarget)) return;
      PlotCursor.show(plot, null, false);
    });
  }

  return { draw };
})();
