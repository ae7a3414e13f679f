/* What a plot shows of the point that is pointed at: its commit or size, and the values there. */
"use strict";

const PlotTip = (() => {
  const { el, fill } = Elements;
  const MOST = 8;
  const GAP = 14;

  /** @param {PlotReading} reading @param {boolean} isChosen */
  const row = ({ line, text }, isChosen) =>
    el(
      "li",
      { class: isChosen ? "chosen" : null },
      PlotStyles.swatch({ line }),
      el("span", {}, line.name, ": ", el("b", {}, text)),
    );

  /** The readings around one, at most so many.
      @param {PlotReading[]} readings @param {PlotReading} chosen */
  function around(readings, chosen) {
    const at = readings.indexOf(chosen);
    const first = Math.max(0, Math.min(at - MOST / 2, readings.length - MOST));
    return readings.slice(first, first + MOST);
  }

  /** Shows a stop. `isPinned`: it stays, and has a link to where a click would lead.
      @param {Plot} plot @param {PlotStop} stop @param {boolean} isPinned */
  function show(plot, stop, isPinned) {
    const { places, tip } = plot;
    const { about, readings, chosen, marks } = stop;
    const left = readings.length - MOST;
    fill(
      tip,
      el("p", { class: "tip-head" }, about.title),
      about.detail && el("p", { class: "tip-detail" }, about.detail),
      el(
        "ul",
        {},
        around(readings, chosen).map((one) => row(one, one === chosen && readings.length > 1)),
        left > 0 && el("li", { class: "soft" }, `and ${left} more`),
        marks.map(({ marks: { name, said }, n }) => el("li", {}, `${name}: ${said(n)}`)),
      ),
      isPinned && about.href && el("p", {}, el("a", { href: about.href }, about.link)),
    );
    tip.classList.toggle("pinned", isPinned);
    tip.hidden = false;
    place(plot, places.x.at(stop.x), heightOf(places, chosen));
    point(plot, stop);
  }

  /** @param {Places} places @param {PlotReading} reading */
  const heightOf = ({ y, box }, reading) => (reading.y === null ? box.top : y.at(reading.y));

  /** Beside a point, within the plot.
      @param {Plot} plot @param {number} x @param {number} y */
  function place({ places, tip }, x, y) {
    const { width, height } = places.size;
    const isLeft = x > width / 2;
    const room = isLeft ? x - GAP : width - x - GAP;
    tip.style.maxWidth = `${Math.max(room, Math.min(width * 0.6, 220))}px`;
    const own = tip.getBoundingClientRect();
    const left = isLeft ? x - GAP - own.width : x + GAP;
    tip.style.left = `${Math.max(0, Math.min(left, width - own.width))}px`;
    tip.style.top = `${Math.max(0, Math.min(y - own.height / 2, height - own.height))}px`;
  }

  /** A vertical line and a ring at the point.
      @param {Plot} plot @param {PlotStop} stop */
  function point({ places, cursor }, { x, chosen }) {
    const at = places.x.at(x);
    const { top, bottom } = places.box;
    const line = Svg.shape("line", { class: "cursor-line", x1: at, x2: at, y1: top, y2: bottom });
    const ring = { class: "cursor-ring", cx: at, cy: heightOf(places, chosen), r: 7 };
    cursor.replaceChildren(line, ...(chosen.y === null ? [] : [Svg.shape("circle", ring)]));
  }

  /** @param {Plot} plot */
  function hide({ tip, cursor }) {
    tip.hidden = true;
    cursor.replaceChildren();
  }

  return { show, hide };
})();
