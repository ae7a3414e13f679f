/* Another target, machine, environment or branch, with which a comparison lays this one side by side:
the same series, by their names. */
"use strict";

const Elsewhere = (() => {
  const site = Unladen.data("site");
  const NOTHING = { value: null, facts: 0, suspected: 0, none: 0 };

  /** What there is: names and the ways to their folders.
      @returns {Promise<[name: string, way: string][]>} */
  async function all() {
    const targets = await Unladen.load("targets", site.root, "").then(
      (found) => found.targets,
      () => [],
    );
    const others = targets.filter(({ name }) => name !== site.target);
    return [
      ...site.elsewhere,
      ...others.map(
        ({ name, folder }) =>
          /** @type {[name: string, way: string]} */ ([name, site.root + folder]),
      ),
    ];
  }

  /** Promises what is called so, and has been published. Rejects if it is not there.
      `measured`: the numbers of its measured commits.
      @param {string} name */
  async function find(name) {
    const found = (await all()).find(([one]) => one === name);
    if (!found) throw new Error(`${name} is not published beside ${site.target}.`);
    const [, way] = found;
    const [other, commits] = await Promise.all([
      Unladen.load("site", way),
      Unladen.load("commits", way),
    ]);
    const unmeasured = new Set(commits.unmeasured);
    const measured = [...commits.hash.keys()].filter((number) => !unmeasured.has(number));
    return { way, site: other, commits, measured };
  }

  /** What a commit is called where it is shown, by its number.
      @param {CommitsData} commits @param {number} number */
  const shortOf = ({ name, hash }, number) => name[number] || hash[number].slice(0, 8);

  /** Promises one side of a comparison: what is known in another folder of pages at a commit.
      `wanted`: what it is called there, "" for `same`, if that is measured there, or the newest.
      @param {string} name @param {string} wanted @param {Commit} same
      @returns {Promise<ComparedSide>} */
  async function side(name, wanted, same) {
    const { way, site: other, commits, measured } = await find(name);
    const asked = numberOf(commits, wanted || same.hash);
    if (wanted && asked < 0) throw new Error(`${wanted} is no commit or tag of ${name}.`);
    const number = asked >= 0 ? asked : measured[measured.length - 1];
    const position = Math.max(measured.filter((one) => one <= number).length - 1, 0);
    const at = measured[position];
    const known = await ValuesAt.load(position, way, other.chunk);
    const translated = translation(other);
    return {
      name: `${name} ${shortOf(commits, at)}`,
      commit: null,
      position,
      day: Format.day(commits.date[at]),
      said: saidOf(other),
      known: (series, cell) => {
        const there = translated(series, cell);
        // No step of a sampled series lies between two histories that would make it a fact.
        const suspected = AllSeries.all[series].isExact ? 0 : 1;
        return { ...NOTHING, value: there ? known(...there).value : null, suspected };
      },
    };
  }

  /** @param {SiteData} other */
  function saidOf({ target, machine, environment }) {
    const isSame = machine === site.machine && environment === site.environment;
    const where = isSame
      ? `both on ${machine} (${environment})`
      : `${machine} (${environment}) beside ${site.machine} (${site.environment}): sampled figures depend on the machine, exact ones on the Python`;
    return target === site.target ? `${where}.` : `Series that both have, ${where}.`;
  }

  /** The number of the commit that is called so there, -1 if none is.
      @param {CommitsData} commits @param {string} wanted */
  function numberOf({ hash, name, tags, forks }, wanted) {
    const tagged = [...tags, ...forks].find(([tag]) => tag === wanted);
    if (tagged) return tagged[1];
    if (name.includes(wanted)) return name.indexOf(wanted);
    return wanted.length < 4 ? -1 : hash.findIndex((one) => one.startsWith(wanted.toLowerCase()));
  }

  /** Which series and cell there is meant by one here; null if it has none. Figures in other units
      are not the same.
      @param {SiteData} other */
  function translation(other) {
    const numbers = new Map(other.series.map(({ name }, number) => [name, number]));
    /** @type {Map<number, Map<string, number>>} */
    const cells = new Map();
    /** @param {number} series @param {number} cell
        @returns {[series: number, cell: number] | null} */
    return (series, cell) => {
      const here = AllSeries.all[series];
      const there = numbers.get(here.name);
      if (there === undefined || other.series[there].unit !== here.unit) return null;
      const known = cells.get(there) || cellsOf(other.series[there]);
      cells.set(there, known);
      const found = known.get(here.writtenCells[cell].join(", "));
      return found === undefined ? null : [there, found];
    };
  }

  /** @param {SeriesEntry} entry */
  const cellsOf = ({ written }) =>
    new Map(AllSeries.combinations(written).map((cell, number) => [cell.join(", "), number]));

  return { all, find, shortOf, side };
})();
