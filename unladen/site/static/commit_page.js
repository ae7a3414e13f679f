/* The page of one commit: every change of it, how to reproduce it, and who repaired it. */
"use strict";

(() => {
  const { el, $, fill, joined } = Elements;
  const site = Unladen.data("site");
  const VIEWS = ["scaling", "concurrency", "latency", "faults"];
  const NAME = "{name}";

  /** Changes that are alike, of one cell each.
      @typedef {{isMinor: boolean, changes: Change[]}} Item */

  /** The commit that is shown, and its changes.
      @type {{commit: Commit, items: Item[]} | null} */
  let shown = null;

  /** @param {AddressState} state */
  function show(state) {
    const newest = Commits.at(Commits.measured.length - 1);
    const commit = state.subject ? Commits.find(state.subject) : newest;
    if (!commit) {
      const all = el("a", { href: "index.html" }, "All commits");
      $("heading").textContent = "No such commit";
      shown = null;
      for (const id of ["changes", "reproduce", "found"]) fill($(id));
      $("filters").hidden = true;
      fill($("commit"), el("p", {}, `${state.subject} is no commit of this history. `, all));
      return;
    }
    document.title = `${site.target}: ${commit.short} ${commit.subject}`;
    fill($("heading"), el("bdi", {}, commit.subject));
    if (shown?.commit === commit) {
      filter(state);
      return;
    }
    shown = { commit, items: [] };
    const place = $("changes");
    fill($("commit"), facts(commit), neighbours(commit));
    fill(place);
    fill($("reproduce"));
    $("found").textContent = "";
    $("filters").hidden = true;
    if (!commit.isMeasured) {
      const where = "A change that it made is shown at the next commit that was.";
      fill(place, notice(`This commit was not measured. ${where}`), Reproduce.measureIt(commit));
    } else if (!commit.summary) {
      fill(place, notice("No series changed at this commit."));
    } else {
      load(commit, state).catch((error) => Elements.complain(place, error));
    }
  }

  /** @param {string} text */
  const notice = (text) => el("p", { class: "notice" }, text);

  /** The page of a commit elsewhere: the address has its name somewhere, or its hash at the end.
      @param {string} link
      @param {Commit} commit */
  const pageOf = (link, { short, hash }) =>
    link.includes(NAME) ? link.replace(NAME, encodeURIComponent(short)) : link + hash;

  /** @param {string} link */
  const word = (link) => (link.includes(NAME) ? "release" : "diff");

  /** @param {Commit} commit */
  function facts(commit) {
    const { failing, wrong, hash, date } = commit;
    const link = site.links.commit;
    const diff = link && [
      " ",
      el("a", { href: pageOf(link, commit), rel: "noreferrer" }, word(link)),
    ];
    const time = el("time", { datetime: Format.day(date) }, `${Format.minute(date)} UTC`);
    const marks = Marks.counts(commit);
    const pages = site.pages
      .filter((page) => commit.isMeasured && VIEWS.includes(page))
      .map((page) => el("a", { href: `${page}.html#${hash}` }, page));
    const failed = Format.plural(failing, "value has failed here", "values have failed here");
    const gone = Format.plural(
      wrong,
      "value is of a wrong outcome",
      "values are of wrong outcomes",
    );
    /** @type {[term: string, value: Child][]} */
    const known = [
      ["Commit", [el("span", { class: "hash" }, hash), diff]],
      ["Tags", commit.tags.length > 0 && commit.tags.map((tag) => [Marks.mark(tag, "tag"), " "])],
      ["From here", commit.forks.length > 0 && `${commit.forks.join(", ")}, off this line`],
      ["Author", el("bdi", {}, commit.author)],
      ["Date", time],
      ["Failing", failing > 0 && failed],
      ["Wrong", wrong > 0 && gone],
      ["Compare", commit.isMeasured && comparisons(commit)],
      ["See also", pages.length > 0 && joined(pages, () => " · ")],
      ["Series", marks.length > 0 && el("span", { class: "chips" }, marks)],
    ];
    return el(
      "dl",
      { class: "facts" },
      known.map(([term, value]) => value && [el("dt", {}, term), el("dd", {}, value)]),
    );
  }

  /** Links to what differs between the commit and others.
      @param {Commit} commit */
  function comparisons(commit) {
    const position = Commits.position(commit);
    const before = position > 0 ? Commits.at(position - 1) : undefined;
    const tag = Commits.lastTag(commit);
    const newest = Commits.at(Commits.measured.length - 1);
    /** @param {Commit | undefined} one @param {Commit} other @param {string} text */
    const link = (one, other, text) =>
      one && one !== other && el("a", { href: Commits.comparison(one, other) }, text);
    const links = [
      link(before, commit, "with the one before"),
      tag && link(tag, commit, `with ${Commits.byTag(tag)}, the last tag`),
      link(commit, newest, "with the newest"),
    ].filter(Boolean);
    return links.length > 0 && joined(links, () => " · ");
  }

  /** @param {Commit} commit */
  function neighbours({ number }) {
    /** @param {Commit | undefined} other @param {string} text */
    const link = (other, text) =>
      other && el("a", { href: Commits.address(other), title: other.subject }, text);
    const links = [
      link(Commits.all[number - 1], "← older"),
      link(Commits.all[number + 1], "newer →"),
    ].filter(Boolean);
    const parts = joined(links, () => " · ");
    return el("p", { class: "small" }, parts);
  }

  /** @param {Commit} commit @param {AddressState} state */
  async function load(commit, state) {
    const { items, explained: rows } = await MatchingChanges.load(commit);
    if (shown?.commit !== commit) return;
    shown.items = items;
    const explained = CommitExplained.kept(commit, rows);
    if (explained) $("commit").append(explained);
    $("filters").hidden = items.length < 2;
    filter(state);
    const changes = items.map((item) => item.changes[0]);
    const asked = explained ? null : CommitExplained.asked(commit, items.flatMap(changesOf));
    Elements.fill($("reproduce"), asked, Reproduce.section(commit, changes));
  }

  /** Shows those changes that are asked for.
      @param {AddressState} state */
  function filter(state) {
    if (!shown) return;
    ChangeFilter.fill(ChangeFilter.FIELDS, state);
    const wanted = ChangeFilter.wantedOf(state);
    const { items } = shown;
    const found = MatchingChanges.among(items, wanted);
    const said = `${found.length} of ${Format.plural(items.length, "change")} shown`;
    $("found").textContent = ChangeFilter.isAsked(wanted) ? said : "";
    fill($("changes"), sections(found));
  }

  /** @param {Item} item */
  const changesOf = (item) => item.changes;

  /** @param {Item[]} items */
  function sections(items) {
    /** @param {Item} item */
    const isNone = (item) => Changes.isDismissed(item.changes[0]);
    const ours = items.filter((item) => !isNone(item));
    /** @type {[title: string, explained: string, items: Item[]][]} */
    const groups = [
      ["Changes", "", ours.filter((item) => !item.isMinor)],
      [
        "Minor changes",
        "Below half a per cent of work or memory, or 0.05 of an exponent.",
        ours.filter((item) => item.isMinor),
      ],
      [
        "Not this commit's",
        "The host changed its speed at the same time (host), the commit before was measured through another driver (driver), the level moved slowly over many commits (drift), or measuring side by side showed no change (cleared).",
        items.filter(isNone),
      ],
    ];
    return groups
      .filter(([, , members]) => members.length)
      .map(([title, explained, members]) =>
        el(
          "section",
          {},
          el("h2", {}, title),
          explained && el("p", { class: "soft" }, explained),
          CommitChanges.table(members.map(({ changes }) => changes)),
        ),
      );
  }

  ChangeFilter.listen(ChangeFilter.FIELDS, (said) => {
    const state = { ...Address.read(), ...said };
    Address.write(state);
    filter(state);
  });
  Address.follow(show);
  Elements.whenIdle(ChangeFilter.suggest);
})();
