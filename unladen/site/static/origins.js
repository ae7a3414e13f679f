/* Where lines of a plot may come from: this target, its other machines, environments and branches, and
the targets whose sites lie beside it. */
"use strict";

const Origins = (() => {
  /** This target. @type {Origin} */
  const own = {
    name: "",
    isOtherTarget: false,
    commits: Commits,
    series: AllSeries.all,
    valuesOf: Values.of,
  };

  /** @type {Map<string, Promise<Origin>>} */
  const known = new Map([["", Promise.resolve(own)]]);

  /** Promises what is called so, "" for this. Rejects if it is not there.
      @param {string} name @returns {Promise<Origin>} */
  function of(name) {
    const found = known.get(name);
    if (found) return found;
    const promise = made(name);
    known.set(name, promise);
    return promise;
  }

  /** @param {string} name @returns {Promise<Origin>} */
  async function made(name) {
    const { way: folder, site, commits: data, measured } = await Elsewhere.find(name);
    const commits = commitsOf(data, measured, folder);
    const series = site.series.map(AllSeries.made);
    return {
      name,
      isOtherTarget: site.target !== Unladen.data("site").target,
      commits,
      series,
      valuesOf: (one) => valuesOf(one, folder, site, commits),
    };
  }

  /** @param {CommitsData} data @param {number[]} numbers @param {string} folder
      @returns {CommitLine} */
  function commitsOf(data, numbers, folder) {
    const all = data.hash.map((hash, number) => ({
      number,
      hash,
      short: Elsewhere.shortOf(data, number),
      date: data.date[number],
      subject: data.subject[number] || "(no subject)",
    }));
    const measured = numbers.map((number) => all[number]);
    const positions = new Map(measured.map(({ number }, position) => [number, position]));
    return {
      all,
      measured,
      at: (position) => measured[position],
      position: ({ number }) => positions.get(number) ?? -1,
      address: ({ hash }) => `${folder}commit.html#${hash}`,
    };
  }

  /** The values of a series of another target, and what is drawn of its changes.
      @param {Series} series @param {string} folder @param {SiteData} site
      @param {CommitLine} commits @returns {Promise<ShownValues>} */
  async function valuesOf(series, folder, site, commits) {
    const data = await Unladen.load(`series-${series.number}`, folder);
    return {
      cells: Values.cellsOf(data, commits.measured.length),
      reasons: data.reasons,
      changes: data.changes.map(([, cell, at, kind, verdict, state, before, after]) => ({
        ...{ series, cell, before, after },
        commit: commits.all[at],
        kind: site.kinds[kind],
        verdict: site.verdicts[verdict],
        state: site.states[state],
      })),
    };
  }

  return { of };
})();
