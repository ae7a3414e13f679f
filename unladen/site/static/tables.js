/* Tables, and buttons that show more of them. */
"use strict";

const Tables = (() => {
  const { el } = Elements;

  /** A table that becomes a stack of rows on a phone. `heads`: of the columns, those of numbers
      marked by a leading "#"; `style`: further classes.
      @param {string[]} heads @param {Child} body @param {{style?: string, caption?: Child}} [options] */
  function stacked(heads, body, { style = "", caption = null } = {}) {
    return el(
      "div",
      { class: "scroll" },
      el(
        "table",
        { class: `stack ${style}`.trim() },
        caption,
        el("thead", {}, el("tr", {}, heads.map(head))),
        body,
      ),
    );
  }

  /** @param {string} text */
  function head(text) {
    if (!text) return el("td");
    const isNumber = text[0] === "#";
    const attributes = { scope: "col", class: isNumber ? "number" : null };
    return el("th", attributes, isNumber ? text.slice(1) : text);
  }

  /** A button that puts something in its own place, or calls what does.
      @param {string} text @param {() => void} act @param {string} [style] */
  function more(text, act, style) {
    return el("button", { type: "button", class: style, on: { click: act } }, text);
  }

  return { stacked, more };
})();
