/* What is known of each fault at one commit. */
"use strict";

const FaultCases = (() => {
  const { el, $ } = Elements;
  const HEADS = ["Fault", "Actual", "Expected", "Since", "Note"];
  /** @type {Record<string, string>} */
  const MARKS = { right: "better", wrong: "worse" };

  /** @param {OutcomeMatrix} matrix @param {Fault[]} faults @param {number} position */
  function draw(matrix, faults, position) {
    $("cases-heading").textContent = `At ${Commits.at(position).short}`;
    const rows = faults.map((fault) => row(matrix, fault, position));
    const table = Tables.stacked(HEADS, el("tbody", {}, rows), { style: "cases" });
    Elements.fill($("cases"), faults.length > 0 && table);
  }

  /** @param {OutcomeMatrix} matrix @param {Fault} fault @param {number} position */
  function row(matrix, fault, position) {
    const { series } = matrix;
    const value = fault.values[position];
    const { sign, style } = Faults.told(value, fault, matrix);
    const expected = fault.expected.map((code) => series.codes[code]).join(" or ");
    return el(
      "tr",
      { id: `case-${fault.cell}`, tabindex: "-1" },
      el(
        "th",
        { scope: "row" },
        el("a", { href: AllSeries.address(series, fault.cell) }, fault.name),
        fault.about && el("div", { class: "soft small" }, fault.about),
      ),
      el(
        "td",
        { "data-label": "Actual" },
        Marks.mark(`${sign} ${Readings.text(value, series)}`.trim(), MARKS[style] || ""),
        style === "wrong" && el("span", { class: "visually-hidden" }, " not as expected"),
      ),
      el("td", { "data-label": "Expected" }, expected || "not said"),
      el("td", { "data-label": "Since" }, since(fault, position)),
      el("td", { "data-label": "Note" }, note(matrix, fault, position)),
    );
  }

  /** @param {Fault} fault @param {number} position @returns {Child} */
  function since({ values }, position) {
    if (values[position] === null) return null;
    const commit = Commits.at(Faults.since(values, position));
    const day = el("span", { class: "small soft" }, Format.day(commit.date));
    return [Marks.commitLink(commit), " ", day];
  }

  /** What was noted; if at an earlier commit with the same outcome, that it was.
      @param {OutcomeMatrix} matrix @param {Fault} fault @param {number} position
      @returns {Child} */
  function note(matrix, fault, position) {
    const value = fault.values[position];
    const reason = Readings.reasonOf(value, matrix.reasons);
    const noted = Faults.noteOf(fault, position);
    if (value === null || !(reason || noted.text)) return null;
    const link = Marks.commitLink(Commits.at(noted.position));
    return [
      el("div", { class: "note small" }, reason || noted.text),
      !reason &&
        noted.position !== position &&
        el("div", { class: "small soft" }, "as noted at ", link),
    ];
  }

  return { draw };
})();
