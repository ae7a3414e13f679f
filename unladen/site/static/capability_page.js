/* The page of a capability: its panels, drawn when they come near the screen, and the choice of the
   commit and of the one beside it. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const { capability = "" } = $("sections").dataset;
  const { sections } = Unladen.data(`page-${capability}`);

  /** A panel's place; those that have been near are drawn again for other commits.
      @typedef {{panel: Panel, place: HTMLElement, isNear: boolean}} Placed */

  /** @type {Placed[]} */
  const placed = [];

  /** What is shown: a commit, and another one beside it.
      @type {ChosenCommits | null} */
  let chosen = null;

  const isPlot = (/** @type {Panel} */ { kind }) => kind === "commits" || kind === "numbers";

  /** @param {Panel} panel */
  function placeOf(panel) {
    const place = el("div", { class: isPlot(panel) ? "plot-place" : "table-place" });
    placed.push({ panel, place, isNear: false });
    return place;
  }

  /** The address of the series that a plot is of.
      @param {Panel} panel */
  function seriesLink(panel) {
    if (panel.kind === "table") return null;
    const series = AllSeries.all[panel.series];
    return el(
      "p",
      { class: "small soft" },
      el("a", { href: AllSeries.address(series) }, series.shown),
    );
  }

  /** @param {SectionData} section @param {number} number */
  function laidOut({ title, text, panels }, number) {
    const id = `section-${number}`;
    return el(
      "section",
      { "aria-labelledby": id },
      el("h2", { id }, title),
      el("p", { class: "soft" }, text),
      el(
        "div",
        { class: "grid" },
        panels
          .filter(isPlot)
          .map((panel) =>
            el("section", {}, el("h3", {}, panel.title), seriesLink(panel), placeOf(panel)),
          ),
      ),
      panels.filter((panel) => !isPlot(panel)).map(placeOf),
    );
  }

  /** @param {Placed} one */
  function draw({ panel, place }) {
    if (!chosen) return;
    Panels.draw(place, panel, chosen).catch((error) => Elements.complain(place, error));
  }

  /** @param {AddressState} state */
  function show(state) {
    const found = Choices.commitsOf(state);
    const named = state.beside ? Commits.find(state.beside) : undefined;
    chosen = { ...found, before: named?.isMeasured ? named : found.before };
    choices(state, chosen);
    for (const one of placed) {
      if (one.isNear && one.panel.kind !== "commits") draw(one);
    }
  }

  /** @param {AddressState} state @param {ChosenCommits} shown */
  function choices(state, { commit, before }) {
    /** @param {Record<string, string>} changed */
    const choose = (changed) => {
      const next = { ...state, ...changed };
      Address.write(next);
      show(next);
    };
    Elements.keepingFocus(() =>
      fill(
        $("choices"),
        Choices.ofCommit(commit, (hash) => choose({ subject: hash })),
        before &&
          Choices.ofCommit(before, (hash) => choose({ beside: hash }), {
            id: "beside",
            label: "Beside",
          }),
      ),
    );
  }

  fill($("sections"), sections.map(laidOut));
  Address.follow(show);
  for (const one of placed) {
    Elements.whenNear(one.place, () => {
      one.isNear = true;
      draw(one);
    });
  }
})();
