/* The two sides of a comparison, as the address names them. */
"use strict";

const CompareSides = (() => {
  const BETWEEN = "..";

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

  const newest = () => Commits.at(Commits.measured.length - 1);

  /** The position of a commit, or of the last measured before it.
      @param {Commit} commit */
  const positionOf = (commit) => Math.max(Commits.upTo(commit), 0);

  /** What a commit is called where it is chosen by.
      @param {Commit} commit */
  const nameOf = ({ tags, short }) => tags[0] || short;

  /** The subject of an address.
      @param {Commit} before @param {Commit} after */
  const subjectOf = (before, after) => `${Commits.named(before)}${BETWEEN}${Commits.named(after)}`;

  /** The commits that an address names: by default the newest, and the last tag before it, or,
      without one, the commit measured before.
      @param {string} subject @returns {[before: Commit, after: Commit]} */
  function commitsOf(subject) {
    const [one, other] = namesOf(subject);
    const after = other ? commitCalled(other) : newest();
    if (one) return [commitCalled(one), after];
    return [Commits.lastTag(after) || Commits.at(Math.max(positionOf(after) - 1, 0)), after];
  }

  /** Promises the side of a commit of this history.
      @param {Commit} commit @returns {Promise<ComparedSide>} */
  async function own(commit) {
    const position = positionOf(commit);
    const measured = Commits.at(position);
    const said = [
      !commit.tags.length &&
        commit.forks.length > 0 &&
        `${commit.short} is the last commit of this line that ${commit.forks.join(", ")} ${commit.forks.length > 1 ? "come" : "comes"} from.`,
      measured !== commit &&
        `${nameOf(commit)} was not measured: ${measured.short} is shown in its place.`,
      measured.missing &&
        `Of ${Format.plural(measured.missing, "value")} not measured at ${nameOf(commit)}: the last one before.`,
    ];
    return {
      name: nameOf(commit),
      commit: measured,
      position,
      day: Format.day(commit.date),
      said: said.filter(Boolean).join(" "),
      known: await ValuesAt.load(position),
    };
  }

  /** Promises both sides; where `beside` names another target, machine or Python, the first is of
      that.
      @param {AddressState} state @returns {Promise<[before: ComparedSide, after: ComparedSide]>} */
  async function of({ subject, beside }) {
    if (!beside) {
      const [before, after] = commitsOf(subject);
      return Promise.all([own(before), own(after)]);
    }
    const [one, other] = namesOf(subject);
    const commit = other ? commitCalled(other) : newest();
    const [before, after] = await Promise.all([Elsewhere.side(beside, one, commit), own(commit)]);
    /** @type {KnownAt} */
    const known = (series, cell) => ({
      value: after.known(series, cell).value,
      facts: 0,
      suspected: 0,
      none: 0,
    });
    return [before, { ...after, known }];
  }

  return { of, commitsOf, newest, nameOf, subjectOf };
})();
