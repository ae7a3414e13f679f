/* Labelled choices: of a commit, and of anything else. */
"use strict";

const Choices = (() => {
  const { el } = Elements;

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
      @param {Commit} chosen @param {(hash: string) => void} onChange
      @param {{id: string, label: string}} [names] */
  function ofCommit(chosen, onChange, { id, label } = { id: "commit", label: "Commit" }) {
    const options = [...Commits.measured]
      .reverse()
      .map(({ hash, short, date, subject }) => [
        hash,
        `${short} ${Format.day(date)} ${subject.slice(0, 60)}`,
      ]);
    return of(id, label, options, chosen.hash, onChange);
  }

  /** A choice of any measured commit, the tagged ones first, then those that tags elsewhere come
      from; the long list follows when there is time.
      @param {string} id @param {string} label @param {Commit} chosen
      @param {(commit: Commit) => void} onChange */
  function ofAny(id, label, chosen, onChange) {
    /** @param {Commit} commit @param {string} name */
    const option = (commit, name) =>
      el("option", { value: commit.number, selected: commit === chosen && name === first }, name);
    /** @param {Commit} commit */
    const told = ({ short, date, subject }) =>
      `${short} ${Format.day(date)} ${subject.slice(0, 60)}`;
    /** @param {Commit} commit */
    const tagged = ({ tags, date, subject }) =>
      `${tags.join(", ")} ${Format.day(date)} ${subject.slice(0, 60)}`;
    const first = chosen.tags.length ? tagged(chosen) : told(chosen);
    /** @param {Commit} commit */
    const forked = ({ forks, short, date }) =>
      `${forks.join(", ")} (from ${short} ${Format.day(date)})`;
    const tags = [...Commits.tagged].reverse().map((commit) => option(commit, tagged(commit)));
    const forks = [...Commits.forked].reverse().map((commit) => option(commit, forked(commit)));
    const commits = el("optgroup", { label: "Commits" }, option(chosen, told(chosen)));
    const select = el(
      "select",
      { id, class: "commit", on: { change: () => onChange(Commits.all[Number(select.value)]) } },
      tags.length > 0 && el("optgroup", { label: "Tags" }, tags),
      forks.length > 0 &&
        el("optgroup", { label: "Tags elsewhere, and what they come from" }, forks),
      commits,
    );
    Elements.whenIdle(() =>
      Elements.fill(
        commits,
        [...Commits.all].reverse().map((commit) => option(commit, told(commit))),
      ),
    );
    return el("label", { for: id }, label, select);
  }

  /** The view of the capability that a state names, else the first.
      @template {{capability: string}} View
      @param {View[]} views @param {AddressState} state */
  const viewOf = (views, state) =>
    views.find(({ capability }) => capability === state.capability) || views[0];

  /** The choices of a page of views: of the commit, of the capability if there are several, and
      those that the page adds. What is chosen becomes the state, which `show` shows.
      @template {{capability: string}} View
      @param {View[]} views @param {AddressState} state @param {(state: AddressState) => void} show
      @param {(choose: (changed: Record<string, string>) => void) => Child} [further] */
  function forViews(views, state, show, further) {
    /** @param {Record<string, string>} changed */
    const choose = (changed) => {
      const next = { ...state, ...changed };
      Address.write(next);
      show(next);
    };
    const { capability } = viewOf(views, state);
    const names = views.map((view) => [view.capability, view.capability || "not said"]);
    Elements.keepingFocus(() =>
      Elements.fill(
        Elements.$("choices"),
        ofCommit(commitsOf(state).commit, (hash) => choose({ subject: hash })),
        views.length > 1 &&
          of("capability", "Capability", names, capability, (name) => choose({ capability: name })),
        further?.(choose),
      ),
    );
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

  return { of, ofCommit, ofAny, commitsOf, viewOf, forViews };
})();
