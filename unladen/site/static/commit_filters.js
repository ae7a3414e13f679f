/* The filters of the list of commits: which commits are like what is asked for. */
"use strict";

const CommitFilters = (() => {
  /** What is asked of commits: `since`, `until`: a tag, release, hash or date; `text`: of subject,
      author, tag or hash.
      @typedef {WantedChanges & {changed: boolean, since: string, until: string, author: string,
                                 text: string}} Wanted */

  /** @typedef {(commit: Commit) => boolean} Test */

  const UNMEASURED = "unmeasured";
  const FIELDS = ["changed", ...ChangeFilter.FIELDS, "since", "until", "author", "text"];

  /** What is asked for, as the address has it.
      @param {AddressState} state @returns {Wanted} */
  const wantedOf = (state) => ({
    ...ChangeFilter.wantedOf(state),
    changed: Boolean(state.changed),
    since: state.since || "",
    until: state.until || "",
    author: state.author || "",
    text: state.text || "",
  });

  /** Tests of a commit: whether it has a change of a series that is wanted, and of that kind.
      @param {Wanted} wanted @returns {Test[]} */
  function changeTests(wanted) {
    const { changed, kind, series } = wanted;
    const called = ChangeFilter.seriesCalled(series);
    /** @param {number} number */
    const isWanted = (number) => !called || called.has(number);
    const test = ChangeFilter.test(wanted);
    /** @type {Test} */
    const has = (commit) =>
      Commits.changed(commit).some(
        (change) =>
          test(change) && change.series.some(isWanted) && !(changed && Changes.isDismissed(change)),
      );
    /** @type {Test} */
    const lacks = (commit) => !commit.isMeasured || commit.gaps.some(isWanted);
    const isOfChanges = changed || isNarrow(wanted);
    return [...(kind === UNMEASURED ? [lacks] : []), ...(isOfChanges ? [has] : [])];
  }

  /** Whether single changes are asked for, which the list then shows.
      @param {Wanted} wanted */
  function isNarrow(wanted) {
    const kind = wanted.kind === UNMEASURED ? "" : wanted.kind;
    const series = wanted.kind === UNMEASURED ? "" : wanted.series;
    return ChangeFilter.isAsked({ ...wanted, kind, series });
  }

  /** The time of what begins like a date, seconds since 1970; NaN for anything else.
      @param {string} text */
  const timeOf = (text) =>
    /^\d{4}-\d\d(-\d\d)?$/.test(text) ? Date.parse(text) / 1000 : Number.NaN;

  /** What is no end of a range, in words; "" if all are.
      @param {Wanted} wanted */
  const complaint = ({ since, until }) =>
    [since, until]
      .filter((name) => name && Number.isNaN(timeOf(name)) && !Commits.find(name))
      .map((name) => `${name} is no tag, release, commit or date.`)
      .join(" ");

  const DAY = 86_400;

  /** Tests of the range: after `since`, up to `until`, days included.
      @param {Wanted} wanted @returns {Test[]} */
  function rangeTests({ since, until }) {
    /** @type {Test[]} */
    const tests = [];
    const [first, last] = [since, until].map((name) => (name ? Commits.find(name) : undefined));
    const [from, to] = [since, until].map(timeOf);
    if (first) tests.push(({ number }) => number > first.number);
    else if (from) tests.push(({ date }) => date >= from);
    if (last) tests.push(({ number }) => number <= last.number);
    else if (to) tests.push(({ date }) => date < to + DAY);
    return tests;
  }

  /** The commits that are like that, newest first.
      @param {Wanted} wanted */
  function matching(wanted) {
    const [text, author] = [wanted.text, wanted.author].map((one) => one.toLowerCase());
    const tests = [...changeTests(wanted), ...rangeTests(wanted)];
    if (author) tests.push((commit) => commit.author.toLowerCase().includes(author));
    if (text) {
      tests.push(
        (commit) =>
          commit.subject.toLowerCase().includes(text) ||
          commit.author.toLowerCase().includes(text) ||
          commit.tags.some((tag) => tag.toLowerCase().includes(text)) ||
          commit.hash.startsWith(text),
      );
    }
    return Commits.all.filter((commit) => tests.every((test) => test(commit))).reverse();
  }

  return { FIELDS, wantedOf, isNarrow, complaint, matching };
})();
