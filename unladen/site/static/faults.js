/* Faults by commits, like a test report, and what is known of each at one commit. */
"use strict";

((U) => {
  const { el, $ } = U;
  const { matrices, texts } = U.data("faults");
  const FIELDS = { unexpected: "checked", every: "checked", text: "value" };
  const COLUMNS = 60;

  /** How a stored value reads: [sign, letters, words, style]. */
  function told(value, fault, matrix) {
    if (value === null) return ["", "", "not measured", ""];
    if (value === "n") return ["–", "n/a", "n/a", "open"];
    if (U.isFailure(value)) return ["✗", "fail", "failed", "wrong"];
    const words = U.quantity(value, matrix.info);
    const letters = matrix.letters[value] ?? words;
    if (!fault.expected.length) return ["?", letters, words, "open"];
    return fault.expected.includes(value)
      ? ["✓", letters, `${words}, as expected`, "right"]
      : ["✗", letters, `${words}, not as expected`, "wrong"];
  }

  const isUnexpected = (value, fault) =>
    U.isFailure(value) ||
    (typeof value === "number" && fault.expected.length > 0 && !fault.expected.includes(value));

  /** Two values that say the same; failures do, whatever their reasons. */
  const isSame = (one, other) => one === other || (U.isFailure(one) && U.isFailure(other));

  /** The first position from which on the fault had the value that it has at `position`. */
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
      measured. */
  function changes(faults) {
    const found = new Set();
    for (const { values } of faults) {
      let last = null;
      values.forEach((value, position) => {
        if (value === null) return;
        if (last !== null && !isSame(last, value)) found.add(position);
        last = value;
      });
    }
    return found;
  }

  /** [text, position] of the note on a fault at a position: that of the same outcome last noted. */
  function noteOf(fault, position) {
    let note = ["", position];
    for (let n = 0; n < fault.notes.length && fault.notes[n] <= position; n += 2) {
      note = [texts[fault.notes[n + 1]], fault.notes[n]];
    }
    return note;
  }

  async function load(number) {
    const { series, letters, cases } = matrices[number];
    const info = U.series[series];
    const { cells, reasons } = await U.values(info);
    const faults = cases.map((one, cell) => ({
      ...one,
      cell,
      short: one.name.startsWith(`${one.place}:`)
        ? one.name.slice(one.place.length + 1).trim()
        : one.name,
      values: cells[cell].values,
    }));
    const known = U.measured
      .map((_, position) => position)
      .filter((position) => faults.some(({ values }) => values[position] !== null));
    return { info, letters, faults, known, reasons };
  }

  /** The faults that a state shows at a position. */
  function chosen(state, matrix, position) {
    const text = (state.text || "").toLowerCase();
    return matrix.faults.filter((fault) => {
      const value = fault.values[position];
      if (state.unexpected && !isUnexpected(value, fault)) return false;
      const words = [fault.name, fault.about, told(value, fault, matrix)[2]];
      return [...words, noteOf(fault, position)[0]].some((one) => one.toLowerCase().includes(text));
    });
  }

  function byPlace(faults) {
    const places = new Map();
    for (const fault of faults) {
      if (!places.has(fault.place)) places.set(fault.place, []);
      places.get(fault.place).push(fault);
    }
    return [...places];
  }

  let limit = COLUMNS;
  let shown = 0;

  async function show(state) {
    const turn = ++shown;
    const number = Math.max(
      matrices.findIndex(({ series }) => U.series[series].name === state.show),
      0,
    );
    const matrix = await load(number);
    if (turn !== shown) return;
    if (!matrix.known.length) {
      $("lead").textContent = "No outcome of a fault is measured.";
      return;
    }
    const named = state.subject ? U.findCommit(state.subject) : undefined;
    const asked = named ? U.position(named) : -1;
    const position = asked >= 0 ? asked : matrix.known[matrix.known.length - 1];
    for (const [name, property] of Object.entries(FIELDS)) {
      const field = $(name);
      if (property === "checked") field.checked = Boolean(state[name]);
      else if (field !== document.activeElement) field.value = state[name] || "";
    }
    choices(state, number, position);
    const faults = chosen(state, matrix, position);
    lead(matrix, faults, position);
    legend(matrix);
    drawMatrix(state, matrix, faults, position);
    drawCases(matrix, faults, position);
  }

  function choose(state, changed) {
    const next = { ...state, ...changed };
    U.writeState(next);
    show(next).catch((error) => U.complain($("cases"), error));
  }

  function choices(state, number, position) {
    const focused = document.activeElement ? document.activeElement.id : "";
    const names = matrices.map(({ series }) => U.series[series]);
    U.fill(
      $("choices"),
      U.commitChoice("commit", "Commit", U.commitAt(position), (hash) =>
        choose(state, { subject: hash }),
      ),
      names.length > 1 &&
        U.choice(
          "series",
          "Series",
          names.map((one) => [one.name, one.shown]),
          names[number].name,
          (name) => choose(state, { show: name }),
        ),
    );
    if (focused && $(focused)) $(focused).focus();
  }

  function lead(matrix, faults, position) {
    const values = matrix.faults.map((fault) => [fault.values[position], fault]);
    const count = (test) => values.filter(([value, fault]) => test(value, fault)).length;
    const commit = U.commitAt(position);
    const parts = [
      [count((value, { expected }) => expected.includes(value)), "as expected"],
      [count(isUnexpected), "not as expected"],
      [count((value) => value === "n"), "n/a"],
      [count((value) => value === null), "not measured"],
    ];
    const counts = parts
      .filter(([many]) => many)
      .map(([many, words]) => `${many} ${words}`)
      .join(", ");
    const some = faults.length < matrix.faults.length ? ` ${faults.length} are shown.` : "";
    $("lead").textContent =
      `${U.plural(matrix.faults.length, "fault")} at ${commit.short} of ${U.day(commit.date)}: ${counts}.${some}`;
  }

  function legend({ info, letters }) {
    const codes = info.codes.map((code, n) => `${letters[n]} ${code}`).join(", ");
    U.fill(
      $("legend"),
      `✓ as expected, ✗ not as expected, – n/a. ${codes}. A thick edge: another outcome than at the commit to the right, which is older. `,
      el("a", { href: U.seriesLink(info) }, "History of this series"),
    );
  }

  /** The positions of the columns, newest first. */
  function columnsOf(state, matrix, faults, position) {
    const { known } = matrix;
    if (state.every) return [...known].reverse();
    const wanted = changes(faults);
    wanted.add(known[0]);
    wanted.add(known[known.length - 1]);
    wanted.add(position);
    return [...wanted].sort((a, b) => b - a);
  }

  function drawMatrix(state, matrix, faults, position) {
    const all = columnsOf(state, matrix, faults, position);
    const columns = all.slice(0, limit);
    const left = all.length - columns.length;
    $("more").hidden = left === 0;
    $("more").textContent = `Show ${U.plural(left, "older commit")}`;
    $("more").onclick = () => {
      limit = Infinity;
      drawMatrix(state, matrix, faults, position);
    };
    if (!faults.length) {
      U.fill($("matrix"), el("p", {}, "No fault is like that."));
      return;
    }
    const bodies = byPlace(faults).map(([place, members]) =>
      el(
        "tbody",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "rowgroup", colspan: columns.length + 1 }, el("span", {}, place)),
        ),
        members.map((fault) => row(matrix, fault, columns)),
      ),
    );
    U.fill(
      $("matrix"),
      el(
        "table",
        {},
        el(
          "caption",
          { class: "visually-hidden" },
          "Outcomes of faults (down) at commits (across, newest first)",
        ),
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Fault"),
            columns.map((one) => columnHead(one, position)),
          ),
        ),
        bodies,
      ),
    );
  }

  function columnHead(position, current) {
    const commit = U.commitAt(position);
    return el(
      "th",
      { scope: "col", class: position === current ? "chosen" : null },
      el(
        "a",
        {
          class: "hash",
          href: U.commitLink(commit),
          title: `${U.day(commit.date)} ${commit.subject}`,
        },
        commit.short,
      ),
    );
  }

  function row(matrix, fault, columns) {
    const button = el(
      "button",
      {
        type: "button",
        class: "plain",
        on: {
          click: () => {
            const place = $(`case-${fault.cell}`);
            place.scrollIntoView({ block: "center" });
            place.focus({ preventScroll: true });
          },
        },
      },
      el("span", { class: "visually-hidden" }, `${fault.place}: `),
      fault.short,
    );
    const cells = columns.map((position, n) => {
      const value = fault.values[position];
      const [sign, letters, words, style] = told(value, fault, matrix);
      const older = n + 1 < columns.length ? fault.values[columns[n + 1]] : null;
      const isOther = value !== null && older !== null && !isSame(value, older);
      return el(
        "td",
        { class: [style, isOther && "changed"].filter(Boolean).join(" ") },
        el("span", { "aria-hidden": "true" }, `${sign} ${letters}`.trim()),
        el("span", { class: "visually-hidden" }, words),
      );
    });
    return el("tr", {}, el("th", { scope: "row" }, button), cells);
  }

  function drawCases(matrix, faults, position) {
    $("cases-heading").textContent = `At ${U.commitAt(position).short}`;
    const heads = ["Fault", "Actual", "Expected", "Since", "Note"];
    const body = faults.map((fault) => caseRow(matrix, fault, position));
    U.fill(
      $("cases"),
      faults.length > 0 &&
        el(
          "div",
          { class: "scroll" },
          el(
            "table",
            { class: "stack cases" },
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                heads.map((head) => el("th", { scope: "col" }, head)),
              ),
            ),
            el("tbody", {}, body),
          ),
        ),
    );
  }

  const MARKS = { right: "better", wrong: "worse", open: "" };

  function caseRow(matrix, fault, position) {
    const { info } = matrix;
    const value = fault.values[position];
    const [sign, , , style] = told(value, fault, matrix);
    const words = U.readingText(value, info);
    const expected = fault.expected.map((code) => info.codes[code]).join(" or ");
    return el(
      "tr",
      { id: `case-${fault.cell}`, tabindex: "-1" },
      el(
        "th",
        { scope: "row" },
        el("a", { href: U.seriesLink(info, fault.cell) }, fault.name),
        fault.about && el("div", { class: "soft small" }, fault.about),
      ),
      el(
        "td",
        { "data-label": "Actual" },
        U.mark(`${sign} ${words}`.trim(), MARKS[style] || ""),
        style === "wrong" && el("span", { class: "visually-hidden" }, " not as expected"),
      ),
      el("td", { "data-label": "Expected" }, expected || "not said"),
      el("td", { "data-label": "Since" }, sinceOf(fault, position)),
      el("td", { "data-label": "Note" }, notes(matrix, fault, position)),
    );
  }

  function sinceOf(fault, position) {
    if (fault.values[position] === null) return "";
    const commit = U.commitAt(since(fault.values, position));
    return [U.commitLinkOf(commit), " ", el("span", { class: "small soft" }, U.day(commit.date))];
  }

  /** What was noted; if at an earlier commit with the same outcome, that it was. */
  function notes(matrix, fault, position) {
    const value = fault.values[position];
    const reason = U.reasonOf(value, matrix.reasons);
    const [text, at] = noteOf(fault, position);
    if (value === null || !(reason || text)) return [];
    return [
      el("div", { class: "note small" }, reason || text),
      !reason &&
        at !== position &&
        el("div", { class: "small soft" }, "as noted at ", U.commitLinkOf(U.commitAt(at))),
    ];
  }

  function changedFilter() {
    const state = U.readState();
    for (const [name, property] of Object.entries(FIELDS)) state[name] = $(name)[property];
    choose(state, {});
  }

  $("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const name of Object.keys(FIELDS)) $(name).addEventListener("input", changedFilter);
  U.onState((state) => show(state).catch((error) => U.complain($("cases"), error)));
})(window.Unladen);
