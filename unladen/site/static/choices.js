/* Labelled choices: of a commit, and of anything else. */
"use strict";

const Choices = (() => {
  const { el, $, fill } = Elements;

  /** A labelled choice.
      @param {string} id @param {string} label @param {string[][]} options values and their texts
      @param {string} chosen @param {(value: string) => void} onChange */
  function of(id, label, options, chosen, onChange) {
    const select = el(
      "select",
      { id, on: { change: () => onChange(select.value) } },
      options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
    );
    return el("label", { for: id }, label, select);
  }

  /** A choice of measured commits, newest first; what is chosen is a hash.
      @param {Commit} chosen @param {(hash: string) => void} onChange */
  function ofCommit(chosen, onChange) {
    const options = [...Commits.measured]
      .reverse()
      .map(({ hash, short, date, subject }) => [
        hash,
        `${short} ${Format.day(date)} ${subject.slice(0, 60)}`,
      ]);
    return of("commit", "Commit", options, chosen.hash, onChange);
  }

  /** The commit that a state names, else the newest measured one, and the one measured before.
      @param {AddressState} state @returns {ChosenCommits} */
  function commitsOf(state) {
    const named = state.subject ? Commits.find(state.subject) : undefined;
    const asked = named ? Commits.position(named) : -1;
    const position = asked < 0 ? Commits.measured.length - 1 : asked;
    return {
      position,
      commit: Commits.at(position),
      before: position > 0 ? Commits.at(position - 1) : null,
    };
  }

  /** Shows a page about one commit, which its address names and its only choice chooses.
      @param {(chosen: ChosenCommits) => void} show */
  function followCommit(show) {
    /** @param {AddressState} state */
    const showState = (state) => {
      const chosen = commitsOf(state);
      /** @param {string} hash */
      const choose = (hash) => {
        const next = { subject: hash };
        Address.write(next);
        showState(next);
      };
      Elements.keepingFocus(() => fill($("choices"), ofCommit(chosen.commit, choose)));
      show(chosen);
    };
    Address.follow(showState);
  }

  return { of, ofCommit, commitsOf, followCommit };
})();
