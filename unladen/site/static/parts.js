/* Parts that several pages have: marks, chips, counts, links, a choice of commits. */
"use strict";

((U) => {
  const { el } = U;

  const WORDS = {
    broke: ["broke", "broken"],
    "goes wrong": ["goes wrong", "broken"],
    "works again": ["works again", "better"],
    "right again": ["right again", "better"],
    appears: ["new", ""],
    disappears: ["gone", ""],
  };

  /** [word, class] of a change: what happened, for better or worse. */
  U.wordOf = (change) => {
    if (WORDS[change.kind]) return WORDS[change.kind];
    return change.verdict === "regression" ? ["worse", "worse"] : ["better", "better"];
  };

  /** What a series measures, in words: "CPU per negotiation". */
  U.quantityName = (series) => {
    const words = series.name
      .split(".")
      .pop()
      .replace(/^(track|time|sample|peakrss)_/, "")
      .split("_");
    const spelled = words
      .map((word) => ({ cpu: "CPU", sdk: "SDK", rss: "RSS" })[word] || word)
      .join(" ");
    return spelled ? spelled[0].toUpperCase() + spelled.slice(1) : series.shown;
  };

  U.mark = (word, style) => el("span", { class: `mark ${style}` }, word);

  U.changeMark = (change) => U.mark(...U.wordOf(change));

  /** A mark for the state of a change that is no fact; null for one that is. */
  U.stateMark = (change) => {
    if (change.state === "certain") return null;
    return U.mark(change.state, U.settled.has(change.state) ? "" : "doubt");
  };

  U.commitLinkOf = (commit) =>
    el("a", { class: "hash", href: U.commitLink(commit), title: commit.subject }, commit.short);

  /** "before → after" for people. */
  U.valuesText = (change) => U.pairText(change.before, change.after, change.series);

  /** "now hangs when 'offer: hangs'" of a change from outcome to outcome; "" of others. */
  U.outcomeText = ({ series, cell, before, after }) => {
    const verb = series.verbs[after];
    if (verb === undefined || series.verbs[before] === undefined) return "";
    return `now ${verb} '${U.cellText(series, cell)}'`;
  };

  /** What has become of some changes alike: the commit that undid all, or how many stand; null if
      all do. */
  function fate(changes) {
    const there = changes.filter((change) => change.undoneBy === null).length;
    if (there === changes.length) return null;
    if (there) return [U.remains(there, changes.length)];
    const words = { regression: "fixed by ", improvement: "lost by ", neither: "until " };
    const by = new Set(changes.map((change) => change.undoneBy));
    const commit = by.size === 1 ? U.commitLinkOf(changes[0].undoneBy) : "several commits";
    return [words[changes[0].verdict], commit];
  }

  /** What else is to be said of a change, which stands for some that are alike: texts and links. */
  U.notes = (change, alike = [change]) => {
    const outcome = U.outcomeText(change);
    const notes = outcome ? [[outcome]] : [];
    const undone = fate(alike);
    if (undone) notes.push(undone);
    if (change.firstSuspect !== change.commit || change.lastSuspect !== change.commit) {
      notes.push(
        change.lastSuspect === change.commit
          ? ["or by one since ", U.commitLinkOf(change.firstSuspect)]
          : [
              "likeliest of ",
              U.commitLinkOf(change.firstSuspect),
              " to ",
              U.commitLinkOf(change.lastSuspect),
            ],
      );
    }
    const evidence = change.evidence;
    if (evidence?.follows)
      notes.push([
        `explained by ${(U.findSeries(evidence.follows) || { shown: evidence.follows }).shown}`,
      ]);
    if (evidence && evidence.spread !== null)
      notes.push([`readings ±${U.number(evidence.spread * 100, 2)} %`]);
    if (change.drift) {
      const steps = change.drift.commits;
      const total = U.sizeText(change.drift.before, change.drift.after, change.series);
      notes.push([
        `a step of a drift (${total} in ${steps.length} steps, `,
        U.commitLinkOf(steps[0]),
        " to ",
        U.commitLinkOf(steps[steps.length - 1]),
        ")",
      ]);
    }
    const last = change.valueBeforeFailure;
    if (last !== null && last !== change.after) {
      const since = change.kind === "right again" ? "before it went wrong" : "before it failed";
      notes.push([`was ${U.readingText(last, change.series)} ${since}`]);
    }
    return notes.map((note) => el("span", {}, ...note));
  };

  /** Marks with the numbers of series that a commit changed. */
  U.countMarks = (commit) => {
    const marks = [];
    const counts = commit.summary ? commit.summary.counts : {};
    const add = (number, one, many, style) => {
      if (number) marks.push(U.mark(U.plural(number, one, many), style));
    };
    add(counts.broken, "broken", "broken", "broken");
    add(counts.regressions, "regression", "regressions", "worse");
    const [there, of] = commit.summary ? commit.summary.standing : [0, 0];
    if (there < of) marks.push(U.mark(there ? U.remains(there, of) : "fixed since", ""));
    add(counts.improvements, "improvement", "improvements", "better");
    add(counts.suspected, "suspected", "suspected", "doubt");
    add(counts.minor, "minor", "minor", "");
    if (!commit.isMeasured) marks.push(U.mark("not measured", ""));
    else add(commit.missing, "value not measured", "values not measured", "");
    return marks;
  };

  /** The biggest changes of a commit as chips; each leads to its series. */
  U.chips = (commit) => {
    const summary = commit.summary;
    if (!summary?.chips.length) return null;
    const list = summary.chips.map((row) => el("li", {}, chip(row)));
    if (summary.more) {
      const text = `and ${summary.more} more`;
      list.push(el("li", {}, el("a", { class: "chip", href: U.commitLink(commit) }, text)));
    }
    return el("ul", { class: "chips", "aria-label": "Biggest changes" }, list);
  };

  /** How many of some changes stand: "12 of 57 still there". */
  U.remains = (there, of) => `${there} of ${of} still there`;

  function chip([seriesNumber, cell, kind, verdict, state, before, after, cells, there]) {
    const series = U.series[seriesNumber];
    const change = {
      kind: U.site.kinds[kind],
      verdict: U.site.verdicts[verdict],
      state: U.site.states[state],
    };
    const [word, style] = U.wordOf(change);
    const isDoubt = !U.settled.has(change.state);
    const hasBoth = U.figureOf(before) !== null && U.figureOf(after) !== null;
    const size = hasBoth ? U.sizeText(before, after, series) : "";
    const much = size || (hasBoth ? U.pairText(before, after, series) : "");
    const cellText = U.cellText(series, cell);
    const isUndone = there < cells;
    return el(
      "a",
      { class: `chip ${style} ${isDoubt ? "doubt" : ""}`, href: U.seriesLink(series, cell) },
      el("span", { class: "much" }, [word, much].filter(Boolean).join(" ")),
      el("span", {}, series.shown),
      (cellText || cells > 1) &&
        el("span", { class: "soft" }, cellText + (cells > 1 ? ` +${cells - 1}` : "")),
      Boolean(isDoubt || isUndone) &&
        el(
          "span",
          { class: "soft" },
          isDoubt ? change.state : there ? U.remains(there, cells) : undoneSince(change.verdict),
        ),
    );
  }

  function undoneSince(verdict) {
    return { regression: "fixed since", improvement: "lost since", neither: "undone since" }[
      verdict
    ];
  }

  /** A labelled choice of measured commits, newest first. */
  U.commitChoice = (id, label, chosen, onChange) => {
    const options = U.measured
      .map((number) => U.commits[number])
      .reverse()
      .map((commit) =>
        el(
          "option",
          { value: commit.hash, selected: commit === chosen },
          `${commit.short} ${U.day(commit.date)} ${commit.subject.slice(0, 60)}`,
        ),
      );
    const select = el("select", { id, on: { change: () => onChange(select.value) } }, options);
    return el("label", { for: id }, label, select);
  };

  /** A labelled choice. `options`: [value, text] pairs. */
  U.choice = (id, label, options, chosen, onChange) => {
    const select = el(
      "select",
      { id, on: { change: () => onChange(select.value) } },
      options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
    );
    return el("label", { for: id }, label, select);
  };

  /** The commit that a state names, else the newest measured one, and the one measured before. */
  U.chosenCommits = (state) => {
    const named = state.subject ? U.findCommit(state.subject) : undefined;
    let position = named ? U.position(named) : U.measured.length - 1;
    if (position < 0) position = U.measured.length - 1;
    return {
      position,
      commit: U.commitAt(position),
      before: position > 0 ? U.commitAt(position - 1) : null,
    };
  };
})(window.Unladen);
