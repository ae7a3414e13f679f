/* Large plots through plotly, in the page's colours; texts are escaped for its markup. */
"use strict";

((U) => {
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
  const drawn = new Map();

  /** A text as plotly shows it: its markup taken away. */
  U.plotText = (text) =>
    String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  U.plotColour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Colour, dash and symbol of the n-th line; not the colour alone tells them apart. */
  U.lineStyle = (n) => ({
    colour: U.plotColour(`--plot-${(n % COLOURS) + 1}`),
    dash: DASHES[Math.floor(n / COLOURS) % DASHES.length],
    symbol: SYMBOLS[n % SYMBOLS.length],
  });

  function layout(options) {
    const ink = U.plotColour("--ink");
    const line = U.plotColour("--line");
    const paper = U.plotColour("--paper");
    const axis = {
      gridcolor: line,
      linecolor: U.plotColour("--soft"),
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
        bgcolor: U.plotColour("--raised"),
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
      dragmode: "zoom",
      ...options,
      xaxis: { ...axis, ...titled(options.xaxis) },
      yaxis: { ...axis, ...titled(options.yaxis) },
    };
  }

  /** An axis whose title, if it has one, stays clear of the labels. */
  function titled(axis) {
    if (!axis?.title) return axis;
    return { ...axis, title: { font: { size: 12 }, standoff: 12, ...axis.title } };
  }

  /** Draws `make()`, {traces, layout}, into an element, and again when light becomes dark.
      `label`: what it shows; `onPoint`: called with the customdata of a clicked point. */
  U.plot = (place, label, make, onPoint) => {
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", label);
    const draw = () => {
      const { traces, layout: options } = make();
      return window.Plotly.react(place, traces, layout(options), {
        displayModeBar: false,
        responsive: true,
        showTips: false,
      });
    };
    const isNew = !drawn.has(place);
    drawn.set(place, draw);
    draw();
    if (isNew && onPoint) place.on("plotly_click", (event) => onPoint(event.points[0].customdata));
  };

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const draw of drawn.values()) draw();
  });

  /** The x axis of commits: positions, labelled with dates and beginnings of hashes. */
  U.commitAxis = (first = 0, last = U.measured.length - 1) => {
    const wanted = Math.min(innerWidth < 640 ? 4 : 9, last - first + 1);
    const ticks = [];
    for (let n = 0; n < wanted; n++) {
      ticks.push(Math.round(first + (wanted > 1 ? (n * (last - first)) / (wanted - 1) : 0)));
    }
    return {
      tickmode: "array",
      tickvals: ticks,
      ticktext: ticks.map((position) => {
        const commit = U.commitAt(position);
        return `${U.day(commit.date)}<br>${commit.short}`;
      }),
      tickfont: { size: 11 },
      ticklabeloverflow: "allow",
      range: [first - 0.5, last + 0.5],
      zeroline: false,
    };
  };

  /** A logarithmic axis with a tick at each of some numbers, ascending, and a label where there is
      room for it. */
  U.sizeAxis = (sizes, title) => {
    const room = innerWidth < 640 ? 0.15 : 0.05;
    const place = (size) =>
      Math.log(size / sizes[0]) / Math.log(sizes[sizes.length - 1] / sizes[0]);
    let next = Infinity;
    const labels = [...sizes].reverse().map((size) => {
      if (next - place(size) < room) return "";
      next = place(size);
      return size.toLocaleString("en");
    });
    return {
      type: "log",
      title: { text: title },
      tickvals: sizes,
      ticktext: labels.reverse(),
    };
  };

  /** What the pointer shows at a commit. */
  U.commitHover = (position, value) => {
    const commit = U.commitAt(position);
    const subject =
      commit.subject.length > 60 ? `${commit.subject.slice(0, 57)}...` : commit.subject;
    return `<b>${U.plotText(value)}</b><br>${commit.short} ${U.day(commit.date)}<br>${U.plotText(subject)}`;
  };

  const UNITS = [
    {
      names: ["s", "sec", "second", "seconds"],
      steps: [
        ["s", 1],
        ["ms", 1e-3],
        ["µs", 1e-6],
        ["ns", 1e-9],
      ],
    },
    {
      names: ["b", "byte", "bytes"],
      steps: [
        ["GB", 1e9],
        ["MB", 1e6],
        ["kB", 1e3],
        ["B", 1],
      ],
    },
  ];
  const PLAIN = [["", 1]];
  const LARGE = [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
    ["", 1],
  ];

  /** An axis for a quantity. `kind`: "linear" or "log"; `traces`: what is drawn, with values in
      the series' unit. Its ticks bear the units that fit the values; without a `title` it bears
      the unit if they do not. Between whole numbers there are no ticks. */
  U.valueAxis = (series, kind, traces, title) => {
    const values = traces.flatMap((trace) => trace.y).filter((value) => typeof value === "number");
    if (U.isCoded(series)) return codeAxis(series, values);
    const low = Math.min(...values, Infinity);
    const high = values.some((value) => value !== 0) ? Math.max(...values) : 1;
    const unit = UNITS.find(({ names }) => names.includes(series.unit.toLowerCase()));
    const steps = unit ? unit.steps : high >= 1e5 ? LARGE : PLAIN;
    const start = Number.isFinite(low) ? low : 0;
    const isWhole = !unit && values.every(Number.isInteger);
    const ticks =
      kind === "log" && start > 0 ? logTicks(start, high) : linearTicks(start, high, isWhole);
    const text = (value) => {
      if (value === 0) return "0";
      const [name, factor] =
        steps.find(([, factor]) => Math.abs(value) >= factor * 0.9999) || steps[steps.length - 1];
      return `${U.number(value / factor, 6)}${name && unit ? " " : ""}${name}`;
    };
    return {
      type: kind,
      title: { text: U.plotText(title || (unit ? "" : series.unit)) },
      tickmode: "array",
      tickvals: ticks,
      ticktext: ticks.map(text),
    };
  };

  /** The words of all codes; values that have none have no tick. */
  function codeAxis({ codes }, values) {
    return {
      type: "linear",
      tickmode: "array",
      tickvals: codes.map((_, code) => code),
      ticktext: codes.map(U.plotText),
      range: [Math.min(0, ...values) - 0.5, Math.max(codes.length - 1, ...values) + 0.5],
    };
  }

  /** 1, 2, 5 in each decade; over many decades only 1. */
  function logTicks(low, high) {
    const [first, last] = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1];
    const ticks = [];
    for (let decade = first; decade <= last; decade++) {
      for (const digit of last - first > 5 ? [1] : [1, 2, 5])
        ticks.push(Number(`${digit}e${decade}`));
    }
    return ticks;
  }

  /** Round numbers a little beyond both ends, so that there are some after zooming out as well. */
  function linearTicks(low, high, isWhole) {
    const span = high - low || Math.abs(high) || 1;
    const rough = span / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const round = power * [1, 2, 5, 10].find((digit) => digit * power >= rough);
    const step = isWhole ? Math.max(round, 1) : round;
    const ticks = [];
    for (let n = Math.floor(low / step) - 1; n <= Math.ceil(high / step) + 1; n++) {
      ticks.push(Number((n * step).toPrecision(12)));
    }
    return ticks;
  }
})(window.Unladen);
