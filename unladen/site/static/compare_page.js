/* The page of a comparison: what differs between any two commits, tags or releases. */
"use strict";

(() => {
  const { el, $, fill, joined } = Elements;
  const site = Unladen.data("site");
  const BETWEEN = "..";

  let turns = 0;
  /** @type {Difference[]} */
  let all = [];
  /** @type {{before: Commit, after: Commit} | null} */
  let shown = null;

  /** A commit that is asked for, and the measured one that is looked at in its place.
      @typedef {{asked: Commit, position: number}} Side */

  /** The two names of an address, "" for what is not said.
      @param {string} subject */
  function namesOf(subject) {
    const at = subject.indexOf(BETWEEN);
    return at < 0 ? ["", subject] : [subject.slice(0, at), subject.slice(at + BETWEEN.length)];
  }

  /** @param {string} name @returns {Commit} */
  function commitCalled(name) {
    const found = Commits.find(name);
    if (!found) throw new Error(`${name} is no commit, tag or release of this history.`);
    return found;
  }

  /** @param {Commit} asked @returns {Side} */
  const sideOf = (asked) => ({ asked, position: Math.max(Commits.upTo(asked), 0) });

  /** The two sides: by default the newest commit, and the last tag before it, or, without one, the
      commit measured before.
      @param {string} subject @returns {[before: Side, after: Side]} */
  function sidesOf(subject) {
    const [one, other] = namesOf(subject);
    const after = sideOf(other ? commitCalled(other) : Commits.at(Commits.measured.length - 1));
    if (one) return [sideOf(commitCalled(one)), after];
    const tag = lastTag(after);
    return [tag ? sideOf(tag) : { ...sideOf(Commits.at(Math.max(after.position - 1, 0))) }, after];
  }

  /** The last tagged commit before a side.
      @param {Side} side */
  const lastTag = ({ asked }) =>
    [...Commits.tagged].reverse().find(({ number }) => number < asked.number);

  /** What a commit is called where it is chosen by.
      @param {Commit} commit */
  const nameOf = ({ tags, short }) => tags[0] || short;

  /** The address of a comparison, with the filter that is set.
      @param {Commit} before @param {Commit} after @param {AddressState} state */
  const stateFor = (before, after, state) => ({
    ...state,
    subject: `${Commits.named(before)}${BETWEEN}${Commits.named(after)}`,
  });

  /** @param {AddressState} state */
  async function show(state) {
    const turn = ++turns;
    const [before, after] = sidesOf(state.subject);
    const [one, other] = [Commits.at(before.position), Commits.at(after.position)];
    const [old, now] = await Promise.all([
      ValuesAt.load(before.position),
      ValuesAt.load(after.position),
    ]);
    if (turn !== turns) return;
    shown = { before: one, after: other };
    all = Differences.find(AllSeries.all, old, now).sort(Differences.order);
    document.title = `${site.target}: ${nameOf(before.asked)} and ${nameOf(after.asked)}`;
    fill($("heading"), nameOf(before.asked), " → ", nameOf(after.asked));
    lead([before, after]);
    choices(before.asked, after.asked, state);
    ways(before.asked, after.asked, state);
    filter(state);
  }

  /** What lies between, and what is shown in the place of what was not measured.
      @param {[Side, Side]} sides */
  function lead(sides) {
    const [before, after] = sides.map(({ position }) => position);
    const many = Format.plural(Math.abs(after - before), "measured commit");
    const [old, now] = sides.map(({ asked }) => Format.day(asked.date));
    const other = sides
      .filter(({ asked, position }) => Commits.at(position) !== asked)
      .map(
        ({ asked, position }) =>
          ` ${nameOf(asked)} was not measured: ${Commits.at(position).short} is shown in its place.`,
      );
    const lacking = sides.reduce((sum, { position }) => sum + Commits.at(position).missing, 0);
    const missing = lacking
      ? ` Of ${Format.plural(lacking, "value")} not measured there: the last one before.`
      : "";
    $("lead").textContent =
      `${old} and ${now}, ${many} ${before <= after ? "later" : "earlier"}.${other.join("")}${missing}`;
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
        Choices.ofAny("before", "Before", before, (commit) => choose(commit, after)),
        Choices.ofAny("after", "After", after, (commit) => choose(before, commit)),
        el(
          "button",
          { type: "button", id: "swap", on: { click: () => choose(after, before) } },
          "Swap",
        ),
      ),
    );
    $("filters").hidden = false;
    ChangeFilter.fill(ChangeFilter.FIELDS, state);
  }

  /** Links to what else is often asked.
      @param {Commit} before @param {Commit} after @param {AddressState} state */
  function ways(before, after, state) {
    const newest = Commits.at(Commits.measured.length - 1);
    const tag = lastTag(sideOf(newest));
    const earlier = Commits.at(Math.max(Commits.upTo(after) - 1, 0));
    /** @param {Commit} one @param {Commit} other @param {string} text */
    const link = (one, other, text) =>
      (one !== before || other !== after) &&
      one !== other &&
      el("a", { href: Address.hashOf(stateFor(one, other, state)) }, text);
    const links = [
      tag && link(tag, newest, `${nameOf(tag)} and now`),
      link(earlier, after, "only what the later one did"),
      link(Commits.at(0), newest, "first and now"),
      el("a", { href: listed("") }, "the commits between them"),
    ].filter(Boolean);
    fill(
      $("ways"),
      joined(links, () => " · "),
    );
  }

  /** The address of the list of the commits between them that changed something.
      @param {string} series */
  function listed(series) {
    if (!shown) return "";
    const [since, until] = [shown.before, shown.after].sort((a, b) => a.number - b.number);
    const range = { since: nameOf(since), until: nameOf(until) };
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
    const { before, after } = shown;
    counts(state);
    $("found").textContent = told(found, ChangeFilter.isAsked(wanted));
    CompareTable.draw($("differences"), found, {
      before: nameOf(before),
      after: nameOf(after),
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
      const newest = Commits.at(Commits.measured.length - 1);
      choices(sidesOf("")[0].asked, newest, { subject: "" });
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
