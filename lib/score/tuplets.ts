import { beatsOf, isCompound, unitOf } from "./metre.ts";
import { type ScoreBar, type ScoreNote, UNITS } from "./notes.ts";

/** A tuplet in a bar: `actual` notes in the time of `normal`. */
export interface Tuplet {
  /** Units from the beginning. */
  readonly start: number;
  readonly length: number;
  readonly actual: number;
  readonly normal: number;
  /** Note value of its members: 8 for eighths. */
  readonly value: number;
}

/** Numbers of notes in a tuplet, and the cost of each in ties. */
const PLAIN = [[3, 1], [5, 1.2], [7, 1.4], [6, 2.2], [9, 2.4], [10, 2.6], [12, 3.2], [14, 3.4], [
  15,
  3.6,
]] as const;

/** The same for a dotted note; two and four are handled separately. */
const DOTTED = [[5, 1.2], [7, 1.4], [8, 2], [10, 2.4]] as const;

/** Numbers of notes in the time of several beats, and the cost of each in ties. */
const LONG = [[3, 1], [5, 1.2], [7, 1.4]] as const;

/** Cost of a note tied over the boundary of a part. */
const CUT = 1;

/** Cost of notes of half the tuplet's own value; higher for tuplets longer than a beat. */
const HALVES = 0.4, HALVES_OF_LONG = 2.5;

/** Length of the shortest plain note: a 128th. */
const SHORTEST = UNITS / 32;

/** A part of a bar: a beat, two beats, half a beat. */
interface Node {
  readonly start: number;
  readonly length: number;
  /** Whether it has three equal parts that are plain note values. */
  readonly isDotted: boolean;
  /** Whether it is no longer than a beat. */
  readonly isBeat: boolean;
}

interface Found {
  readonly cost: number;
  readonly tuplets: readonly Tuplet[];
}

/** Onsets and ends of a voice's notes in a bar. */
interface Lines {
  /** Units inside the bar at which notes begin or end. */
  readonly inside: readonly number[];
  readonly starts: ReadonlySet<number>;
  /** Whether a note sounds on over a unit. */
  readonly isHeld: (unit: number) => boolean;
}

/**
 * Finds the tuplets for one voice of a bar, with as few of them and as few ties as possible.
 * @param notes of the voice that sound in the bar
 * @returns undefined where no tuplets match all boundaries
 */
export function tupletsOf(
  notes: readonly Pick<ScoreNote, "start" | "end">[],
  bar: ScoreBar,
): readonly Tuplet[] | undefined {
  const beats: Node[] = [];
  let at = bar.start - bar.missing;
  for (const length of beatsOf(bar)) {
    const isDotted = isCompound(bar) || length === 3 * unitOf(bar) && bar.denominator >= 8;
    beats.push({ start: at, length, isDotted, isBeat: true });
    at += length;
  }
  const end = bar.start + bar.length;
  const all = new Set(notes.flatMap((note) => [note.start, note.end]));
  const lines: Lines = {
    inside: [...all].filter((line) => line > bar.start && line < end),
    starts: new Set(notes.map(({ start }) => start)),
    isHeld: (unit) =>
      unit > bar.start && unit < end &&
      notes.some((note) => note.start < unit && unit < note.end),
  };
  const whole = beats.filter(({ start, length }) => start < end && start + length > bar.start);
  return ofBeats(whole, lines)?.tuplets.map((tuplet) => counted(tuplet, lines.inside));
}

/** A tuplet counted by its notes: three eighths that consist of sixteenths only are a sextuplet. */
function counted(tuplet: Tuplet, lines: readonly number[]): Tuplet {
  const { start, length, actual, normal, value } = tuplet;
  const half = length / actual / 2, end = start + length;
  const edges = [start, ...lines.filter((line) => line > start && line < end), end]
    .sort((a, b) => a - b);
  const isHalved = edges.slice(1).every((edge, i) => edge - edges[i]! <= half + 1e-6);
  if (!isHalved || value >= 64) return tuplet;
  return counted(
    { start, length, actual: 2 * actual, normal: 2 * normal, value: 2 * value },
    lines,
  );
}

