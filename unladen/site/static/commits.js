/* The commits, as objects. */
"use strict";

const Commits = (() => {
  const site = Unladen.data("site");
  const data = Unladen.data("commits");
  const unmeasured = new Set(data.unmeasured);
  const settled = new Set(site.settled);
  const [tagsOf, forksOf] = [data.tags, data.forks].map(byCommit);

  /** The names of tags by the numbers of commits.
      @param {[name: string, commit: number][]} tags */
  function byCommit(tags) {
    /** @type {Map<number, string[]>} */
    const found = new Map();
    for (const [name, number] of tags) found.set(number, [...(found.get(number) || []), name]);
    return found;
  }

  /** All commits, oldest first.
      @type {Commit[]} */
  const all = data.hash.map((hash, number) => ({
    number,
    hash,
    short: data.name[number] || hash.slice(0, 8),
    date: data.date[number],
    author: data.authors[data.author[number]],
    subject: data.subject[number] || "(no subject)",
    tags: tagsOf.get(number) || [],
    forks: forksOf.get(number) || [],
    isMeasured: !unmeasured.has(number),
    missing: data.missing[number] ? data.missing[number][0] : 0,
    gaps: data.missing[number] ? data.gaps[data.missing[number][1]] : [],
    failing: data.failing[number] || 0,
    wrong: data.wrong[number] || 0,
    summary: data.summaries[number] || null,
  }));

  /** The measured ones, oldest first: their indices are what positions stand for. */
  const measured = all.filter((commit) => commit.isMeasured);
  const positions = new Map(measured.map((commit, position) => [commit.number, position]));

  /** @param {number} position */
  const at = (position) => measured[position];

  /** The position of a commit among the measured ones, -1 if it is none.
      @param {Commit} commit */
  const position = (commit) => positions.get(commit.number) ?? -1;

  /** The tagged commits, oldest first. */
  const tagged = all.filter(({ tags }) => tags.length > 0);

  /** Those that tags of commits elsewhere come from, oldest first. */
  const forked = all.filter(({ forks }) => forks.length > 0);

  /** The last tagged commit before one, or, if that is later, the last that a tag elsewhere comes
      from.
      @param {Commit} commit */
  const lastTag = ({ number }) =>
    all
      .slice(0, number)
      .reverse()
      .find(({ tags, forks }) => tags.length || forks.length);

  /** What a commit with tags is called by the first of them, or by the last that comes from it.
      @param {Commit} commit */
  const byTag = ({ tags, forks }) => tags[0] || `what ${forks.at(-1)} comes from`;

  /** The position of the last commit measured up to a commit, -1 if there is none: where a plot over
      positions has it.
      @param {Commit} commit */
  function upTo({ number }) {
    let [low, high] = [0, measured.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (measured[middle].number <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The commit that is called so, has that tag, or whose hash begins so; of a tag elsewhere, the
      one that it comes from.
      @param {string} beginning */
  function find(beginning) {
    const called =
      all.find(({ short, tags }) => short === beginning || tags.includes(beginning)) ??
      forked.find(({ forks }) => forks.includes(beginning));
    if (called) return called;
    const wanted = beginning.toLowerCase();
    return wanted.length >= 4 ? all.find((commit) => commit.hash.startsWith(wanted)) : undefined;
  }

  /** The address of its page, where those of its changes are shown that are `wanted`.
      @param {Commit} commit @param {WantedChanges | null} [wanted] */
  function address({ hash }, wanted) {
    if (!wanted) return `commit.html#${hash}`;
    const { series, kind, size, state } = wanted;
    return `commit.html${Address.hashOf({ subject: hash, series, kind, size, state })}`;
  }

  /** What a commit is called in an address: by its tag, if it has one.
      @param {Commit} commit */
  const named = ({ tags, hash }) => tags[0] || hash;

  /** The address of what differs between two.
      @param {Commit} before @param {Commit} after */
  const comparison = (before, after) =>
    `compare.html${Address.hashOf({ subject: `${named(before)}..${named(after)}` })}`;

  /** @type {Filtered[]} */
  const sorts = data.sorts.map(([kind, verdict, state, minor, there, size]) => ({
    kind: site.kinds[kind],
    verdict: site.verdicts[verdict],
    state: site.states[state],
    isMinor: Boolean(minor),
    isThere: Boolean(there),
    counts: !minor && settled.has(site.states[state]),
    size,
  }));

  /** What a commit changed: a sort of change, and the numbers of the series that changed so.
      @param {Commit} commit */
  const changed = (commit) =>
    (commit.summary?.found || []).map(([sort, ...series]) => ({ ...sorts[sort], series }));

  return {
    ...{ all, measured, tagged, forked, at, position, upTo, find, lastTag, byTag },
    ...{ named, address, comparison, changed },
  };
})();
