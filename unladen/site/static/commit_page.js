/* The page of one commit: every change of it, how to reproduce it, and who repaired it. */
"use strict";

(() => {
  const { el, $, fill, joined } = Elements;
  const site = Unladen.data("site");
  const VIEWS = ["scaling", "concurrency", "latency", "faults"];
  const NAME = "{name}";

  /** Changes that are alike, of one cell each.
      @typedef {{isMinor: boolean, changes: Change[]}} Item */

  /** @param {AddressState} state */
  function show(state) {
    const newest = Commits.at(Commits.measured.length - 1);
    const commit = state.subject ? Commits.find(state.subject) : newest;
    if (!commit) {
      const all = el("a", { href: "index.html" }, "All commits");
      $("heading").textContent = "No such commit";
      fill($("commit"), el("p", {}, `${state.subject} is no commit of this history. `, all));
      return;
    }
    document.title = `${site.target}: ${commit.short} ${commit.subject}`;
    fill($("heading"), el("bdi", {}, commit.subject));
    const body = el("div");
    fill($("commit"), facts(commit), neighbours(commit), body);
    if (!commit.isMeasured) {
      const where = "A change that it made is shown at the next commit that was.";
      body.append(notice(`This commit was not measured. ${where}`), Reproduce.measureIt(commit));
    } else if (!commit.summary) {
      body.append(notice("No series changed at this commit."));
    } else {
      load(commit, body).catch((error) => Elements.complain(body, error));
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
      ["Author", el("bdi", {}, commit.author)],
      ["Date", time],
      ["Failing", failing > 0 && failed],
      ["Wrong", wrong > 0 && gone],
      ["See also", pages.length > 0 && joined(pages, () => " · ")],
      ["Series", marks.length > 0 && el("span", { class: "chips" }, marks)],
    ];
    return el(
      "dl",
      { class: "facts" },
      known.map(([term, value]) => value && [el("dt", {}, term), el("dd", {}, value)]),
    );
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

  /** @param {Commit} commit @param {HTMLElement} body */
  async function load(commit, body) {
    const data = await Unladen.load(`changes-${Math.floor(commit.number / site.chunk)}`);
    const items = (data.commits[commit.number] || []).map(({ minor, changes }) => ({
      isMinor: Boolean(minor),
      changes: changes.map((row) => Changes.fromRow(row, data.reasons)),
    }));
    const changes = items.map((item) => item.changes[0]);
    const explained = CommitExplained.kept(commit, data.explained?.[commit.number]);
    if (explained) body.append(explained);
    body.append(...sections(items));
    const asked = explained ? null : CommitExplained.asked(commit, items.flatMap(changesOf));
    if (asked) body.append(asked);
    body.append(Reproduce.section(commit, changes));
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

  Address.follow(show);
})();
