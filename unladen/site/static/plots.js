/* Large plots through plotly, in the page's colours; texts are escaped for its markup. */
"use strict";

const Plots = (() => {
  const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"];
  const SYMBOLS = [
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "pentagon",
    "star",
    "hexagon",
    "cross",
  ];
  const COLOURS = 8;
  /** @type {Map<HTMLElement, () => void>} */
  const drawn = new Map();

  /** A text as plotly shows it: its markup taken away.
      @param {string} text */
  const escaped = (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  /** The value of one of the style sheet's colours.
      @param {string} name */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Colour, dash and symbol of the n-th line; not the colour alone tells them apart.
      @param {number} n */
  const lineStyle = (n) => ({
    colour: colour(`--plot-${(n % COLOURS) + 1}`),
    dash: DASHES[Math.floor(n / COLOURS) % DASHES.length],
    symbol: SYMBOLS[n % SYMBOLS.length],
  });

  /** @param {PlotLayout} options */
  function styled(options) {
    const ink = colour("--ink");
    const line = colour("--line");
    const paper = colour("--paper");
    const axis = {
      gridcolor: line,
      linecolor: colour("--soft"),
      zerolinecolor: line,
      automargin: true,
      ticks: "outside",
      tickcolor: line,
    };
    return {
      paper_bgcolor: paper,
      plot_bgcolor: paper,
      font: { color: ink, size: 13, family: getComputedStyle(document.body).fontFamily },
      margin: { l: 8, r: 36, t: 12, b: 8 },
      hovermode: "closest",
      hoverlabel: {
        bgcolor: colour("--raised"),
        bordercolor: line,
        font: { color: ink },
        align: "left",
        namelength: -1,
      },
      legend: {
        orientation: "h",
        y: 1.02,
        yanchor: "bottom",
        x: 0,
        xanchor: "left",
        font: { size: 12 },
      },
      showlegend: true,
      dragmode: "zoom",
      ...options,
      xaxis: { ...axis, ...titled(options.xaxis) },
      yaxis: { ...axis, ...titled(options.yaxis) },
    };
  }

  /** An axis whose title, if it has one, stays clear of the labels.
      @param {PlotOptions} axis @returns {PlotOptions} */
  function titled(axis) {
    if (!axis.title) return axis;
    return { ...axis, title: { font: { size: 12 }, standoff: 12, ...axis.title } };
  }

  /** Draws what `make` gives into an element, and again when light becomes dark. `label`: what it
      shows; `onPoint`: called with the position of a point that is clicked, if it has one.
      @param {HTMLElement} container @param {string} label @param {() => Drawing} make
      @param {(position: number) => void} [onPoint] */
  function draw(container, label, make, onPoint) {
    container.setAttribute("role", "img");
    container.setAttribute("aria-label", label);
    const redraw = () => {
      const { traces, layout } = make();
      return Plotly.react(container, traces, styled(layout), {
        displayModeBar: false,
        responsive: true,
        showTips: false,
      });
    };
    const isNew = !drawn.has(container);
    drawn.set(container, redraw);
    redraw();
    if (!isNew || !onPoint) return;
    /** @type {DrawnElement} */ (container).on("plotly_click", ({ points: [point] }) => {
      if (typeof point.customdata === "number") onPoint(point.customdata);
    });
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const [container, redraw] of drawn) {
      if (container.isConnected) redraw();
      else drawn.delete(container);
    }
  });

  /** What the pointer shows at a commit.
      @param {number} position @param {string} value */
  function hover(position, value) {
    const { subject, short, date } = Commits.at(position);
    const cut = subject.length > 60 ? `${subject.slice(0, 57)}...` : subject;
    return `<b>${escaped(value)}</b><br>${short} ${Format.day(date)}<br>${escaped(cut)}`;
  }

  /** Leads to the page of the commit at a position.
      @param {number} position */
  function toCommit(position) {
    location.href = Commits.address(Commits.at(position));
  }

  return { escaped, colour, lineStyle, draw, hover, toCommit };
})();
