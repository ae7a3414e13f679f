/* How lines are told apart, without colour too: dashes and symbols; and what the legend shows. */
"use strict";

const PlotStyles = (() => {
  const { shape } = Svg;
  const COLOURS = 8;
  const DASHES = [null, "8 3", "2 3", "10 3 2 3", "16 4", "6 2 2 2 2 2"];
  /** @type {PlotSymbol[]} */
  const SYMBOLS = ["circle", "square", "diamond", "up", "down", "plus", "cross"];
  const SWATCH = { width: 34, height: 12 };

  /** Class, dash and symbol of the n-th line.
      @param {number} n */
  const ofLine = (n) => ({
    colour: `colour-${(n % COLOURS) + 1}`,
    dash: DASHES[n % DASHES.length],
    symbol: SYMBOLS[n % SYMBOLS.length],
  });

  /** @type {Partial<Record<PlotLook, string>>} */
  const DASH_OF_LOOK = { wrong: "2 3", before: "4 3", ideal: "6 4", level: "" };

  /** The class and dash of a line that looks so.
      @param {PlotLine} line */
  function attributesOf({ style, look = "main" }) {
    const { colour, dash } = ofLine(style);
    const own = DASH_OF_LOOK[look] ?? dash;
    return { class: `plot-line ${look} ${colour}`, "stroke-dasharray": own || null };
  }

  /** The class of the symbols of a line.
      @param {PlotLine} line */
  const symbolClass = ({ style, look = "main" }) => `plot-symbols ${look} ${ofLine(style).colour}`;

  /** The symbol of a line that looks so: wrong values are open circles.
      @param {PlotLine} line @returns {PlotSymbol} */
  const symbolOf = ({ style, look }) => (look === "wrong" ? "circle" : ofLine(style).symbol);

  /** The class of marks.
      @param {Pick<PlotMarks, "look" | "symbol">} marks @param {boolean} isOpen */
  function markClass({ look, symbol }, isOpen) {
    const kind = symbol === "cross" || symbol === "plus" ? " stroked" : "";
    return `plot-mark ${look}${kind}${isOpen ? " open" : ""}`;
  }

  /** A small picture of a line, or of marks, for the legend.
      @param {{line: PlotLine} | {marks: PlotMarks}} shown */
  function swatch(shown) {
    const { width, height } = SWATCH;
    const picture = shape("svg", { class: "swatch", width, height, "aria-hidden": "true" });
    const [x, y] = [width / 2, height / 2];
    if ("marks" in shown) {
      const { symbol } = shown.marks;
      const isOpen = shown.marks.isOpen.every(Boolean);
      const d = Svg.symbolPath(symbol, x, y, 4.5);
      picture.append(shape("path", { class: markClass(shown.marks, isOpen), d }));
      return picture;
    }
    const { line } = shown;
    picture.append(shape("path", { ...attributesOf(line), d: `M0,${y}H${width}` }));
    if (line.look !== "ideal") {
      const d = Svg.symbolPath(symbolOf(line), x, y, 3.5);
      picture.append(shape("path", { class: symbolClass(line), d }));
    }
    return picture;
  }

  return { attributesOf, symbolClass, symbolOf, markClass, swatch };
})();
