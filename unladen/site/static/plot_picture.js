/* The picture of a plot, as elements of SVG. */
"use strict";

const PlotPicture = (() => {
  const { shape } = Svg;
  const { shownPart } = PlotPaths;
  const { LINE, TOP, widthOf, fitted } = PlotPlaces;
  /** Pixels between points from which on each has its symbol; others have one now and then. */
  const WIDE = 12;
  const GAP = 110;
  const R = { few: 3.5, many: 3, mark: 5.5, manyMarks: 4.2 };
  const MANY_MARKS = 60;

  /** @param {string} text @param {Record<string, string | number>} attributes */
  const text = (text, attributes) => shape("text", attributes, text);

  /** Grid, ticks and titles.
      @param {Drawing} drawing @param {Places} places */
  function axes({ x, y }, { box, size, ticksX, ticksY, x: across, y: down }) {
    const { left, right, top, bottom } = box;
    const parts = [];
    for (const {
      at,
      text: [said],
    } of ticksY) {
      const height = down.at(at);
      parts.push(
        shape("line", { class: "plot-grid", x1: left, x2: right, y1: height, y2: height }),
        text(said, { class: "plot-tick end y", x: left - 7, y: height + 4 }),
      );
    }
    for (const tick of ticksX) {
      const place = across.at(tick.at);
      parts.push(
        shape("line", { class: "plot-grid", x1: place, x2: place, y1: top, y2: bottom + 5 }),
        ...tick.text.map((said, n) =>
          text(said, { class: "plot-tick middle x", x: place, y: bottom + 5 + LINE * (n + 1) }),
        ),
      );
    }
    parts.push(shape("path", { class: "plot-frame", d: `M${left},${top}V${bottom}H${right}` }));
    if (y.title) {
      const said = fitted(y.title, size.width - 12);
      parts.push(text(said, { class: "plot-title", x: 2, y: TOP + 4 }));
    }
    if (x.title) {
      const middle = { x: (left + right) / 2, y: size.height - 4 };
      parts.push(text(fitted(x.title, right - left), { class: "plot-title middle", ...middle }));
    }
    return parts;
  }

  /** @param {Places} places */
  function contents(places) {
    const { lines, bands, marks } = places.shown;
    const width = places.box.right - places.box.left;
    const number = marks.reduce((sum, { x }) => sum + x.length, 0);
    const r = number > MANY_MARKS ? R.manyMarks : R.mark;
    const parts = bands.map((band) =>
      shape("path", {
        class: `plot-band colour-${(band.style % 8) + 1}`,
        d: PlotPaths.bandPath(band, places),
      }),
    );
    for (const line of lines) {
      parts.push(
        shape("path", {
          ...PlotStyles.attributesOf(line),
          "data-name": line.name,
          d: PlotPaths.linePath(line, places),
        }),
      );
      if (line.symbols === "none") continue;
      const [from, to] = shownPart(line.x, places.range);
      const isFew = (to - from) * WIDE <= width || line.symbols === "all";
      const look = {
        symbol: PlotStyles.symbolOf(line),
        r: isFew ? R.few : R.many,
        gap: isFew ? 0 : GAP,
        first: (line.style * 37) % GAP,
      };
      const d = PlotPaths.symbolsPath(line, places, look);
      parts.push(shape("path", { class: PlotStyles.symbolClass(line), d }));
    }
    for (const one of marks) parts.push(...marksOf(one, places, r));
    return parts;
  }

  /** The marks of a kind: filled ones, and open ones.
      @param {PlotMarks} marks @param {Places} places @param {number} r */
  function marksOf(marks, places, r) {
    return [false, true].flatMap((isOpen) => {
      const members = marks.x.map((_, n) => n).filter((n) => marks.isOpen[n] === isOpen);
      if (!members.length) return [];
      const line = { x: members.map((n) => marks.x[n]), y: members.map((n) => marks.y[n]) };
      const d = PlotPaths.symbolsPath(line, places, { symbol: marks.symbol, r });
      return [
        shape("path", { class: PlotStyles.markClass(marks, isOpen), "data-name": marks.name, d }),
      ];
    });
  }

  /** Vertical lines with a name, such as of releases.
      @param {PlotRule[]} rules @param {Places} places */
  function rulesOf(rules, { box, range, x }) {
    let free = Number.NEGATIVE_INFINITY;
    return rules.flatMap(({ at, name }) => {
      if (at < range[0] || at > range[1]) return [];
      const place = x.at(at);
      const line = { x1: place, x2: place, y1: box.top, y2: box.bottom };
      const parts = [shape("line", { class: "plot-rule", ...line })];
      if (place < free) return parts;
      free = place + widthOf(name) + 8;
      return [...parts, text(name, { class: "plot-tick", x: place + 3, y: box.top + 10 })];
    });
  }

  let clips = 0;

  /** The picture, with a group for what follows the pointer.
      @param {Drawing} drawing @param {Places} places */
  function picture(drawing, places) {
    const { width, height } = places.size;
    const { left, right, top, bottom } = places.box;
    const id = `plot-clip-${clips++}`;
    const clip = { x: left - 6, y: top - 6, width: right - left + 12, height: bottom - top + 12 };
    const cursor = shape("g", { class: "plot-cursor" });
    const svg = shape(
      "svg",
      {
        class: "plot-picture",
        ...{ width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      },
      shape("clipPath", { id }, shape("rect", clip)),
      ...axes(drawing, places),
      ...rulesOf(drawing.rules ?? [], places),
      shape("g", { "clip-path": `url(#${id})` }, ...contents(places)),
      cursor,
    );
    return { svg, cursor };
  }

  return { picture };
})();
