/* The list of commits, newest first, and its filters. */
"use strict";

((U) => {
  const { el, $ } = U;
  const FIRST = 30;
  const MORE = 60;
  /** The least height of a commit in the list, in pixels: with changes, without. */
  const HEIGHTS = [80, 45];
  const FIELDS = ["changed", "kind", "series", "text"];

  let found = [];
  let shown = 0;

  function lead() {
    const measured = U.plural(U.measured.length, "commit");
    const all = U.commits.length;
    const of = all > U.measured.length ? ` of ${all}` : "";
    const facts = `${measured}${of} measured on ${U.site.machine} (${U.site.environment}), `;
    U.fill($("lead"), `${facts}${U.plural(U.series.length, "series", "series")}. Newest first.`);
  }

  /** What a change is that a filter asks for; one change has to be all of it. */
  const byKind = {
    regression: (change) => change.counts && change.verdict === "regression",
    standing: (change) => byKind.regression(change) && change.isThere,
    improvement: (change) => change.counts && change.verdict === "improvement",
    broke: (change) => change.counts && ["broke", "goes wrong"].includes(change.kind),
    works: (change) => change.counts && ["works again", "right again"].includes(change.kind),
    new: (change) => change.kind === "appears" || change.kind === "disappears",
    suspected: (change) => change.state === "suspected" && !change.isMinor,
  };

  /** Tests of a commit: whether it has a change of a series that is wanted, and of that kind. */
  function changeTests({ changed, kind, series }) {
    const wanted = series
      ? new Set(U.series.filter((one) => U.isCalled(one, series)).map((one) => one.number))
      : null;
    const isWanted = (number) => wanted === null || wanted.has(number);
    const has = (test) => (commit) =>
      U.found(commit).some((change) => test(change) && change.series.some(isWanted));
    const isChange = (change) => !U.dismissed.has(change.state);
    if (kind === "unmeasured") {
      const lacks = (commit) => !commit.isMeasured || commit.gaps.some(isWanted);
      return changed ? [lacks, has(isChange)] : [lacks];
    }
    if (byKind[kind]) return [has(byKind[kind])];
    return changed || wanted ? [has(changed ? isChange : () => true)] : [];
  }

  function filter(state) {
    const tests = changeTests(state);
    if (state.text) {
      const text = state.text.toLowerCase();
      tests.push(
        (c) =>
          c.subject.toLowerCase().includes(text) ||
          c.author.toLowerCase().includes(text) ||
          c.hash.startsWith(text),
      );
    }
    return U.commits.filter((commit) => tests.every((test) => test(commit))).reverse();
  }

  function row(commit) {
    const counts = U.countMarks(commit);
    return el(
      "li",
      { class: commit.summary ? "" : "quiet", value: commit.number + 1 },
      el(
        "div",
        { class: "line" },
        el(
          "span",
          { class: "subject" },
          el("a", { href: U.commitLink(commit) }, el("bdi", {}, commit.subject)),
        ),
        el(
          "span",
          { class: "who" },
          el("span", { class: "hash" }, commit.short),
          " · ",
          el("time", { datetime: U.day(commit.date) }, U.day(commit.date)),
          " · ",
          el("bdi", {}, commit.author),
        ),
      ),
      counts.length > 0 && el("div", { class: "counts" }, counts),
      U.chips(commit),
    );
  }

  const [navigation] = performance.getEntriesByType("navigation");

  /** The number of commits that fill the screen, at most `FIRST`; who comes back finds all of
      them, so that the browser can scroll to where they were. */
  function screenful() {
    if (navigation && navigation.type !== "navigate") return FIRST;
    let [number, height] = [0, 0];
    while (number < Math.min(found.length, FIRST) && height < innerHeight) {
      height += HEIGHTS[found[number].summary ? 0 : 1];
      number++;
    }
    return number;
  }

  function showMore(number) {
    const next = found.slice(shown, shown + number);
    shown += next.length;
    $("commits").append(...next.map(row));
    $("more").hidden = shown >= found.length;
  }

  function show(state) {
    for (const name of FIELDS) {
      const field = $(name);
      if (field.type === "checkbox") field.checked = Boolean(state[name]);
      else if (field !== document.activeElement) field.value = state[name] || "";
    }
    found = filter(state);
    shown = 0;
    U.fill($("commits"));
    const isFiltered = FIELDS.some((name) => state[name]);
    $("found").textContent = found.length
      ? isFiltered
        ? `${U.plural(found.length, "commit")} of ${U.commits.length} shown`
        : ""
      : "No commit is like that.";
    showMore(screenful());
    const filtered = found;
    U.whenIdle(() => filtered === found && showMore(Math.max(FIRST - shown, 0)));
  }

  function changedFilter() {
    const state = { subject: "" };
    for (const name of FIELDS) {
      const field = $(name);
      state[name] = field.type === "checkbox" ? field.checked : field.value.trim();
    }
    U.writeState(state);
    show(state);
  }

  /** The drifts, those of one series that took the same steps as one; biggest first. */
  function groupedDrifts() {
    const groups = new Map();
    U.data("commits").drifts.forEach((_, number) => {
      const drift = U.drift(number);
      const key = [
        drift.series.number,
        drift.verdict,
        ...drift.commits.map((c) => c.number),
      ].join();
      if (groups.has(key)) groups.get(key).others++;
      else groups.set(key, { ...drift, others: 0 });
    });
    return [...groups.values()];
  }

  function drifts() {
    const all = groupedDrifts();
    $("drifts").hidden = all.length === 0;
    const big = all.slice(0, 12);
    U.fill($("drift-rows"), big.map(driftRow));
    if (all.length > big.length) {
      $("drifts").append(el("p", { class: "soft" }, `and ${all.length - big.length} more`));
    }
  }

  function driftRow(drift) {
    const { series, cell, commits } = drift;
    const [word, style] =
      drift.verdict === "regression" ? ["worse", "worse"] : ["better", "better"];
    const values = U.pairText(drift.before, drift.after, series);
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("a", { href: U.seriesLink(series, cell) }, series.shown),
        " ",
        el(
          "span",
          { class: "soft" },
          U.cellText(series, cell) + (drift.others ? ` +${drift.others}` : ""),
        ),
      ),
      el(
        "td",
        { "data-label": "From, to" },
        U.commitLinkOf(commits[0]),
        " to ",
        U.commitLinkOf(commits[commits.length - 1]),
      ),
      el("td", { "data-label": "Steps" }, String(commits.length)),
      el("td", { "data-label": "Values" }, values),
      el(
        "td",
        { "data-label": "Size", class: "number" },
        U.mark(`${word} ${U.sizeText(drift.before, drift.after, series)}`, style),
      ),
    );
  }

  function remarks() {
    if (!U.site.remarks.length) return;
    const list = U.site.remarks.map((remark) => el("li", {}, remark));
    U.fill($("remarks"), el("h2", {}, "Remarks"), el("ul", {}, list));
  }

  $("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const name of FIELDS) $(name).addEventListener("input", changedFilter);
  $("more").addEventListener("click", () => showMore(MORE));
  new IntersectionObserver(
    (entries) => entries.some((e) => e.isIntersecting) && shown > FIRST && showMore(MORE),
    { rootMargin: "600px" },
  ).observe($("more"));
  lead();
  U.onState(show);
  U.whenIdle(() => {
    U.fill(
      $("series-names"),
      U.series.map((series) => el("option", { value: series.shown })),
    );
    drifts();
    remarks();
  });
})(window.Unladen);
