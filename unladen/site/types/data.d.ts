/* What the files in data/ hold, as unladen/site writes them; docs/site.md says what they are for.

Commits are numbered from 0, the oldest; positions count the measured ones; series are numbered in
the order of the history, cells in that of their series; kinds, verdicts and states by the lists
in `site`. Flags are 0 or 1. Dates are seconds since 1970. */

/** What is written of a value (unladen/site/encode.py): a number, "n" for n/a, "f3" for a failure
    and "w3:8" for the 8 of a wrong outcome, both with the index of the reason, null for not
    measured. */
type Encoded = number | string | null;

type Flag = 0 | 1;

/** ChangeKind, Verdict and State of unladen's changes. */
type ChangeKind =
  | "value"
  | "broke"
  | "goes wrong"
  | "works again"
  | "right again"
  | "appears"
  | "disappears";
type Verdict = "regression" | "improvement" | "neither";
type State =
  | "certain"
  | "suspected"
  | "confirmed"
  | "cleared"
  | "host"
  | "driver"
  | "drift"
  | "noise";

/** What a series is: an entry of `site`. */
interface SeriesEntry {
  name: string;
  /** The name for people, and all by which it can be asked for. */
  shown: string;
  spellings: string[];
  /** All by which it could be asked for before it was renamed. */
  former: string[];
  unit: string;
  /** "exact" or "sampled"; "" if it does not say. */
  kind: string;
  group: string;
  /** Whether higher is better. */
  higher: Flag;
  tolerance: number;
  /** The words of its values, and what happens then ("hangs"), where it has them. */
  codes: string[];
  verbs: string[];
  /** By cell the codes that are expected, null where it does not say; empty if nothing is. */
  expected: (number[] | null)[];
  /** Each parameter: its name and its values for people; those as asv writes them. */
  axes: [name: string, points: string[]][];
  /** What each parameter stands for, whatever it is called; "" if it does not say. */
  roles: string[];
  written: string[][];
}

/** Views of unladen/site/views.py: of each page one a capability that has one; series by their
    numbers. */
interface Scaling {
  capability: string;
  quantities: { series: number; exponents: [series: number, cell: number] | null }[];
  exponents: number[];
}

interface Concurrency {
  capability: string;
  makespan: number | null;
  others: number[];
  efficiency: number | null;
}

interface Latency {
  capability: string;
  series: number[];
  lost: number | null;
}

interface Views {
  scaling: Scaling[];
  concurrency: Concurrency[];
  latency: Latency[];
}

interface SiteData {
  target: string;
  machine: string;
  environment: string;
  /** Web addresses: of the project, and of a commit but for its hash. */
  links: { project?: string; commit?: string; issue?: string };
  pages: string[];
  kinds: ChangeKind[];
  verdicts: Verdict[];
  states: State[];
  /** States of changes that are facts, and of those that are none. */
  settled: State[];
  dismissed: State[];
  series: SeriesEntry[];
  views: Views;
  remarks: string[];
  /** Commits whose changes are in one file, and positions whose values are. */
  chunk: number;
  /** Below these a difference is minor: of work and memory, of an exponent, of a sampled series;
      and below `rounding` two values are one. */
  limits: { ratio: number; exponent: number; step: number; rounding: number };
  /** Shares from which on a change is of the first, the second... size. */
  sizes: number[];
  /** Other pages of the target, of branches, machines and environments: their names, and the ways to
      their folders. */
  elsewhere: [name: string, way: string][];
  /** Where the first branch was measured: how many of its commits, and the way to the pages from the
      target's folder. */
  sources: [name: string, commits: number, way: string | null][];
  /** The ways to the portal's folder, and to the target's. */
  root: string;
  top: string;
  /** The groups of series that say what a subject does, of which nothing is minor. */
  behaviour: string[];
}

