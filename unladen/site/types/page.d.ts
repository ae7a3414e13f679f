/* What the scripts of the pages make of the data and hand to each other. */

interface Commit {
  number: number;
  hash: string;
  short: string;
  /** Seconds since 1970. */
  date: number;
  author: string;
  subject: string;
  tags: string[];
  isMeasured: boolean;
  /** Cells without a result, and the series that they are of. */
  missing: number;
  gaps: number[];
  failing: number;
  wrong: number;
  summary: Summary | null;
}

/** A kind of change, and whether it counts: a fact that is not minor. */
interface SortOfChange {
  kind: ChangeKind;
  verdict: Verdict;
  state: State;
  isMinor: boolean;
  isThere: boolean;
  counts: boolean;
}

interface Series extends SeriesEntry {
  number: number;
  /** Its parameter combinations, for people and as asv writes them. */
  cells: string[][];
  writtenCells: string[][];
  isExact: boolean;
}

/** What is needed to write a value of a series. */
type Quantity = Pick<SeriesEntry, "unit"> & Partial<Pick<SeriesEntry, "kind" | "codes" | "group">>;

interface Evidence {
  spread: number | null;
  before: number;
  after: number;
  follows: string;
}

interface Drift {
  series: Series;
  cell: number;
  commits: Commit[];
  verdict: Verdict;
  before: number | null;
  after: number | null;
  undoneBy: Commit | null;
}

interface Change {
  series: Series;
  cell: number;
  commit: Commit;
  kind: ChangeKind;
  verdict: Verdict;
  state: State;
  before: Encoded;
  after: Encoded;
  reason: string;
  firstSuspect: Commit;
  lastSuspect: Commit;
  undoneBy: Commit | null;
  drift: Drift | null;
  valueBeforeFailure: number | null;
  evidence: Evidence | null;
}

/** By position; `low` and `high` are quartiles, of sampled series only. */
interface CellValues {
  values: Encoded[];
  low: (number | null)[] | null;
  high: (number | null)[] | null;
}

interface SeriesValues {
  cells: CellValues[];
  changes: Change[];
  reasons: string[];
}

/** A fault of a series of outcomes. */
interface Fault extends FaultCase {
  cell: number;
  /** Its name without its place. */
  short: string;
  values: Encoded[];
}

/** Faults over the commits. */
interface OutcomeMatrix {
  series: Series;
  letters: string[];
  faults: Fault[];
  /** The positions at which there is an outcome. */
  measured: number[];
  reasons: string[];
}

/** A commit that is looked at, and the one measured before. */
interface ChosenCommits {
  position: number;
  commit: Commit;
  before: Commit | null;
}

/** The panels of a kind. */
type PanelOf<Kind extends Panel["kind"]> = Extract<Panel, { kind: Kind }>;

/** What the address says: `subject`, what comes first without "=", and further values by name. */
interface AddressState {
  subject: string;
  [name: string]: string;
}

type StateValue = string | number | boolean | null | undefined;

/** What becomes a node: text, too; null and false are left out. */
type Child = Node | string | number | null | undefined | false | readonly Child[];

type Attribute = string | number | boolean | null | undefined;

/** Attributes of an element; `on`: listeners by event. */
type Attributes = {
  on?: Record<string, (event: Event) => void>;
} & {
  [name: string]: Attribute | Record<string, (event: Event) => void>;
};

/** A panel of lines, as plotly takes it: https://plotly.com/javascript/reference/ */
interface Trace {
  x: number[];
  y: (number | null)[];
  [option: string]: unknown;
}

/** An axis or a layout, as plotly takes them. */
type PlotOptions = Record<string, unknown>;

interface PlotLayout extends PlotOptions {
  xaxis: PlotOptions;
  yaxis: PlotOptions;
}

interface Drawing {
  traces: Trace[];
  layout: PlotLayout;
}

/** An element that plotly has drawn into. */
interface DrawnElement extends HTMLElement {
  on(event: "plotly_click", listener: (event: { points: { customdata: unknown }[] }) => void): void;
}

declare const Plotly: {
  react(
    place: HTMLElement,
    traces: Trace[],
    layout: PlotOptions,
    config: PlotOptions,
  ): Promise<DrawnElement>;
};
