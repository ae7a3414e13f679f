/* The filter of changes: one and the same on the list of commits, the page of a commit and that of a
comparison. A change has to be all that is asked for. */
"use strict";

const ChangeFilter = (() => {
  const { el, input } = Elements;
  const { sizes } = Unladen.data("site");

  /** @typedef {(change: Filtered) => boolean} Test */

  const FIELDS = ["series", "kind", "size", "state"];

  /** @type {Test} */
  const isRegression = (change) => change.counts && change.verdict === "regression";

  /** @type {Map<string, Test>} */
  const KINDS = new Map([
    ["regression", isRegression],
    ["standing", (change) => isRegression(change) && change.isThere],
    ["improvement", (change) => change.counts && change.verdict === "improvement"],
    ["broke", (change) => change.counts && ["broke", "goes wrong"].includes(change.kind)],
    ["works", (change) => change.counts && ["works again", "right again"].includes(change.kind)],
    ["new", (change) => ["appears", "disappears"].includes(change.kind)],
    ["suspected", (change) => change.state === "suspected" && !change.isMinor],
  ]);

  /** @type {Map<string, Test>} */
  const STATES = new Map([
    ["fact", (change) => Changes.isSettled(change)],
    ["confirmed", (change) => change.state === "confirmed"],
    ["suspected", (change) => change.state === "suspected"],
    ["none", (change) => Changes.isDismissed(change)],
    ["there", (change) => change.isThere && !Changes.isDismissed(change)],
    ["undone", (change) => !change.isThere && !Changes.isDismissed(change)],
  ]);

  /** How many of the least sizes a size of `sizeOf` reaches.
      @param {number} size */
  const stepOf = (size) => sizes.filter((least) => size >= Math.log1p(least) * 0.9999).length;

  /** How big a change is: the logarithm of its ratio; of an exponent and of codes the difference;
      infinite without two figures.
      @param {Series} series @param {Encoded} before @param {Encoded} after */
  function sizeOf(series, before, after) {
    const [one, other] = [Readings.figureOf(before), Readings.figureOf(after)];
    if (one !== null && one === other) return 0;
    const isDifference = Format.isOfExponents(series) || Format.isCoded(series);
    if (isDifference && one !== null && other !== null) {
      return Math.abs(other - one);
    }
    const times = Readings.ratio(before, after);
    return times ? Math.abs(Math.log(times)) : Number.POSITIVE_INFINITY;
  }

  /** A change as a filter sees it.
      @param {Change} change @param {boolean} isMinor @returns {Filtered} */
  function seen({ series, kind, verdict, state, before, after, ...fate }, isMinor) {
    const counts = !isMinor && Changes.isSettled({ state });
    const size = stepOf(sizeOf(series, before, after));
    const isThere = fate.undoneBy === null && !fate.isAccepted;
    return { kind, verdict, state, isMinor, isThere, counts, size };
  }

  /** The numbers of the series that are called so, or are of a group that is; null for all.
      @param {string} text */
  function seriesCalled(text) {
    if (!text.trim()) return null;
    return new Set(
      AllSeries.all.filter((one) => AllSeries.isCalled(one, text)).map((one) => one.number),
    );
  }

  /** What is asked for, as the address has it.
      @param {AddressState} state @returns {WantedChanges} */
  const wantedOf = ({ series = "", kind = "", size = "", state = "" }) => ({
    series,
    kind,
    size,
    state,
  });

  /** Whether anything is asked of changes.
      @param {WantedChanges} wanted */
  const isAsked = ({ series, kind, size, state }) => Boolean(series || kind || size || state);

  /** Whether a change is what is asked for, whatever its series. A kind that is none of changes asks
      nothing.
      @param {WantedChanges} wanted @returns {Test} */
  function test({ kind, size, state }) {
    const tests = [KINDS.get(kind), STATES.get(state)].filter((one) => one !== undefined);
    const least = Number(size) / 100;
    if (least > 0) {
      const step = stepOf(Math.log1p(least));
      tests.push((change) => change.size >= step);
    }
    return (change) => tests.every((one) => one(change));
  }

  /** Puts what the address says into the fields, but for one that is being typed into.
      @param {string[]} names @param {AddressState} state */
  function fill(names, state) {
    for (const name of names) {
      const field = input(name);
      if (field.type === "checkbox") field.checked = Boolean(state[name]);
      else if (field !== document.activeElement) field.value = state[name] || "";
    }
  }

  /** What the fields say.
      @param {string[]} names @returns {Record<string, string>} */
  const read = (names) =>
    Object.fromEntries(
      names.map((name) => {
        const { type, checked, value } = input(name);
        return [name, type === "checkbox" ? (checked ? "1" : "") : value.trim()];
      }),
    );

  /** Calls `changed` with what the fields say whenever that changes.
      @param {string[]} names @param {(said: Record<string, string>) => void} changed */
  function listen(names, changed) {
    Elements.$("filters").addEventListener("submit", (event) => event.preventDefault());
    for (const name of names) input(name).addEventListener("input", () => changed(read(names)));
  }

  /** Fills the suggestions of names: of series and their groups, when there is time. */
  function suggest() {
    const groups = new Set(AllSeries.all.map(({ group }) => group).filter(Boolean));
    const names = [...groups, ...AllSeries.all.map(({ shown }) => shown)];
    Elements.fill(
      Elements.$("series-names"),
      names.map((value) => el("option", { value })),
    );
  }

  return {
    FIELDS,
    sizeOf,
    stepOf,
    seen,
    seriesCalled,
    wantedOf,
    isAsked,
    test,
    fill,
    listen,
    suggest,
  };
})();
