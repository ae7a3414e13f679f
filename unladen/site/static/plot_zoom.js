/* Zooming a plot: by dragging over a part of it, by buttons and by keys. */
"use strict";

const PlotZoom = (() => {
  const { el } = Elements;
  /** Pixels below which a drag is none, and below which its height is not meant. */
  const LEAST = 8;
  const LEAST_HEIGHT = 48;

  /** Shows a range of x, and of y if one is given, as far as there is something.
      @param {Plot} plot @param {Span} x @param {Span} [y] */
  function to(plot, x, y) {
    const axis = plot.drawing.x;
    const whole = PlotPlaces.wholeX(plot.drawing);
    const [low, high] = axis.snap ? axis.snap(x) : x;
    const [from, end] = [Math.max(low, whole[0]), Math.min(high, whole[1])];
    if (!(from < end)) return;
    const isWhole = from <= whole[0] && end >= whole[1];
    /** @type {PlotView} */
    const view = isWhole ? {} : { from, to: end };
    if (y) Object.assign(view, { low: y[0], high: y[1] });
    plot.show(view);
  }

  /** Shows all.
      @param {Plot} plot */
  const reset = (plot) => plot.show({});

  /** Shows a part of what is shown, or more, from one part of its width to another one.
      @param {Plot} plot @param {number} from @param {number} until */
  function part(plot, from, until) {
    const { box, x } = plot.places;
    const width = box.right - box.left;
    const { low, high } = plot.view;
    const y = /** @type {Span | undefined} */ (low === undefined ? undefined : [low, high]);
    to(plot, [x.value(box.left + from * width), x.value(box.left + until * width)], y);
  }

  /** Moves what is shown by a part of its width, as far as there is something.
      @param {Plot} plot @param {number} share */
  function pan(plot, share) {
    const { x, box, range } = plot.places;
    const width = box.right - box.left;
    const whole = PlotPlaces.wholeX(plot.drawing);
    const wanted = share * width;
    const most = share < 0 ? x.at(whole[0]) - box.left : x.at(whole[1]) - box.right;
    const by = share < 0 ? Math.max(wanted, most) : Math.min(wanted, most);
    if (Math.abs(by) < 1) return;
    to(plot, [x.value(x.at(range[0]) + by), x.value(x.at(range[1]) + by)]);
  }

  /** @type {[key: string, text: string, title: string, act: (plot: Plot) => void][]} */
  const ACTS = [
    ["+", "+", "Zoom in", (plot) => part(plot, 0.25, 0.75)],
    ["-", "−", "Zoom out", (plot) => part(plot, -0.5, 1.5)],
    ["[", "←", "Earlier", (plot) => pan(plot, -0.5)],
    ["]", "→", "Later", (plot) => pan(plot, 0.5)],
    ["0", "Show all", "", reset],
  ];

  /** Buttons for what the mouse does otherwise.
      @param {Plot} plot */
  const tools = (plot) =>
    ACTS.map(([key, text, title, act]) =>
      el(
        "button",
        {
          type: "button",
          "data-key": key,
          title: title || null,
          "aria-label": title || null,
          on: { click: () => act(plot) },
        },
        text,
      ),
    );

  /** What the keyboard does; whether the key means anything here.
      @param {Plot} plot @param {string} key */
  function onKey(plot, key) {
    const found = ACTS.find(([one]) => one === key);
    found?.[3](plot);
    return found !== undefined;
  }

  /** The part of a plot between two places: its box, and whether its height is meant too.
      @param {Plot} plot @param {Place} from @param {Place} until */
  function selected({ places: { box } }, from, until) {
    /** @param {number} x */
    const across = (x) => Math.max(box.left, Math.min(x, box.right));
    /** @param {number} y */
    const down = (y) => Math.max(box.top, Math.min(y, box.bottom));
    const [left, right] = [across(from.x), across(until.x)].sort((a, b) => a - b);
    const [top, bottom] = [down(from.y), down(until.y)].sort((a, b) => a - b);
    const isHigh = bottom - top >= LEAST_HEIGHT;
    return isHigh
      ? { left, right, top, bottom, isHigh }
      : { left, right, top: box.top, bottom: box.bottom, isHigh };
  }

  /** Whether somebody who goes from one place to another one drags.
      @param {Place} from @param {Place} until */
  const isDrag = (from, until) => Math.hypot(until.x - from.x, until.y - from.y) >= LEAST;

  /** Shows the part that is dragged over.
      @param {Plot} plot @param {Place} from @param {Place} until */
  function mark(plot, from, until) {
    const { left, right, top, bottom } = selected(plot, from, until);
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    plot.cursor.replaceChildren(Svg.shape("rect", { class: "plot-selection", ...box }));
  }

  /** Zooms to the part that was dragged over.
      @param {Plot} plot @param {Place} from @param {Place} until */
  function drop(plot, from, until) {
    const { left, right, top, bottom, isHigh } = selected(plot, from, until);
    plot.cursor.replaceChildren();
    if (right - left < LEAST) return;
    const { x, y } = plot.places;
    to(plot, [x.value(left), x.value(right)], isHigh ? [y.value(bottom), y.value(top)] : undefined);
  }

  return { tools, reset, onKey, isDrag, mark, drop };
})();
