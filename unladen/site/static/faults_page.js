/* The page of faults: the choice of faults and commits, and what it comes to. */
"use strict";

(() => {
  const { el, $, input } = Elements;
  const BOXES = ["unexpected", "every"];
  const TEXT = "text";
  const FAILED = "failed";
  const NONE = "n/a";

  let turns = 0;

  /** The faults that a state shows at a position.
      @param {AddressState} state @param {OutcomeMatrix} matrix @param {number} position */
  function chosen(state, matrix, position) {
    const text = (state.text || "").toLowerCase();
    return matrix.faults.filter((fault) => {
      const value = fault.values[position];
      if (state.unexpected && !Faults.isUnexpected(value, fault)) return false;
      if (state.outcome && outcomeOf(value, matrix) !== state.outcome) return false;
      const { words } = Faults.told(value, fault, matrix);
      const note = Faults.noteOf(fault, position).text;
      return [fault.name, fault.about, words, note].some((one) => one.toLowerCase().includes(text));
    });
  }

  /** The word of an outcome, by which is chosen.
      @param {Encoded} value @param {OutcomeMatrix} matrix */
  function outcomeOf(value, { series }) {
    if (value === null) return "";
    if (Readings.isNumber(value)) return Format.quantity(value, series);
    return value === "n" ? NONE : FAILED;
  }

  /** @param {AddressState} state */
  async function show(state) {
    const turn = ++turns;
    const asked = Faults.series.findIndex(({ name }) => name === state.show);
    const most = Faults.unexpected.indexOf(Math.max(...Faults.unexpected));
    const number = asked >= 0 ? asked : most;
    const matrix = await Faults.load(number);
    if (turn !== turns) return;
    if (!matrix.measured.length) {
      $("lead").textContent = "No outcome of a fault is measured.";
      return;
    }
    const named = state.subject ? Commits.find(state.subject) : undefined;
    const at = named ? Commits.position(named) : -1;
    const position = at >= 0 ? at : matrix.measured[matrix.measured.length - 1];
    for (const name of BOXES) input(name).checked = Boolean(state[name]);
    if ($(TEXT) !== document.activeElement) input(TEXT).value = state[TEXT] || "";
    choices(state, number, position, matrix);
    const faults = Faults.byUrgency(chosen(state, matrix, position), position);
    lead(matrix, faults, position);
    legend(matrix);
    FaultMatrix.draw(matrix, faults, position, Boolean(state.every));
    FaultCases.draw(matrix, faults, position);
  }

  /** @param {AddressState} state */
  const tryToShow = (state) => show(state).catch((error) => Elements.complain($("cases"), error));

  /** @param {AddressState} state */
  function choose(state) {
    Address.write(state);
    tryToShow(state);
  }

  /** @param {AddressState} state @param {number} number @param {number} position
      @param {OutcomeMatrix} matrix */
  function choices(state, number, position, matrix) {
    const names = Faults.series.map(({ name, shown }, n) => [
      name,
      Faults.unexpected[n] ? `${shown} (${Faults.unexpected[n]} not as expected)` : shown,
    ]);
    const commit = Choices.ofCommit(Commits.at(position), (hash) =>
      choose({ ...state, subject: hash }),
    );
    const series =
      names.length > 1 &&
      Choices.of("series", "Series", names, names[number][0], (name) =>
        choose({ ...state, show: name }),
      );
    const outcome = Choices.of(
      "outcome",
      "Outcome",
      outcomes(matrix, position),
      state.outcome || "",
      (word) => choose({ ...state, outcome: word }),
    );
    Elements.keepingFocus(() => Elements.fill($("choices"), commit, series, outcome));
  }

  /** The outcomes that there are at a position, with the number of each.
      @param {OutcomeMatrix} matrix @param {number} position */
  function outcomes(matrix, position) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { values } of matrix.faults) {
      const word = outcomeOf(values[position], matrix);
      if (word) counts.set(word, (counts.get(word) || 0) + 1);
    }
    const words = [...matrix.series.codes, FAILED, NONE].filter((word) => counts.has(word));
    return [["", "any"], ...words.map((word) => [word, `${word} (${counts.get(word)})`])];
  }

  /** @param {OutcomeMatrix} matrix @param {Fault[]} faults @param {number} position */
  function lead(matrix, faults, position) {
    /** @param {(value: Encoded, fault: Fault) => boolean} test */
    const count = (test) =>
      matrix.faults.filter((fault) => test(fault.values[position], fault)).length;
    const commit = Commits.at(position);
    const counts = [
      { many: count(Faults.isExpected), words: "as expected" },
      { many: count(Faults.isUnexpected), words: "not as expected" },
      { many: count((value) => value === "n"), words: "n/a" },
      { many: count((value) => value === null), words: "not measured" },
    ]
      .filter(({ many }) => many)
      .map(({ many, words }) => `${many} ${words}`)
      .join(", ");
    const some = faults.length < matrix.faults.length ? ` ${faults.length} are shown.` : "";
    $("lead").textContent =
      `${Format.plural(matrix.faults.length, "fault")} at ${commit.short} of ${Format.day(commit.date)}: ${counts}.${some}`;
  }

  /** @param {OutcomeMatrix} matrix */
  function legend({ series, letters }) {
    const codes = series.codes.map((code, n) => `${letters[n]} ${code}`).join(", ");
    Elements.fill(
      $("legend"),
      `✓ as expected, ✗ not as expected, – n/a. ${codes}. A thick edge: another outcome than at the commit to the right, which is older. `,
      el("a", { href: AllSeries.address(series) }, "History of this series"),
    );
  }

  function changedFilter() {
    const state = Address.read();
    for (const name of BOXES) state[name] = input(name).checked ? "1" : "";
    state[TEXT] = input(TEXT).value;
    choose(state);
  }

  $("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const name of [...BOXES, TEXT]) $(name).addEventListener("input", changedFilter);
  Address.follow((state) => tryToShow(Moved.followed(state, "show")));
})();
