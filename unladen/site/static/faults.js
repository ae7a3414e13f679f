/* Faults and what became of them: outcomes by position, what was expected, what was noted. */
"use strict";

const Faults = (() => {
  const { matrices, texts } = Unladen.data("faults");

  /** How an outcome reads.
      @typedef {{sign: string, letters: string, words: string, style: string}} Told */

  /** The series of outcomes that there are. */
  const series = matrices.map((matrix) => AllSeries.all[matrix.series]);

  /** How many faults of each of them are not as expected at the newest commit. */
  const unexpected = matrices.map((matrix) => matrix.unexpected);

  /** Promises what is known of the faults of one of them.
      @param {number} number @returns {Promise<OutcomeMatrix>} */
  async function load(number) {
    const { letters, cases } = matrices[number];
    const { cells, reasons } = await Values.of(series[number]);
    const faults = cases.map((one, cell) => ({
      ...one,
      cell,
      short: one.name.startsWith(`${one.place}:`)
        ? one.name.slice(one.place.length + 1).trim()
        : one.name,
      values: cells[cell].values,
    }));
    const measured = [...Commits.measured.keys()].filter((position) =>
      faults.some(({ values }) => values[position] !== null),
    );
    return { series: series[number], letters, faults, measured, reasons };
  }

  /** @param {Encoded} value @param {Fault} fault @param {OutcomeMatrix} matrix @returns {Told} */
  function told(value, fault, matrix) {
    if (value === null) return { sign: "", letters: "", words: "not measured", style: "" };
    if (Readings.isFailure(value)) {
      return { sign: "✗", letters: "fail", words: "failed", style: "wrong" };
    }
    if (!Readings.isNumber(value)) {
      return { sign: "–", letters: "n/a", words: "n/a", style: "open" };
    }
    const words = Format.quantity(value, matrix.series);
    const letters = matrix.letters[value] ?? words;
    if (!fault.expected.length) return { sign: "?", letters, words, style: "open" };
    return fault.expected.includes(value)
      ? { sign: "✓", letters, words: `${words}, as expected`, style: "right" }
      : { sign: "✗", letters, words: `${words}, not as expected`, style: "wrong" };
  }

  /** @param {Encoded} value @param {Fault} fault */
  const isExpected = (value, fault) => Readings.isNumber(value) && fault.expected.includes(value);

  /** @param {Encoded} value @param {Fault} fault */
  const isUnexpected = (value, fault) =>
    Readings.isFailure(value) ||
    (Readings.isNumber(value) && fault.expected.length > 0 && !fault.expected.includes(value));

  /** How urgent an outcome is: what is not as expected comes first, then that of which nothing is,
      what is as expected, n/a, and what is not known.
      @param {Encoded} value @param {Fault} fault */
  function urgency(value, fault) {
    if (isUnexpected(value, fault)) return 0;
    if (value === null) return 4;
    if (!Readings.isNumber(value)) return 3;
    return isExpected(value, fault) ? 2 : 1;
  }

  /** Some faults, those first that are not as expected at a position; the places of these first, too.
      @param {Fault[]} faults @param {number} position */
  function byUrgency(faults, position) {
    /** @type {Map<string, number>} */
    const places = new Map();
    for (const fault of faults) {
      const mine = urgency(fault.values[position], fault);
      places.set(fault.place, Math.min(places.get(fault.place) ?? mine, mine));
    }
    /** @param {Fault} fault */
    const rank = ({ place }) => places.get(place) ?? 0;
    return [...faults].sort(
      (a, b) =>
        rank(a) - rank(b) ||
        urgency(a.values[position], a) - urgency(b.values[position], b) ||
        a.cell - b.cell,
    );
  }

  /** Whether two values say the same; failures do, whatever their reasons.
      @param {Encoded} one @param {Encoded} other */
  const isSame = (one, other) =>
    one === other || (Readings.isFailure(one) && Readings.isFailure(other));

  /** The first position from which on the fault had the value that it has at `position`.
      @param {Encoded[]} values @param {number} position */
  function since(values, position) {
    let first = position;
    for (let at = position; at >= 0; at--) {
      if (values[at] === null) continue;
      if (!isSame(values[at], values[position])) break;
      first = at;
    }
    return first;
  }

  /** The positions at which the value of one of these faults is not what it was when last
      measured.
      @param {Fault[]} faults */
  function changed(faults) {
    /** @type {Set<number>} */
    const found = new Set();
    for (const { values } of faults) {
      /** @type {Encoded} */
      let last = null;
      for (const [position, value] of values.entries()) {
        if (value === null) continue;
        if (last !== null && !isSame(last, value)) found.add(position);
        last = value;
      }
    }
    return found;
  }

  /** The note on a fault at a position, and where it was noted: that of the same outcome last
      noted.
      @param {Fault} fault @param {number} position */
  function noteOf({ notes }, position) {
    let note = { text: "", position };
    for (let n = 0; n < notes.length && notes[n] <= position; n += 2) {
      note = { text: texts[notes[n + 1]], position: notes[n] };
    }
    return note;
  }

  return {
    series,
    unexpected,
    load,
    told,
    isExpected,
    isUnexpected,
    urgency,
    byUrgency,
    isSame,
    since,
    changed,
    noteOf,
  };
})();
