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
  /** Tags of commits elsewhere that come from this one, and from none after it. */
  forks: string[];
  isMeasured: boolean;
  /** Cells without a result, and the series that they are of. */
  missing: number;
  gaps: number[];
  failing: number;
  wrong: number;
  summary: Summary | null;
}

/** What a filter looks at: a change, a sort of change of a commit, or a difference between two. */
interface Filtered {
  kind: ChangeKind;
  verdict: Verdict;
  state: State;
  isMinor: boolean;
  isThere: boolean;
  /** Whether it is a fact that is not minor. */
  counts: boolean;
  /** How many of the least sizes of `site` it reaches. */
  size: number;
}

/** What is asked of changes, as the address has it; "" for anything. */
interface WantedChanges {
  series: string;
  kind: string;
  size: string;
  state: string;
}

/** What is known of a cell at a commit: its value, or, of a sampled series, its level; how many of
    the changes up to there are facts, suspected, and no commit's. */
interface Known {
  value: Encoded;
  facts: number;
  suspected: number;
  none: number;
}

type KnownAt = (series: number, cell: number) => Known;

/** A side of a comparison. `commit`: null where it is of another history than the page's; `said`:
    what has to be known of it, "" if nothing. */
interface ComparedSide {
  name: string;
  commit: Commit | null;
  position: number;
  day: string;
  said: string;
  known: KnownAt;
}

/** A cell of which two values differ. */
interface DifferingPair {
  cell: number;
  before: Encoded;
  after: Encoded;
  size: number;
}