/** A change of the list's most important ones. */
type ChipRow = [
  series: number,
  cell: number,
  kind: number,
  verdict: number,
  state: number,
  before: Encoded,
  after: Encoded,
  cells: number,
  there: number,
  said: string,
];

/** What the list says of a commit that changed something. */
interface Summary {
  /** Series by what it did to them. */
  counts: {
    regressions?: number;
    improvements?: number;
    broken?: number;
    suspected?: number;
    minor?: number;
  };
  /** How many further changes there are than `chips`. */
  more: number;
  chips: ChipRow[];
  /** Of its regressions: how many changes are still there and open, of how many; and how many are
      there and accepted. */
  standing: [there: number, of: number, accepted: number];
  /** By sort of change: the number of the sort, and of the series that changed so. */
  found: [sort: number, ...series: number[]][];
}

type DriftRow = [
  series: number,
  cell: number,
  commits: number[],
  verdict: number,
  before: number | null,
  after: number | null,
  undoneBy: number | null,
];

/** `size`: how many of the least sizes of `SIZES` (unladen/site/sizes.py) it reaches. */
type SortRow = [
  kind: number,
  verdict: number,
  state: number,
  isMinor: Flag,
  isThere: Flag,
  size: number,
];

interface CommitsData {
  hash: string[];
  date: number[];
  /** Indices of `authors`. */
  author: number[];
  authors: string[];
  subject: string[];
  name: string[];
  /** In the order of the commits. */
  tags: [name: string, commit: number][];
  /** Tags of commits elsewhere, each with the last one here that its own comes from; in the order
      of the commits. */
  forks: [name: string, commit: number][];
  unmeasured: number[];
  /** By commit: how many cells have no result, and of which series, an index of `gaps`. */
  missing: Record<number, [cells: number, gap: number]>;
  gaps: number[][];
  /** By commit: how many cells failed, and how many are of wrong outcomes. */
  failing: Record<number, number>;
  wrong: Record<number, number>;
  sorts: SortRow[];
  summaries: Record<number, Summary>;
  drifts: DriftRow[];
}

/** How far readings spread; how many there are before and after; the series that explains it. */
type EvidenceRow = [spread: number | null, before: number, after: number, follows: string];

type ChangeRow = [
  series: number,
  cell: number,
  commit: number,
  kind: number,
  verdict: number,
  state: number,
  before: Encoded,
  after: Encoded,
  firstSuspect: number,
  undoneBy: number | null,
  drift: number | null,
  valueBeforeFailure: number | null,
  lastSuspect: number | null,
  evidence: EvidenceRow | null,
  /** What somebody said of it, "" if nobody did; and whether it may stay so. */
  said: string,
  isAccepted: Flag,
];

/** `changes-N`: all changes of some commits, by the commits' numbers. */
interface ChangesData {
  commits: Record<number, { minor: Flag; changes: ChangeRow[] }[]>;
  reasons: string[];
  /** By commit, its figures that are explained; not there if none is. */
  explained?: Record<number, ExplainedRow[]>;
}

/** A figure of a commit, its values as text, whether its parts are of the work of its whole benchmark,
    and the functions that come first. */
type ExplainedRow = [
  series: number,
  cell: number,
  values: string,
  isOfBenchmark: Flag,
  parts: ExplainedPart[],
];

/** A function: its name, where it is, what it contributes, what happens there, and a web address, ""
    if it has none. */
type ExplainedPart = [
  name: string,
  place: string,
  change: string,
  share: string,
  said: string,
  address: string,
];

/** Values of an exact cell: position, value, position, value... */
interface ExactCell {
  runs: Encoded[];
}

/** `unit` times `values`, from a position on; how far the quartiles are, a letter a value. */
interface SampledCell {
  from: number;
  unit: number;
  values: Encoded[];
  low?: string;
  high?: string;
}

/** `series-N`: the values of one series, and its changes, oldest first. */
interface SeriesData {
  cells: (ExactCell | SampledCell)[];
  changes: ChangeRow[];
  reasons: string[];
}

