/* The page of a comparison: what differs between any two commits, tags or releases. */
"use strict";

(() => {
  const { el, $, fill, joined } = Elements;
  const site = Unladen.data("site");

  let turns = 0;
  /** @type {Difference[]} */
  let all = [];
  /** @type {ComparedSide[] | null} */
  let shown = null;

  /** The state of a comparison within this history, with the filter that is set.
      @param {Commit} before @param {Commit} after @param {AddressState} state */
  const stateFor = (before, after, state) => ({
    ...state,
    beside: "",
    subject: CompareSides.subjectOf(before, after),
  });

  /** @param {AddressState} state */
  async function show(state) {
    const turn = ++turns;
    const sides = await CompareSides.of(state);
    if (turn !== turns) return;
    shown = sides;
    const [before, after] = sides;
    all = Differences.find(AllSeries.all, before.known, after.known).sort(Differences.order);
    document.title = `${site.target}: ${before.name} and ${after.name}`;
    fill($("heading"), before.name, " → ", after.name);
    $("lead").textContent = leadOf(before, after);
    const [one, other] = [before.commit || after.commit, after.commit];
    if (one && other) {
      choices(one, other, state);
      ways(one, other, state);
    }
    filter(state);
  }

  /** What lies between, and what is shown in the place of what was not measured.
      @param {ComparedSide} before @param {ComparedSide} after */
  function leadOf(before, after) {
    const steps = after.position - before.position;
    const many = Format.plural(Math.abs(steps), "measured commit");
    const between = before.commit ? `, ${many} ${steps < 0 ? "earlier" : "later"}` : "";
    return [`${before.day} and ${after.day}${between}.`, before.said, after.said]
      .filter(Boolean)
      .join(" ");
  }

  /** @param {Commit} before @param {Commit} after @param {AddressState} state */
  function choices(before, after, state) {
    /** @param {Commit} one @param {Commit} other */
    const choose = (one, other) => {
      location.hash = Address.hashOf(stateFor(one, other, Address.read()));
    };
    Elements.keepingFocus(() =>
      fill(
        $("choices"),
        !state.beside &&
          Choices.ofAny("before", "Before", before, (commit) => choose(commit, after)),
        state.beside
          ? Choices.ofAny("after", "Commit", after, (commit) => {
              const subject = `..${Commits.named(commit)}`;
              location.hash = Address.hashOf({ ...Address.read(), subject });
            })
          : Choices.ofAny("after", "After", after, (commit) => choose(before, commit)),
        !state.beside &&
          el(
            "button",
            { type: "button", id: "swap", on: { click: () => choose(after, before) } },
            "Swap",
          ),
        el("span", { id: "others", class: "choices" }),
      ),
    );
    $("filters").hidden = false;
    Elements.whenIdle(() => others(after, state));
  }

  /** The choice of another target, machine or Python to lay beside, if there is any.
      @param {Commit} after @param {AddressState} state */
  async function others(after, state) {
    const found = await Elsewhere.all();
    if (!found.length) return;
    const own = `${site.target} on ${site.machine} (${site.environment})`;
    const names = [["", `none: only ${own}`], ...found.map(([name]) => [name, name])];
    const chosen = state.beside || "";
    fill(
      $("others"),
      Choices.of("beside", "Beside", names, chosen, (beside) => {
        const subject = beside ? `..${Commits.named(after)}` : "";
        location.hash = Address.hashOf({ ...Address.read(), subject, beside });
      }),
    );
  }

  /** Links to what else is often asked.
      @param {Commit} before @param {Commit} after @param {AddressState} state */
  function ways(before, after, state) {
    const newest = CompareSides.newest();
    const tag = Commits.lastTag(newest);
    const earlier = Commits.at(Math.max(Commits.upTo(after) - 1, 0));
    /** @param {Commit} one @param {Commit} other @param {string} text */
    const link = (one, other, text) =>
      (one !== before || other !== after) &&
      one !== other &&
      el("a", { href: Address.hashOf(stateFor(one, other, state)) }, text);
    const links = [
      tag && link(tag, newest, `${Commits.byTag(tag)} and now`),
      link(earlier, after, "only what the later one did"),
      link(Commits.at(0), newest, "first and now"),
      !state.beside && el("a", { href: listed("") }, "the commits between them"),
    ].filter(Boolean);
    fill(
      $("ways"),
      joined(links, () => " · "),
    );
  }

  /** The address of the list of the commits between them that changed something.
      @param {string} series */
  function listed(series) {
    const [before, after] = (shown || []).map(({ commit }) => commit);
    if (!before || !after) return "";
    const [since, until] = [before, after].sort((a, b) => a.number - b.number);
    const range = { since: CompareSides.nameOf(since), until: CompareSides.nameOf(until) };
    return `index.html${Address.hashOf({ subject: "", changed: "1", series, ...range })}`;
  }

  /** Shows what is asked for of what differs.
      @param {AddressState} state */
  function filter(state) {
    if (!shown) return;
    ChangeFilter.fill(ChangeFilter.FIELDS, state);
    const wanted = ChangeFilter.wantedOf(state);
    const called = ChangeFilter.seriesCalled(wanted.series);
    const test = ChangeFilter.test(wanted);
    const found = all.filter((one) => (!called || called.has(one.series.number)) && test(one));
    const [before, after] = shown;
    counts(state);
    $("found").textContent = told(found, ChangeFilter.isAsked(wanted));
    CompareTable.draw($("differences"), found, {
      before: before.name,
      after: after.name,
      between: (series) => listed(series.shown),
    });
  }

  /** @param {Difference[]} found @param {boolean} isFiltered */
  function told(found, isFiltered) {
    if (!all.length) return "Nothing differs between them.";
    if (!found.length) return "Nothing that differs is like that.";
    return isFiltered ? `${found.length} of ${Format.plural(all.length, "difference")} shown` : "";
  }

  /** @type {[kind: string, one: string, many: string, style: string][]} */
  const COUNTED = [
    ["regression", "worse", "worse", "worse"],
    ["broke", "of these broken", "of these broken", "broken"],
    ["improvement", "better", "better", "better"],
    ["works", "of these works again", "of these work again", "better"],
    ["new", "new or gone", "new or gone", ""],
    ["suspected", "suspected", "suspected", "doubt"],
  ];

  /** How many series differ in which way; each shows those alone.
      @param {AddressState} state */
  function counts(state) {
    const chips = COUNTED.map(([kind, one, many, style]) => {
      const test = ChangeFilter.test({ series: "", size: "", state: "", kind });
      const number = new Set(all.filter(test).map(({ series }) => series.number)).size;
      const isShown = state.kind === kind;
      const href = Address.hashOf({ ...state, kind: isShown ? "" : kind });
      const mark = Marks.mark(Format.plural(number, one, many), style);
      return number > 0 && el("li", {}, el("a", { href, "aria-current": isShown && "true" }, mark));
    });
    fill($("counts"), chips);
  }

  /** @param {AddressState} state */
  function follow(state) {
    show(state).catch((error) => {
      shown = null;
      fill($("differences"));
      fill($("counts"));
      $("filters").hidden = true;
      $("heading").textContent = "Compare two commits";
      $("lead").textContent = "";
      Elements.complain($("differences"), error);
      const [before, after] = CompareSides.commitsOf("");
      choices(before, after, { subject: "" });
      $("filters").hidden = true;
    });
  }

  ChangeFilter.listen(ChangeFilter.FIELDS, (said) => {
    const state = { ...Address.read(), ...said };
    Address.write(state);
    filter(state);
  });
  Address.follow(follow);
  Elements.whenIdle(ChangeFilter.suggest);
})();
