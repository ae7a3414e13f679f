/* All series, by what they are about, each with a small plot of its first cells. */
"use strict";

((U) => {
  const { el, $ } = U;
  let isWired = false;

  /** By series, the number of commits that changed it. */
  function changedSeries() {
    const counts = new Map();
    for (const commit of U.commits) {
      const changes = U.found(commit).filter((change) => !U.dismissed.has(change.state));
      for (const number of new Set(changes.flatMap((change) => change.series))) {
        counts.set(number, (counts.get(number) || 0) + 1);
      }
    }
    return counts;
  }

  function render(counts) {
    const part = $("wanted").value;
    const found = U.series.filter(
      (series) =>
        U.isCalled(series, part) && (!$("only-changed").checked || counts.has(series.number)),
    );
    const groups = new Map();
    for (const series of found) {
      const group = series.group || "other";
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(series);
    }
    const sections = [...groups].sort().map(([group, members]) => section(group, members, counts));
    U.fill(
      $("list"),
      sections.length ? sections : el("p", { role: "status" }, "No series is called so."),
    );
  }

  function section(group, members, counts) {
    const head = ["Series", "Kind", "Unit", "Changed by", "History"];
    return el(
      "section",
      {},
      el("h2", {}, group),
      el(
        "div",
        { class: "scroll" },
        el(
          "table",
          { class: "stack even" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              head.map((text) => el("th", { scope: "col" }, text)),
            ),
          ),
          el(
            "tbody",
            {},
            members.map((series) => row(series, counts)),
          ),
        ),
      ),
    );
  }

  function row(series, counts) {
    const place = el("td", { "data-label": "History", class: "around" });
    U.whenNear(place, async () => {
      try {
        const values = await U.values(series);
        const latest = values.changes[values.changes.length - 1];
        const cell = latest ? latest.cell : 0;
        const label = `${series.shown} ${U.cellText(series, cell)} over all commits`;
        U.fill(place, U.spark(values.cells[cell].values, { steps: series.isExact, label }));
      } catch (error) {
        U.complain(place, error);
      }
    });
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, el("a", { href: U.seriesLink(series) }, series.shown)),
      el("td", { "data-label": "Kind" }, series.kind || "not said"),
      el("td", { "data-label": "Unit" }, series.unit),
      el("td", { "data-label": "Changed by" }, U.plural(counts.get(series.number) || 0, "commit")),
      place,
    );
  }

  U.showSeriesList = (unknown) => {
    $("heading").textContent = "Series";
    document.title = `${U.site.target}: series`;
    const counts = changedSeries();
    if (unknown) $("wanted").value = unknown;
    if (!isWired) {
      isWired = true;
      $("wanted").addEventListener("input", () => render(counts));
      $("wanted").form.addEventListener("submit", (event) => event.preventDefault());
      $("only-changed").addEventListener("input", () => render(counts));
    }
    render(counts);
  };
})(window.Unladen);