/** Cells of a series that differ alike, the biggest first. */
interface Difference extends Filtered {
  series: Series;
  pairs: DifferingPair[];
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
  said: string;
  isAccepted: boolean;
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

/** From the lowest to the highest. */
type Span = [low: number, high: number];

/** From values to pixels, and back. */
interface Scale {
  at(value: number): number;
  value(pixel: number): number;
}

/** A place in a plot, in pixels from its top left corner. */
interface Place {
  x: number;
  y: number;
}

type PlotSymbol = "circle" | "square" | "diamond" | "up" | "down" | "cross" | "plus";

/** How a line is drawn: as a line of values; thinly, where a thick one tells the level; as that; as
    values of wrong outcomes; as those of the commit before; as what could be at best. */
type PlotLook = "main" | "samples" | "level" | "wrong" | "before" | "ideal";

/** A line: its y at each x, ascending; null: none. */
interface PlotLine {
  name: string;
  /** The line with which it is hidden, if that is another one. */
  group?: string;
  /** The number of its colour, dash and symbol. */
  style: number;
  look?: PlotLook;
  x: number[];
  y: (number | null)[];
  isStepped?: boolean;
  /** Which points have a symbol; if nothing is said, all of a few, some of many. */
  symbols?: "all" | "none";
  /** The value at a point in words, "" if there is nothing to say; a line without cannot be
      pointed at. */
  said?: (n: number) => string;
}

interface PlotBand {
  group: string;
  style: number;
  x: number[];
  low: (number | null)[];
  high: (number | null)[];
}

/** Marks of a kind. `lines`: the names of the lines that they are on. */
interface PlotMarks {
  lines: string[];
  name: string;
  symbol: PlotSymbol;
  look: "worse" | "better" | "neither" | "soft";
  x: number[];
  y: (number | null)[];
  isOpen: boolean[];
  said: (n: number) => string;
}

/** A vertical line with a name. */
interface PlotRule {
  at: number;
  name: string;
}

/** A tick, and the lines of its label. */
interface Tick {
  at: number;
  text: string[];
}

/** An axis. `whole`: what is shown without a zoom, null for what fits the values; `atLeast`: what is
    shown of it in any case; `room`: pixels that a label needs; `rows`: the lines of a label, 1 if that
    is not said; `snap`: the range that is shown where another one is asked for. */
interface PlotAxis {
  title?: string;
  isLog?: boolean;
  fromZero?: boolean;
  whole: Span | null;
  atLeast?: Span;
  room: number;
  rows?: number;
  ticks(range: Span, most: number, isWhole: boolean): Tick[];
  snap?(range: Span): Span;
}

/** What there is at a point: a commit or a size, and where more of it is told. */
interface About {
  title: string;
  detail?: string;
  href?: string;
  link?: string;
}

/** What a plot shows. `what`: what its x are, in a word; `summary`: what is said of a line in a
    range; `rows`: what is saved of one. */
interface Drawing {
  what: string;
  x: PlotAxis;
  y: PlotAxis;
  lines: PlotLine[];
  bands?: PlotBand[];
  marks?: PlotMarks[];
  rules?: PlotRule[];
  isNewestLast?: boolean;
  about(line: PlotLine, n: number): About;
  summary?(line: PlotLine, range: Span): string;
  rows?(range: Span): (string | number | null)[][];
}

/** What is zoomed to: a range of x, or of y, or of both. */
interface PlotView {
  from?: number;
  to?: number;
  low?: number;
  high?: number;
}

/** Where everything is in a plot of a size. */
interface Places {
  size: { width: number; height: number };
  box: { left: number; right: number; top: number; bottom: number };
  shown: { lines: PlotLine[]; bands: PlotBand[]; marks: PlotMarks[] };
  range: Span;
  rangeY: Span;
  x: Scale;
  y: Scale;
  ticksX: Tick[];
  ticksY: Tick[];
}

/** A point of a line. */
interface PlotReading {
  line: PlotLine;
  n: number;
  text: string;
  y: number | null;
}

/** What is pointed at: all lines at an x, and the one that is meant. */
interface PlotStop {
  x: number;
  readings: PlotReading[];
  chosen: PlotReading;
  about: About;
  marks: { marks: PlotMarks; n: number }[];
}

/** A plot on the page: its elements, what it shows and what is pointed at. */
interface Plot {
  area: HTMLElement;
  tip: HTMLElement;
  live: HTMLElement;
  legend: HTMLElement;
  tools: HTMLElement;
  hasTools: boolean;
  values: { details: HTMLDetailsElement; place: HTMLElement };
  label: string;
  drawing: Drawing;
  view: PlotView;
  hidden: Set<string>;
  places: Places;
  cursor: Element;
  stop: PlotStop | null;
  onView: ((view: PlotView) => void) | undefined;
  redraw(): void;
  show(view: PlotView): void;
}

/** A commit as a plot tells it. */
type PlotCommit = Pick<Commit, "number" | "hash" | "short" | "date" | "subject">;

/** The commits of a target, or of one that lies beside it. */
interface CommitLine {
  all: PlotCommit[];
  /** Those that positions stand for, oldest first. */
  measured: PlotCommit[];
  at(position: number): PlotCommit;
  position(commit: PlotCommit): number;
  address(commit: PlotCommit): string;
}

/** A change as a plot shows it. */
type PlotChange = Pick<
  Change,
  "series" | "cell" | "kind" | "verdict" | "state" | "before" | "after"
> & { commit: PlotCommit };

type ShownValues = Omit<SeriesValues, "changes"> & { changes: PlotChange[] };

/** Where lines of a plot may come from, "" for these pages: another branch, machine or environment of
    the target, or another target. */
interface Origin {
  name: string;
  isOtherTarget: boolean;
  commits: CommitLine;
  series: Series[];
  valuesOf(series: Series): Promise<ShownValues>;
}

/** A line that is added to a plot: names of a series, of a cell and of a target, "" if not said. */
interface Added {
  series: string;
  cell: string;
  target: string;
}

/** A cell of a series as a plot shows it: what its line is called, the x of its positions, and whose
    commits they are. */
interface ShownCell {
  name: string;
  series: Series;
  cell: number;
  known: ShownValues;
  x: number[];
  commits: CommitLine;
  target: string;
  /** One value for all commits. */
  isConstant?: boolean;
}

/** The part of a plot over commits that an address names: commits or dates, and values. */
interface Zoomed {
  from?: string;
  to?: string;
  low?: string;
  high?: string;
}
