/* The page of faults: the choice of faults and commits, and what it comes to. */
"use strict";

(() => {
  const { el, $, input } = Elements;
  const BOXES = ["unexpected", "every"];
  const TEXT = "text";

  let turns = 0;

  /** The faults that a state shows at a position.
      @param {AddressState} state @param {OutcomeMatrix} matrix @param {number} position */
  function chosen(state, matrix, position) {
    const text = (state.text || "").toLowerCase();
    return matrix.faults.filter((fault) => {
      const value = fault.values[position];
      if (state.unexpected && !Faults.isUnexpected(value, fault)) return false;
      const { words } = Faults.told(value, fault, matrix);
      const note = Faults.noteOf(fault, position).text;
      return [fault.name, fault.about, words, note].some((one) => one.toLowerCase().includes(text));
    });
  }

  /** @param {AddressState} state */
  async function show(state) {
    const turn = ++turns;
    const number = Math.max(
      Faults.series.findIndex(({ name }) => name === state.show),
      0,
    );
    const matrix = await Faults.load(number);
    if (turn !== turns) return;
    if (!matrix.measured.length) {
      $("lead").textContent = "No outcome of a fault is measured.";
      return;
    }
    const named = state.subject ? Commits.find(state.subject) : undefined;
    const asked = named ? Commits.position(named) : -1;
    const position = asked >= 0 ? asked : matrix.measured[matrix.measured.length - 1];
    for (const name of BOXES) input(name).checked = Boolean(state[name]);
    if ($(TEXT) !== document.activeElement) input(TEXT).value = state[TEXT] || "";
    choices(state, number, position);
    const faults = chosen(state, matrix, position);
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

  /** @param {AddressState} state @param {number} number @param {number} position */
  function choices(state, number, position) {
    const names = Faults.series.map((series) => [series.name, series.shown]);
    const commit = Choices.ofCommit(Commits.at(position), (hash) =>
      choose({ ...state, subject: hash }),
    );
    const series =
      names.length > 1 &&
      Choices.of("series", "Series", names, names[number][0], (name) =>
        choose({ ...state, show: name }),
      );
    Elements.keepingFocus(() => Elements.fill($("choices"), commit, series));
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
