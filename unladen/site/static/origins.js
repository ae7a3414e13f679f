/* Where lines of a plot may come from: this target, and those whose sites lie beside it. */
"use strict";

const Origins = (() => {
  /** This target. @type {Origin} */
  const own = {
    name: "",
    commits: Commits,
    series: AllSeries.all,
    valuesOf: Values.of,
  };

  /** @type {Map<string, Promise<Origin>>} */
  const known = new Map([["", Promise.resolve(own)]]);

  /** The way to the folder of the portal, which holds those of the targets. */
  const root = () =>
    document
      .querySelector(".brand")
      ?.getAttribute("href")
      ?.replace(/[^/]*$/, "") ?? "";

  /** Promises the names of the targets beside this one; none where there is no portal.
      @returns {Promise<TargetEntry[]>} */
  const beside = () =>
    Unladen.load("targets", root(), "").then(
      ({ targets }) => targets.filter(({ name }) => name !== Unladen.data("site").target),
      () => [],
    );

  /** Promises a target, "" for this one. Rejects if it is not there.
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
    const entry = (await beside()).find((one) => one.name === name);
    if (!entry) throw new Error(`${name} is not published beside this target`);
    const folder = root() + entry.folder;
    const [site, data] = await Promise.all([
      Unladen.load("site", folder),
      Unladen.load("commits", folder),
    ]);
    const commits = commitsOf(data, folder);
    const series = site.series.map(AllSeries.made);
    return {
      name,
      commits,
      series,
      valuesOf: (one) => valuesOf(one, folder, site, commits),
    };
  }

  /** @param {CommitsData} data @param {string} folder @returns {CommitLine} */
  function commitsOf(data, folder) {
    const unmeasured = new Set(data.unmeasured);
    const all = data.hash.map((hash, number) => ({
      number,
      hash,
      short: data.name[number] || hash.slice(0, 8),
      date: data.date[number],
      subject: data.subject[number] || "(no subject)",
    }));
    const measured = all.filter(({ number }) => !unmeasured.has(number));
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

  return { of, beside };
})();
