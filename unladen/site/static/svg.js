/* Elements of SVG, and the symbols of plots. */
"use strict";

const Svg = (() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";

  /** An element of SVG with attributes; those that are null are left out.
      @param {string} name @param {Record<string, string | number | null>} [attributes]
      @param {...(Node | string)} children */
  function shape(name, attributes = {}, ...children) {
    const element = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null) element.setAttribute(key, String(value));
    }
    element.append(...children);
    return element;
  }

  /** What each symbol is, around the origin, as far as `r` from it.
      @type {Record<PlotSymbol, (r: number) => string>} */
  const SYMBOLS = {
    circle: (r) => `m${-r},0a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`,
    square: (r) => `m${-r},${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
    diamond: (r) =>
      `m0,${-1.3 * r}l${1.3 * r},${1.3 * r}l${-1.3 * r},${1.3 * r}l${-1.3 * r},${-1.3 * r}z`,
    up: (r) => `m0,${-1.2 * r}l${1.2 * r},${2.1 * r}h${-2.4 * r}z`,
    down: (r) => `m0,${1.2 * r}l${1.2 * r},${-2.1 * r}h${-2.4 * r}z`,
    cross: (r) => `m${-r},${-r}l${2 * r},${2 * r}m0,${-2 * r}l${-2 * r},${2 * r}`,
    plus: (r) => `m0,${-1.2 * r}v${2.4 * r}m${-1.2 * r},${-1.2 * r}h${2.4 * r}`,
  };

  /** The path of a symbol at a place.
      @param {PlotSymbol} symbol @param {number} x @param {number} y @param {number} r */
  const symbolPath = (symbol, x, y, r) => `M${x.toFixed(1)},${y.toFixed(1)}${SYMBOLS[symbol](r)}`;

  return { shape, symbolPath };
})();