/** `values-N`: the values at some positions, by series and cell: position, value, position, value...
    What is not measured at a position is what it was when last measured; of sampled series they are
    the levels. `open`: by series and cell likewise, of those with changes that are no facts, how many
    changes so far are facts, suspected, and none of the commits': position, facts, suspected, none,
    position... */
interface ValuesData {
  runs: Encoded[][][];
  open: Record<number, number[][]>;
}

/** What a record says of its environment: whatever it is. */
type Fact = string | number | null | Fact[] | { [name: string]: Fact };

/** What varies from run to run. */
interface RunFacts {
  load?: number[] | null;
  started?: number;
  /** Its version; CPU seconds before and after. */
  calibration?: [version: number, before: number | null, after: number | null];
  /** By whom it was measured, if not here. */
  machine?: string;
  /** From which commits exact values are, where they are not measured at this one. */
  carried?: string;
}

interface EnvironmentData {
  environments: Record<string, Fact>[];
  runs: [commit: number, environment: number | null, varying: RunFacts][];
}

interface FaultCase {
  name: string;
  place: string;
  /** The codes that are expected. */
  expected: number[];
  about: string;
  /** Position, index of a text, position... wherever the outcome became another one. */
  notes: number[];
}

/** `unexpected`: how many of its faults are not as expected at the newest commit. */
interface FaultsData {
  matrices: { series: number; letters: string[]; unexpected: number; cases: FaultCase[] }[];
  texts: string[];
}

/** A load that is kept. `figures`: by name, each with its unit; null: it has no end. `users`: from a
    time on; `periods`: what ended in five seconds from `begin`. */
interface LoadData {
  name: string;
  commit: string;
  command: string;
  profile: string;
  exact: Flag;
  seconds: number;
  trouble: string;
  kinds: string[];
  figures: Record<string, [value: number | null, unit: string]>;
  users: [at: number, users: number][];
  periods: [
    begin: number,
    requests: number,
    failed: number,
    p50: number | null,
    p95: number | null,
    firstTokenP50: number | null,
    firstTokenP95: number | null,
  ][];
}

interface LoadsData {
  loads: LoadData[];
}

/** A panel of a capability's page: a series with some of its cells; by numbers, what they are of and
    each with its cell; of a table, what each row is called. */
interface CommitsPanel {
  kind: "commits";
  title: string;
  series: number;
  cells: number[];
}

interface NumbersPanel {
  kind: "numbers";
  title: string;
  series: number;
  what: string;
  points: number[];
  cells: number[];
}

interface TablePanel {
  kind: "table";
  title: string;
  points: string[];
  rows: { label: string; series: number; cells: (number | null)[] }[];
}

interface OutcomesPanel {
  kind: "outcomes";
  title: string;
  series: number;
  cells: number[];
  beside: { label: string; series: number }[];
}

type Panel = CommitsPanel | NumbersPanel | TablePanel | OutcomesPanel;

/** Some panels of a capability's page below a title. */
interface SectionData {
  title: string;
  text: string;
  panels: Panel[];
}

interface CapabilityData {
  sections: SectionData[];
}

/** A target that is published beside others. */
interface TargetEntry {
  name: string;
  /** From the portal's folder to its own, ending in "/". */
  folder: string;
}

/** `targets`, which lies beside the portal. */
interface TargetsData {
  targets: TargetEntry[];
}

/** What each data file holds, by its name. */
interface DataFiles {
  targets: TargetsData;
  site: SiteData;
  commits: CommitsData;
  environment: EnvironmentData;
  faults: FaultsData;
  loads: LoadsData;
  [page: `page-${string}`]: CapabilityData;
  [changes: `changes-${number}`]: ChangesData;
  [series: `series-${number}`]: SeriesData;
  [values: `values-${number}`]: ValuesData;
}
