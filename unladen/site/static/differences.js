/* What differs between two sets of values, and for whom that is good: as unladen/changes judges the
changes of one commit. */
"use strict";

const Differences = (() => {
  const { limits, behaviour } = Unladen.data("site");
  const behaves = new Set(behaviour);

  /** @type {Record<Exclude<ChangeKind, "value">, number>} */
  const TIERS = {
    broke: 0,
    "goes wrong": 0,
    "works again": 1,
    "right again": 1,
    appears: 2,
    disappears: 2,
  };

  /** @typedef {"right" | "wrong" | "failed" | "n/a"} Sort */

  /** @param {Encoded} value @returns {Sort} */
  function sortOf(value) {
    if (Readings.isNumber(value)) return "right";
    if (Readings.isWrong(value)) return "wrong";
    return Readings.isFailure(value) ? "failed" : "n/a";
  }

  /** Whether a value of a cell is one of the expected codes; null where that is not said.
      @param {Series} series @param {number} cell @param {number} value */
  function isExpected(series, cell, value) {
    const expected = series.expected[cell];
    return expected ? expected.includes(value) : null;
  }

  /** What the worse of two values is decided by: what is not expected, then the direction.
      @param {Series} series @param {number} cell @param {number} before @param {number} after */
  function isWorseNow(series, cell, before, after) {
    const [was, now] = [before, after].map((value) => isExpected(series, cell, value) === false);
    if (was !== now) return now;
    return series.higher ? after < before : after > before;
  }

  /** What it is that a value is of another sort than before.
      @param {Sort} was @param {Sort} now @returns {{kind: ChangeKind, verdict: Verdict}} */
  function turned(was, now) {
    if (now === "failed" || now === "wrong") {
      const isNeither = was === "failed" || was === "wrong";
      const kind = now === "failed" ? "broke" : "goes wrong";
      return { kind, verdict: isNeither ? "neither" : "regression" };
    }
    if (now === "n/a") return { kind: "disappears", verdict: "neither" };
    if (was === "n/a") return { kind: "appears", verdict: "neither" };
    return { kind: was === "wrong" ? "right again" : "works again", verdict: "improvement" };
  }

  /** What happened to a cell; null if nothing did, or it is not known on both sides.
      @param {Series} series @param {number} cell @param {Encoded} before @param {Encoded} after
      @returns {{kind: ChangeKind, verdict: Verdict} | null} */
  function between(series, cell, before, after) {
    if (before === null || after === null) return null;
    const [was, now] = [before, after].map(sortOf);
    if (was !== now) return turned(was, now);
    if (was === "failed" || was === "n/a") return null;
    const [one, other] = [Number(Readings.figureOf(before)), Number(Readings.figureOf(after))];
    const slack = Math.max(series.tolerance, limits.rounding);
    if (Math.abs(other - one) <= slack * Math.max(Math.abs(one), Math.abs(other))) return null;
    const verdict = isWorseNow(series, cell, one, other) ? "regression" : "improvement";
    return { kind: "value", verdict };
  }

  /** Whether a difference of a series is too small to be worth a line.
      @param {Series} series @param {ChangeKind} kind @param {number} size */
  function isMinor(series, kind, size) {
    if (kind !== "value") return false;
    if (!series.isExact) return size < Math.log1p(limits.step);
    if (behaves.has(series.group)) return false;
    return size < (Format.isOfExponents(series) ? limits.exponent : Math.log1p(limits.ratio));
  }

  /** How sure a difference is, by the changes that lie between the two sides: "host" where none of
      them is a commit's.
      @param {Known} one @param {Known} other @returns {State} */
  function stateOf(one, other) {
    const isUnsure = one.suspected !== other.suspected || one.none !== other.none;
    if (!isUnsure) return "certain";
    return one.suspected === other.suspected && one.facts === other.facts ? "host" : "suspected";
  }

  /** All that differs between two sides, by series.
      @param {Series[]} all @param {KnownAt} before @param {KnownAt} after */
  function find(all, before, after) {
    return all.flatMap((series) => ofSeries(series, before, after));
  }

  /** @param {Series} series @param {KnownAt} before @param {KnownAt} after
      @returns {Difference[]} */
  function ofSeries(series, before, after) {
    /** @type {Map<string, Difference>} */
    const found = new Map();
    for (const cell of series.cells.keys()) {
      const [one, other] = [before(series.number, cell), after(series.number, cell)];
      const what = between(series, cell, one.value, other.value);
      if (!what) continue;
      const state = stateOf(one, other);
      const size = ChangeFilter.sizeOf(series, one.value, other.value);
      const key = [what.kind, what.verdict, state, ...codesOf(series, one, other)].join();
      const known = found.get(key);
      const pair = { cell, before: one.value, after: other.value, size };
      if (known) known.pairs.push(pair);
      else found.set(key, { ...what, ...NOTHING, series, state, pairs: [pair] });
    }
    return [...found.values()].map(judged);
  }

  const NOTHING = { isMinor: false, isThere: true, counts: false, size: 0 };

  /** Of outcomes from which one to which one.
      @param {Series} series @param {{value: Encoded}} one @param {{value: Encoded}} other */
  const codesOf = (series, one, other) => (Format.isCoded(series) ? [one.value, other.value] : []);

  /** @param {Difference} difference @returns {Difference} */
  function judged(difference) {
    const { series, kind, state, pairs } = difference;
    pairs.sort((a, b) => b.size - a.size);
    const { size } = pairs[0];
    const minor = state === "host" || isMinor(series, kind, size);
    const counts = !minor && Changes.isSettled({ state });
    return { ...difference, isMinor: minor, counts, size: ChangeFilter.stepOf(size) };
  }

  /** @param {Series} series @param {ChangeKind} kind @param {number} cell @param {Encoded} before
      @param {Encoded} after */
  function tierOf(series, kind, cell, before, after) {
    if (kind !== "value") return TIERS[kind];
    const [was, now] = [before, after].map((one) => isExpected(series, cell, Number(one)));
    if (was !== now) return now ? 1 : 0;
    return behaves.has(series.group) ? 3 : 4;
  }

  /** What is told first: what is worse; what broke or works, appears, is behaviour, the rest; by size.
      @param {Difference} difference @returns {number[]} */
  function rank({ series, kind, verdict, pairs, isMinor, state }) {
    const [{ cell, before, after, size }] = pairs;
    const goodness = verdict === "regression" ? 0 : 1;
    const tier = tierOf(series, kind, cell, before, after);
    return [Number(isMinor), Number(state === "suspected"), goodness, tier, -size];
  }

  /** @param {Difference} one @param {Difference} other */
  function order(one, other) {
    const [a, b] = [rank(one), rank(other)];
    const n = a.findIndex((part, index) => part !== b[index]);
    return n < 0 ? one.series.number - other.series.number : a[n] < b[n] ? -1 : 1;
  }

  return { find, order };
})();
