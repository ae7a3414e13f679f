/* The tables of what differs between two commits: an area each. */
"use strict";

const CompareTable = (() => {
  const { el } = Elements;
  const CELLS = 2;
  const OTHER = "other";
  /** Differences that fill a screen. */
  const FIRST = 14;

  /** What the table is about: the two sides' names, and where a row leads to for what lies between
      them, "" if nowhere.
      @typedef {{before: string, after: string, between: (series: Series) => string}} Sides */

  /** The areas of some differences, that with the most important one first.
      @param {Difference[]} differences in the order in which they are told */
  function areasOf(differences) {
    /** @type {Map<string, Difference[]>} */
    const areas = new Map();
    for (const one of differences) {
      const area = one.series.group || OTHER;
      areas.set(area, [...(areas.get(area) || []), one]);
    }
    return [...areas];
  }

  /** Draws all tables of some differences: a screenful at once, the rest when there is time.
      @param {HTMLElement} place @param {Difference[]} differences @param {Sides} sides */
  function draw(place, differences, sides) {
    const ours = differences.filter(({ isMinor }) => !isMinor);
    const minor = differences.filter(({ isMinor, state }) => isMinor && state !== "host");
    const none = differences.filter(({ state }) => state === "host");
    /** @type {(() => void)[]} */
    const later = [];
    let room = FIRST;
    const sections = areasOf(ours).map(([area, members]) => {
      const first = members.slice(0, room);
      const rest = members.slice(first.length);
      room -= first.length;
      const part = el("section", {}, heading(area, members));
      const made = table(first, sides);
      if (first.length) part.append(made);
      if (rest.length) {
        later.push(() => {
          made.querySelector("table")?.append(...rest.map((one) => rows(one, sides)));
          part.append(made);
        });
      }
      return part;
    });
    const drawn = el("div", {}, sections, foldedOnes(minor, none, sides));
    Elements.fill(place, drawn);
    Elements.whenIdle(() => {
      if (!drawn.isConnected) return;
      for (const act of later) act();
    });
  }

  /** @param {Difference[]} minor @param {Difference[]} none @param {Sides} sides */
  const foldedOnes = (minor, none, sides) => [
    folded(
      "Minor differences",
      "Below half a per cent of work or memory, 0.05 of an exponent, 3 % of what is sampled.",
      minor,
      sides,
    ),
    folded(
      "No commit’s",
      "Between the two the host changed its speed, another driver measured, or measuring side by side showed no change.",
      none,
      sides,
    ),
  ];

  /** @param {string} area @param {Difference[]} members */
  function heading(area, members) {
    const worse = members.filter(({ verdict }) => verdict === "regression").length;
    const better = members.filter(({ verdict }) => verdict === "improvement").length;
    const marks = [
      worse > 0 && Marks.mark(`${worse} worse`, "worse"),
      better > 0 && Marks.mark(`${better} better`, "better"),
    ];
    return el("h2", { class: "area" }, area, " ", el("span", { class: "chips" }, marks));
  }

  /** @param {string} title @param {string} text @param {Difference[]} members
      @param {Sides} sides */
  function folded(title, text, members, sides) {
    if (!members.length) return null;
    const summary = el("summary", {}, `${title} (${members.length})`);
    const details = el("details", {}, summary, el("p", { class: "soft small" }, text));
    details.addEventListener("toggle", () => details.append(table(members, sides)), { once: true });
    return details;
  }

  /** @param {Difference[]} members @param {Sides} sides */
  function table(members, sides) {
    const heads = ["Series", "What", `#${sides.before}`, `#${sides.after}`, "#Size", ""];
    const bodies = members.map((one) => rows(one, sides));
    return Tables.stacked(heads, bodies, { style: "differences" });
  }

  /** The first cells of a difference, and a button for the others.
      @param {Difference} difference @param {Sides} sides */
  function rows(difference, sides) {
    const { pairs } = difference;
    /** @param {DifferingPair} pair */
    const one = (pair) => row(difference, pair, sides);
    const body = el("tbody", {}, pairs.slice(0, CELLS).map(one));
    const others = pairs.slice(CELLS);
    if (others.length) {
      const text = `${Format.plural(others.length, "more parameter combination")} of the same kind`;
      const button = Tables.more(text, () => last.replaceWith(...others.map(one)), "plain");
      const last = el("tr", {}, el("td", { colspan: 6 }, button));
      body.append(last);
    }
    return body;
  }

  /** @param {Difference} difference @param {DifferingPair} pair @param {Sides} sides */
  function row(difference, { cell, before, after }, sides) {
    const { series, state } = difference;
    const hasUnit = Format.hasOwnUnit(series);
    const [one, other] = Readings.pairTexts(before, after, series);
    /** @param {Encoded} value @param {string} text */
    const told = (value, text) => [
      text,
      !hasUnit &&
        Readings.figureOf(value) !== null &&
        el("span", { class: "soft" }, ` ${series.unit}`),
    ];
    const between = sides.between(series);
    return el(
      "tr",
      {},
      Marks.seriesHead(series, cell, AllSeries.cellLabel(series, cell)),
      el(
        "td",
        {},
        el(
          "span",
          { class: "chips" },
          Marks.mark(...Marks.wordOf(difference)),
          state === "suspected" && Marks.mark("suspected", "doubt"),
        ),
      ),
      el("td", { "data-label": sides.before, class: "number" }, told(before, one)),
      el("td", { "data-label": sides.after, class: "number" }, told(after, other)),
      el("td", { "data-label": "Size", class: "number" }, Readings.sizeText(before, after, series)),
      el("td", { class: "small" }, between && el("a", { href: between }, "which commits")),
    );
  }

  return { draw };
})();
