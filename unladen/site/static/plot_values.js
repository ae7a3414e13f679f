/* The values of a plot as a table, and as a file for other programs. */
"use strict";

const PlotValues = (() => {
  const { el, fill } = Elements;
  const ROWS = 100;

  /** The table of what is shown: a row for each x, a column for each line that says something.
      @param {Plot} plot */
  function table({ drawing, places }) {
    const lines = places.shown.lines.filter(({ said }) => said);
    const stops = PlotStops.all(places);
    const newestFirst = drawing.isNewestLast ? [...stops].reverse() : stops;
    /** @param {number} x */
    const row = (x) => {
      const readings = PlotStops.readings(places, x);
      const [first] = readings;
      const about = first && drawing.about(first.line, first.n);
      return el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          about?.href ? el("a", { href: about.href }, about.title) : about?.title,
        ),
        lines.map((line) =>
          el(
            "td",
            { class: "number", "data-label": line.name },
            readings.find((one) => one.line === line)?.text ?? "",
          ),
        ),
      );
    };
    const body = el("tbody", {}, newestFirst.slice(0, ROWS).map(row));
    const heads = [drawing.what, ...lines.map(({ name }) => `#${name}`)];
    const left = newestFirst.slice(ROWS);
    const more =
      left.length > 0 &&
      Tables.more(`${left.length} more`, () => {
        body.append(...left.map(row));
        if (more) more.remove();
      });
    return [Tables.stacked(heads, body), more];
  }

  /** A field as CSV has it. What a spreadsheet would take for a formula begins with an apostrophe.
      @param {string | number | null} field */
  function csvField(field) {
    if (field === null) return "";
    if (typeof field === "number") return String(field);
    const safe = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  /** Rows as CSV.
      @param {(string | number | null)[][]} rows */
  const csv = (rows) => `${rows.map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`;

  /** A row for each value that is shown.
      @param {Plot} plot */
  function rowsOf({ drawing, places }) {
    if (drawing.rows) return drawing.rows(places.range);
    /** @type {(string | number | null)[][]} */
    const rows = [[drawing.what, "line", "value"]];
    const [low, high] = places.range;
    for (const { name, x, y, said } of places.shown.lines) {
      x.forEach((at, n) => {
        if (said && at >= low && at <= high) rows.push([at, name, y[n]]);
      });
    }
    return rows;
  }

  /** Hands a file to the reader, made here: there is no server to ask.
      @param {string} name @param {string} text */
  function save(name, text) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  /** What can be opened below a plot.
      @param {Plot} plot */
  function part(plot) {
    const place = el("div");
    const details = el(
      "details",
      { class: "plot-values", on: { toggle: () => show(plot) } },
      el("summary", {}, "Values"),
      Tables.more("Download as CSV", () => {
        const name = plot.label.replace(/[^\w.-]+/g, "-").slice(0, 80);
        save(`${name}.csv`, csv(rowsOf(plot)));
      }),
      place,
    );
    return { details, place };
  }

  /** Shows the table anew, if it is open.
      @param {Plot} plot */
  function show(plot) {
    const { details, place } = plot.values;
    if (details.open) fill(place, table(plot));
  }

  return { part, show, csv };
})();
