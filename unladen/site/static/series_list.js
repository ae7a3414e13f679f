/* All series, by what they are about, each with a small plot of its first cells. */
"use strict";

const SeriesList = (() => {
  const { el, $, input } = Elements;
  let isWired = false;
  /** Rows that there have been, with their small plots, by series.
      @type {Map<Series, HTMLElement>} */
  const rows = new Map();

  /** By series, the number of commits that changed it. */
  function changedSeries() {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const commit of Commits.all) {
      const changes = Commits.changed(commit).filter((change) => !Changes.isDismissed(change));
      for (const number of new Set(changes.flatMap((change) => change.series))) {
        counts.set(number, (counts.get(number) || 0) + 1);
      }
    }
    return counts;
  }

  /** @param {Map<number, number>} counts */
  function render(counts) {
    const part = input("wanted").value;
    const found = AllSeries.all.filter(
      (series) =>
        AllSeries.isCalled(series, part) &&
        (!input("only-changed").checked || counts.has(series.number)),
    );
    const groups = [...new Set(found.map((series) => series.group))].sort();
    const sections = groups.map((group) =>
      section(
        group || "other",
        found.filter((series) => series.group === group),
        counts,
      ),
    );
    Elements.fill(
      $("list"),
      sections.length ? sections : el("p", { role: "status" }, "No series is called so."),
    );
  }

  /** @param {string} group @param {Series[]} members @param {Map<number, number>} counts */
  function section(group, members, counts) {
    const heads = ["Series", "Kind", "Unit", "Changed by", "History"];
    const body = el(
      "tbody",
      {},
      members.map((series) => rowOf(series, counts)),
    );
    return el("section", {}, el("h2", {}, group), Tables.stacked(heads, body, { style: "even" }));
  }

  /** @param {Series} series @param {Map<number, number>} counts */
  function rowOf(series, counts) {
    const found = rows.get(series) ?? row(series, counts.get(series.number) || 0);
    rows.set(series, found);
    return found;
  }

  /** @param {Series} series @param {number} count */
  function row(series, count) {
    const around = el("td", { "data-label": "History", class: "around" });
    Elements.whenNear(around, async () => {
      try {
        const values = await Values.of(series);
        const latest = values.changes[values.changes.length - 1];
        const cell = latest ? latest.cell : 0;
        const label = `${series.shown} ${AllSeries.cellText(series, cell)} over all commits`;
        const spark = Spark.draw(values.cells[cell].values, { steps: series.isExact, label });
        Elements.fill(around, spark);
      } catch (error) {
        Elements.complain(around, error);
      }
    });
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("a", { href: AllSeries.address(series) }, Elements.breakable(series.shown)),
      ),
      el("td", { "data-label": "Kind" }, series.kind || "not said"),
      el("td", { "data-label": "Unit" }, series.unit),
      el("td", { "data-label": "Changed by" }, Format.plural(count, "commit")),
      around,
    );
  }

  /** Shows the list. `wanted`: the part of a name that is asked for, "" for all.
      @param {string} wanted */
  function show(wanted) {
    $("heading").textContent = "Series";
    document.title = `${Unladen.data("site").target}: series`;
    const counts = changedSeries();
    if (wanted) input("wanted").value = wanted;
    if (!isWired) {
      isWired = true;
      input("wanted").addEventListener("input", () => render(counts));
      input("wanted").form?.addEventListener("submit", (event) => event.preventDefault());
      input("only-changed").addEventListener("input", () => render(counts));
    }
    render(counts);
  }

  return { show };
})();
