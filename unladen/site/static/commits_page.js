/* The list of commits, newest first, and its filters. */
"use strict";

(() => {
  const { el, $, input, fill } = Elements;
  const site = Unladen.data("site");
  const FIRST = 30;
  const MORE = 60;
  /** The least height of a commit in the list, in pixels: with changes, without. */
  const HEIGHTS = { changed: 80, quiet: 45 };
  const FIELDS = ["changed", "kind", "series", "text"];

  /** @type {Commit[]} */
  let found = [];
  let shown = 0;

  function lead() {
    const measured = Format.plural(Commits.measured.length, "commit");
    const all = Commits.all.length;
    const of = all > Commits.measured.length ? ` of ${all}` : "";
    const series = Format.plural(AllSeries.all.length, "series", "series");
    $("lead").textContent =
      `${measured}${of} measured on ${site.machine} (${site.environment}), ${series}. Newest first.`;
  }

  /** @param {Commit} commit */
  function row(commit) {
    const counts = Marks.counts(commit);
    return el(
      "li",
      { class: commit.summary ? "" : "quiet", value: commit.number + 1 },
      el(
        "div",
        { class: "line" },
        el(
          "span",
          { class: "subject" },
          el("a", { href: Commits.address(commit) }, el("bdi", {}, commit.subject)),
        ),
        el(
          "span",
          { class: "who" },
          el("span", { class: "hash" }, commit.short),
          " · ",
          el("time", { datetime: Format.day(commit.date) }, Format.day(commit.date)),
          " · ",
          el("bdi", {}, commit.author),
        ),
      ),
      counts.length > 0 && el("div", { class: "counts" }, counts),
      Marks.chips(commit),
    );
  }

  const [navigation] = performance.getEntriesByType("navigation");

  /** The number of commits that fill the screen, at most `FIRST`; who comes back finds all of
      them, so that the browser can scroll to where they were. */
  function screenful() {
    if (navigation instanceof PerformanceNavigationTiming && navigation.type !== "navigate") {
      return FIRST;
    }
    let [number, height] = [0, 0];
    while (number < Math.min(found.length, FIRST) && height < innerHeight) {
      height += found[number].summary ? HEIGHTS.changed : HEIGHTS.quiet;
      number++;
    }
    return number;
  }

  /** @param {number} number */
  function showMore(number) {
    const next = found.slice(shown, shown + number);
    shown += next.length;
    $("commits").append(...next.map(row));
    $("more").hidden = shown >= found.length;
  }

  /** @param {AddressState} state */
  function show(state) {
    for (const name of FIELDS) {
      const field = input(name);
      if (field.type === "checkbox") field.checked = Boolean(state[name]);
      else if (field !== document.activeElement) field.value = state[name] || "";
    }
    const { changed, kind = "", series = "", text = "" } = state;
    found = CommitFilters.matching({ changed: Boolean(changed), kind, series, text });
    shown = 0;
    fill($("commits"));
    const isFiltered = FIELDS.some((name) => state[name]);
    const many = `${Format.plural(found.length, "commit")} of ${Commits.all.length} shown`;
    $("found").textContent = found.length ? (isFiltered ? many : "") : "No commit is like that.";
    showMore(screenful());
    const filtered = found;
    Elements.whenIdle(() => filtered === found && showMore(Math.max(FIRST - shown, 0)));
  }

  function changedFilter() {
    /** @type {AddressState} */
    const state = { subject: "" };
    for (const name of FIELDS) {
      const { type, checked, value } = input(name);
      state[name] = type === "checkbox" ? (checked ? "1" : "") : value.trim();
    }
    Address.write(state);
    show(state);
  }

  function remarks() {
    if (!site.remarks.length) return;
    const list = site.remarks.map((remark) => el("li", {}, remark));
    fill($("remarks"), el("h2", {}, "Remarks"), el("ul", {}, list));
  }

  $("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const name of FIELDS) $(name).addEventListener("input", changedFilter);
  $("more").addEventListener("click", () => showMore(MORE));
  new IntersectionObserver(
    (entries) => entries.some((e) => e.isIntersecting) && shown > FIRST && showMore(MORE),
    { rootMargin: "600px" },
  ).observe($("more"));
  lead();
  Address.follow((state) => show(Moved.followed(state, "series")));
  Elements.whenIdle(() => {
    fill(
      $("series-names"),
      AllSeries.all.map((series) => el("option", { value: series.shown })),
    );
    Drifts.show();
    remarks();
  });
})();
