/* Where things are in a plot: the ranges that it shows, its scales, ticks and margins. */
"use strict";

const PlotPlaces = (() => {
  const { shownPart } = PlotPaths;
  const LETTER = 6.7;
  const WIDE_LETTER = 12;
  const LINE = 14;
  const TOP = 10;
  const RIGHT = 30;
  const LEFT_AT_MOST = 0.36;

  /** About how wide a text is, in pixels.
      @param {string} text */
  function widthOf(text) {
    let width = 0;
    for (const letter of text) width += letter > "\u2e80" ? WIDE_LETTER : LETTER;
    return width;
  }

  /** A text that is at most so wide.
      @param {string} text @param {number} width */
  function fitted(text, width) {
    if (widthOf(text) <= width) return text;
    const letters = [...text];
    while (letters.length && widthOf(letters.join("")) > width - LETTER) letters.pop();
    return `${letters.join("")}…`;
  }

  /** Marks without those on hidden lines.
      @param {PlotMarks} marks @param {Set<string>} hidden @returns {PlotMarks} */
  function marksLeft(marks, hidden) {
    const left = [...marks.x.keys()].filter((n) => !hidden.has(marks.lines[n]));
    return {
      ...marks,
      lines: left.map((n) => marks.lines[n]),
      x: left.map((n) => marks.x[n]),
      y: left.map((n) => marks.y[n]),
      isOpen: left.map((n) => marks.isOpen[n]),
      said: (n) => marks.said(left[n]),
    };
  }

  /** The lines, bands and marks that are not hidden.
      @param {Drawing} drawing @param {Set<string>} hidden */
  const shownOf = ({ lines, bands = [], marks = [] }, hidden) => ({
    lines: lines.filter(({ group, name }) => !hidden.has(group ?? name)),
    bands: bands.filter(({ group }) => !hidden.has(group)),
    marks: marks.filter(({ name }) => !hidden.has(name)).map((one) => marksLeft(one, hidden)),
  });

  /** The range of x that is shown.
      @param {Drawing} drawing @param {PlotView} view @returns {Span} */
  function rangeOfX({ lines, x }, view) {
    const ends = lines.flatMap((line) => (line.x.length ? [line.x[0], line.x.at(-1) ?? 0] : []));
    const all = x.whole ?? Scales.padded(Scales.extent(ends, x.isLog) ?? [0, 1], x.isLog);
    return [view.from ?? all[0], view.to ?? all[1]];
  }

  /** The values that a range of x shows.
      @param {ReturnType<typeof shownOf>} shown @param {Span} range */
  function valuesIn({ lines, bands, marks }, range) {
    /** @type {(number | null)[]} */
    const found = [];
    for (const { x, y } of lines) {
      const [from, to] = shownPart(x, range);
      for (let n = from; n < to; n++) found.push(y[n]);
    }
    for (const { x, low, high } of bands) {
      const [from, to] = shownPart(x, range);
      for (let n = from; n < to; n++) found.push(low[n], high[n]);
    }
    for (const { x, y } of marks) {
      x.forEach((at, n) => {
        if (at >= range[0] && at <= range[1]) found.push(y[n]);
      });
    }
    return found;
  }

  /** The range of y that is shown: what the view asks for, or what the values need.
      @param {PlotAxis} axis @param {(number | null)[]} values @param {PlotView} view
      @returns {Span} */
  function rangeOfY({ isLog, fromZero, whole, atLeast }, values, view) {
    const found =
      Scales.extent([...values, ...(atLeast ?? [])], isLog) ?? (isLog ? [1, 10] : [0, 1]);
    const needed = fromZero ? Scales.fromZero(found) : Scales.padded(found, isLog);
    const [low, high] = whole ?? (atLeast ? found : needed);
    return [view.low ?? low, view.high ?? high];
  }

  /** Where everything is in a plot of a size.
      @param {Drawing} drawing @param {PlotView} view @param {Set<string>} hidden
      @param {{width: number, height: number}} size */
  function layOut(drawing, view, hidden, { width, height }) {
    const shown = shownOf(drawing, hidden);
    const range = rangeOfX(drawing, view);
    const values = valuesIn(shown, range);
    const rangeY = rangeOfY(drawing.y, values, view);
    const isWhole = values.every((value) => value === null || Number.isInteger(value));
    const titleX = drawing.x.title ? LINE + 4 : 0;
    const top = TOP + (drawing.y.title ? LINE + 4 : 0);
    const bottom = height - (drawing.x.rows ?? 1) * LINE - 12 - titleX;
    const most = Math.max(Math.floor((bottom - top) / drawing.y.room), 2);
    const widest = width * LEFT_AT_MOST;
    const ticksY = drawing.y.ticks(rangeY, most, isWhole).map(({ at, text: [text] }) => ({
      at,
      text: [fitted(text, widest)],
    }));
    const left = Math.max(12, ...ticksY.map(({ text }) => widthOf(text[0]))) + 12;
    const box = { left, right: Math.max(width - RIGHT, left + 20), top, bottom };
    const x = Scales.of(range, [box.left, box.right], drawing.x.isLog);
    const y = Scales.of(rangeY, [box.bottom, box.top], drawing.y.isLog);
    const wanted = Math.max(Math.floor((box.right - box.left) / drawing.x.room), 2);
    const ticksX = drawing.x.ticks(range, wanted, true);
    return { size: { width, height }, box, shown, range, rangeY, x, y, ticksX, ticksY };
  }

  /** The range of x without a zoom.
      @param {Drawing} drawing */
  const wholeX = (drawing) => rangeOfX(drawing, {});

  return { LINE, TOP, widthOf, fitted, layOut, wholeX };
})();