/** The best combination of beats written separately and of pairs, or all four, written as one. */
function ofBeats(beats: readonly Node[], lines: Lines): Found | undefined {
  const ways: (Found | undefined)[] = [{ cost: 0, tuplets: [] }];
  for (let count = 1; count <= beats.length; count++) {
    const options = [1, 2, 3, 4].filter((size) => size <= count && isGroup(beats, count, size))
      .flatMap((size) => {
        const before = ways[count - size], own = beats.slice(count - size, count);
        const node = size === 1 ? own[0]! : {
          start: own[0]!.start,
          length: own.reduce((sum, { length }) => sum + length, 0),
          isDotted: size === 3,
          isBeat: false,
        };
        const found = before && ofNode(node, lines, size === 1);
        if (!before || !found) return [];
        const cut =
          node.start > beats[0]!.start && lines.isHeld(node.start) && found.tuplets.length > 0
            ? CUT
            : 0;
        return [{
          cost: before.cost + found.cost + cut,
          tuplets: [...before.tuplets, ...found.tuplets],
        }];
      });
    ways.push(cheapest(options));
  }
  return ways[beats.length];
}

/**
 * Whether the `size` beats before the `count`th can form one tuplet: of equal length, with pairs
 * aligned.
 */
function isGroup(beats: readonly Node[], count: number, size: number): boolean {
  const own = beats.slice(count - size, count);
  if (
    own.some(({ length, isDotted }) => isDotted !== own[0]!.isDotted || length !== own[0]!.length)
  ) {
    return false;
  }
  if (size === 1) return true;
  if (own[0]!.isDotted && size === 3) return false;
  if (size === 4) return beats.length === 4;
  if (size === 3) return beats.length === 3;
  return beats.length !== 4 || count % 2 === 0 || count === 3;
}

function ofNode(node: Node, lines: Lines, isSplit: boolean): Found | undefined {
  const { start, length, isDotted, isBeat } = node;
  const own = lines.inside.filter((line) => line > start && line < start + length);
  if (isDotted && isEven(node, own, lines)) {
    const actual = own.length === 1 ? 2 : 4;
    return { cost: 1, tuplets: [{ start, length, actual, normal: 3, value: 12 * UNITS / length }] };
  }
  const grid = isDotted ? length / 3 : length;
  const isPlain = (line: number) => (line - start) % SHORTEST === 0 && grid % 1 === 0;
  if (isSplit && own.every(isPlain)) return { cost: 0, tuplets: [] };
  if (own.length === 0 || own.every(isPlain)) return isSplit ? { cost: 0, tuplets: [] } : undefined;
  const options: Found[] = [];
  for (const [actual, cost] of !isBeat ? LONG : isDotted ? DOTTED : PLAIN) {
    for (const halves of isBeat ? [1, 2, 4] : [1, 2]) {
      const step = length / actual / halves;
      if (!own.every((line) => (line - start) % step === 0)) continue;
      const tuplet = tupletOf(node, actual);
      if (tuplet === undefined || step * actual < SHORTEST * tuplet.normal) continue;
      const finer = (isBeat ? HALVES : HALVES_OF_LONG) * Math.log2(halves);
      options.push({ cost: cost + finer, tuplets: [tuplet] });
      break;
    }
  }
  if (isSplit && length / (isDotted ? 3 : 2) >= 2 * SHORTEST) {
    const parts = isDotted ? 3 : 2, part = length / parts;
    let sum: Found | undefined = { cost: 0, tuplets: [] };
    for (let i = 0; i < parts; i++) {
      const child = { start: start + i * part, length: part, isDotted: false, isBeat: true };
      const found = ofNode(child, lines, true);
      const cut = i > 0 && lines.isHeld(child.start) ? CUT : 0;
      sum = sum && found && {
        cost: sum.cost + found.cost + cut,
        tuplets: [...sum.tuplets, ...found.tuplets],
      };
    }
    if (sum) options.push(sum);
  }
  return cheapest(options);
}

/**
 * Whether a dotted note is divided into halves or quarters, and not at its thirds, by notes that
 * begin on both halves and are not tied over its end; others are dotted eighths.
 */
function isEven(
  { start, length }: Node,
  own: readonly number[],
  { starts, isHeld }: Lines,
): boolean {
  return starts.has(start) && starts.has(start + length / 2) && !isHeld(start + length) &&
    own.every((line) => (line - start) % (length / 4) === 0);
}

/**
 * The tuplet of `actual` notes in the time of the next lower number of plain ones; undefined where
 * these have no note value.
 */
function tupletOf({ start, length, isDotted }: Node, actual: number): Tuplet | undefined {
  const base = isDotted ? 3 : 1;
  const normal = base * 2 ** Math.floor(Math.log2(actual / base));
  const value = 4 * UNITS * normal / length;
  if (!Number.isInteger(Math.log2(value)) || value > 64 || value < 1) return undefined;
  return { start, length, actual, normal, value };
}

function cheapest(options: readonly Found[]): Found | undefined {
  return options.reduce<Found | undefined>(
    (best, option) => best === undefined || option.cost < best.cost - 1e-9 ? option : best,
    undefined,
  );
}
