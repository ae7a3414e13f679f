/* The list of commits, newest first, and its filters. */
"use strict";

(() => {
  const { el, $, fill } = Elements;
  const site = Unladen.data("site");
  const FIRST = 30;
  const MORE = 60;
  /** The least height of a commit in the list, in pixels: with changes, without. */
  const HEIGHTS = { changed: 80, quiet: 45 };
  const { FIELDS } = CommitFilters;
  const FURTHER = ["size", "state", "until", "author"];

  /** @type {Commit[]} */
  let found = [];
  let shown = 0;
  /** What is asked of changes, if anything: the list shows those then.
      @type {WantedChanges | null} */
  let narrow = null;

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
          el("a", { href: Commits.address(commit, narrow) }, el("bdi", {}, commit.subject)),
        ),
        el(
          "span",
          { class: "who" },
          commit.tags.map((tag) => [Marks.mark(tag, "tag"), " "]),
          commit.forks.length > 0 && [`${commit.forks.join(", ")} from here`, " · "],
          el("span", { class: "hash" }, commit.short),
          " · ",
          el("time", { datetime: Format.day(commit.date) }, Format.day(commit.date)),
          " · ",
          el("bdi", {}, commit.author),
        ),
      ),
      counts.length > 0 && el("div", { class: "counts" }, counts),
      narrow ? matching(commit, narrow) : Marks.chips(commit),
    );
  }

  /** The changes of a commit that are asked for, once they are there.
      @param {Commit} commit @param {WantedChanges} wanted */
  function matching(commit, wanted) {
    if (!commit.summary) return null;
    const place = el("div", { class: "matching" });
    Elements.whenNear(place, async () => {
      try {
        const { items } = await MatchingChanges.load(commit);
        fill(place, Marks.chipsOf(commit, MatchingChanges.among(items, wanted)));
      } catch (error) {
        Elements.complain(place, error);
      }
    });
    return place;
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
    ChangeFilter.fill(FIELDS, state);
    if (FURTHER.some((name) => state[name])) $("further").setAttribute("open", "");
    const wanted = CommitFilters.wantedOf(state);
    const complaint = CommitFilters.complaint(wanted);
    narrow = CommitFilters.isNarrow(wanted) ? wanted : null;
    found = complaint ? [] : CommitFilters.matching(wanted);
    shown = 0;
    fill($("commits"));
    const isFiltered = FIELDS.some((name) => state[name]);
    const many = `${Format.plural(found.length, "commit")} of ${Commits.all.length} shown`;
    $("found").textContent = found.length
      ? isFiltered
        ? many
        : ""
      : complaint || "No commit is like that.";
    showMore(screenful());
    const filtered = found;
    Elements.whenIdle(() => filtered === found && showMore(Math.max(FIRST - shown, 0)));
  }

  /** Fills the suggestions of the ends of a range and of authors. */
  function suggestEnds() {
    const tags = Commits.all.flatMap(({ tags, forks }) => [...forks, ...tags]).reverse();
    const named = [...Commits.measured]
      .reverse()
      .filter(({ short, hash }) => !hash.startsWith(short));
    const authors = new Set(Commits.all.map(({ author }) => author));
    /** @param {string} value */
    const option = (value) => el("option", { value });
    fill($("ends"), [...tags, ...named.map(({ short }) => short)].map(option));
    fill($("authors"), [...authors].sort().map(option));
  }

  function remarks() {
    if (!site.remarks.length) return;
    const list = site.remarks.map((remark) => el("li", {}, remark));
    fill($("remarks"), el("h2", {}, "Remarks"), el("ul", {}, list));
  }

  ChangeFilter.listen(FIELDS, (said) => {
    const state = { subject: "", ...said };
    Address.write(state);
    show(state);
  });
  $("more").addEventListener("click", () => showMore(MORE));
  new IntersectionObserver(
    (entries) => entries.some((e) => e.isIntersecting) && shown > FIRST && showMore(MORE),
    { rootMargin: "600px" },
  ).observe($("more"));
  lead();
  Address.follow((state) => show(Moved.followed(state, "series")));
  Elements.whenIdle(() => {
    ChangeFilter.suggest();
    suggestEnds();
    Drifts.show();
    remarks();
  });
})();
