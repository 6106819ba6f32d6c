import { DRUM_CHANNEL } from "../../midi/music.ts";
import { atMost, type ScoreLimits } from "../limits.ts";
import { type Course, PLAIN_COURSE, playOrder, withDepartures } from "../repeats.ts";
import { type Staff, stavesOf, type WrittenBar, type WrittenScore } from "../score.ts";
import {
  attribute,
  child,
  childrenOf,
  numberOf,
  parseXml,
  textOf,
  type XmlElement,
} from "../xml.ts";
import { type Measure, readMeasure } from "./measure.ts";
import { appended, cutAtRepeats } from "./mid_bar.ts";
import { newPart, type PartState } from "./part_state.ts";

/** A part while it is read. */
interface Part {
  readonly id: string;
  readonly state: PartState;
  readonly measures: Measure[];
}

/** Tolerance between a bar's sum of durations and its metre, in quarter notes. */
const ROUNDING = 1 / 8;

/** Most by which a written-out ornament reaches beyond its bar, in quarter notes. */
const MOST_SPILLED = 3 / 16;

/** Default bar length in quarter notes. */
const USUAL_LENGTH = 4;

/**
 * Reads a MusicXML document, partwise or timewise.
 * @param text the document
 * @throws {Error} with the reason why it cannot be read, fit to follow "skipped: "
 */
export function readMusicXml(text: string, limits: ScoreLimits): WrittenScore {
  const parts = new Map<string, Part>();
  let measures = 0, isMuseScores = false;
  const partOf = (id: string): Part => {
    let part = parts.get(id);
    if (!part) {
      atMost(parts.size + 1, limits.staves, "parts");
      parts.set(id, part = { id, state: newPart(isMuseScores), measures: [] });
    }
    return part;
  };
  const root = parseXml(text, {
    limits,
    onElement: (element, parent) => {
      isMuseScores ||= element.name === "software" && element.text.includes("MuseScore");
      const isMeasure = element.name === "measure" && parent?.name === "part" ||
        element.name === "part" && parent?.name === "measure";
      if (!isMeasure) return false;
      atMost(++measures, limits.elements, "bars of all parts");
      const part = partOf(attribute(element.name === "part" ? element : parent!, "id") ?? "");
      const read = repeated(readMeasure(element, part.state), part);
      const before = attribute(element, "non-controlling") === "yes" && part.measures.pop();
      part.measures.push(before ? appended(before, read) : read);
      atMost(part.measures.length, limits.bars, "bars");
      return true;
    },
  });
  if (root.name !== "score-partwise" && root.name !== "score-timewise") throw strange(root.name);
  if (parts.size === 0) throw new Error("it has no bars");
  const all = [...parts.values()], cut = cutAtRepeats(all.map(({ measures }) => measures), limits);
  const inPieces = all.map((part, i) => ({ ...part, measures: cut.parts[i]! }));
  return combine(root, inPieces, cut.written, limits);
}

/** A bar that only a repeat sign stands in, with the notes of the bar that it repeats. */
function repeated(measure: Measure, { state: { barRepeat }, measures }: Part): Measure {
  const source = measure.notes.length > 0 ? undefined : measures[measures.length - barRepeat];
  return source ? { ...measure, notes: source.notes, chords: source.chords } : measure;
}

function strange(root: string): Error {
  const why = root === "museScore"
    ? `it is in MuseScore's own format: in MuseScore, choose File, Export, "MusicXML"`
    : root === "opus"
    ? "it is a list of scores (opus), which holds no notes: give the scores themselves"
    : root === "mei"
    ? "it is MEI: export it as MusicXML from the program that wrote it, or with Verovio's or MuseScore's import"
    : `it is XML, but no score: its root element is <${
      root.slice(0, 40)
    }>, needed is <score-partwise>`;
  return new Error(why);
}

/**
 * Combines the parts of a document into one score.
 * @param written index of the written measure of each bar
 */
function combine(
  root: XmlElement,
  parts: readonly Part[],
  written: readonly number[],
  limits: ScoreLimits,
): WrittenScore {
  const count = written.length;
  const staves: Staff[] = [], firstStaff: number[] = [];
  for (const [index, { id, state: { staves: count } }] of parts.entries()) {
    firstStaff.push(staves.length);
    atMost(staves.length + count, limits.staves, "staves");
    staves.push(...stavesOf(index, { ...instrumentOf(root, id), count }));
  }
  const untransposed = Math.max(0, parts.findIndex(({ state }) => state.transpose === 0));
  const words = new Set<string>();
  const bars = written.map((measure, i): WrittenBar => {
    const own = parts.map(({ measures }) => measures[i]);
    const metre = own.find((one) => one?.metre)?.metre;
    const tempos = own.flatMap((one) => one?.tempos ?? []);
    for (const { word } of tempos) if (word !== undefined) words.add(word);
    return {
      length: lengthOf(own, metre),
      ...{ metre, measure },
      notes: own.flatMap((one, part) =>
        (one?.notes ?? []).map((note) => ({ ...note, staff: firstStaff[part]! + note.staff }))
      ),
      keys: own[untransposed]?.keys ?? [],
      tempos: numbersFirst(tempos),
      chords: own.flatMap((one) => one?.chords ?? []).toSorted((a, b) => a.at - b.at),
      pedal: own.flatMap((one, part) =>
        (one?.pedal ?? []).map((change) => ({ ...change, staff: firstStaff[part]! }))
      ),
    };
  });
  const order = playOrder(coursesOf(parts, count), limits.bars + 1);
  atMost(order.length, limits.bars, "bars, repeats written out");
  return { title: titleOf(root), staves, bars, order, remarks: remarksOf(parts, words) };
}

/** Tempo marks with numbers, in place of tempo words at the same position. */
function numbersFirst(tempos: readonly Measure["tempos"][number][]): Measure["tempos"] {
  return tempos.filter(({ at, word }) =>
    word === undefined || !tempos.some((other) => other.word === undefined && other.at === at)
  );
}

/**
 * Length of a bar: the sum of its notes, so that upbeats are short and cadenzas long, but that of
 * its metre where hidden rests or gaps fill it, where there are no notes, and where the difference
 * is due to rounded durations or to an ornament written out beside a voice that fills the bar.
 */
function lengthOf(
  measures: readonly (Measure | undefined)[],
  metre: WrittenBar["metre"],
): number {
  const nominal = metre && 4 * metre.numerator / metre.denominator;
  const most = (of: "reach" | "filled") =>
    measures.reduce((end, one) => Math.max(end, one?.[of] ?? 0), 0);
  const reach = most("reach");
  if (reach === 0) return nominal ?? USUAL_LENGTH;
  if (nominal !== undefined) {
    const excess = reach - nominal;
    if (Math.abs(excess) < ROUNDING) return nominal;
    if (excess < 0 && most("filled") > nominal - ROUNDING) return nominal;
    if (excess > 0 && excess < MOST_SPILLED && measures.some((one) => one?.isFull)) return nominal;
  }
  const plain = Math.round(reach * 8) / 8;
  return Math.abs(reach - plain) < ROUNDING / 4 ? plain : reach;
}

/** Name and programme of a part's instrument, and whether it is on the channel of drums. */
function instrumentOf(
  root: XmlElement,
  id: string,
): { name: string; program?: number; drums: boolean } {
  const part = childrenOf(child(root, "part-list"), "score-part")
    .find((one) => attribute(one, "id") === id);
  const program = Number(textOf(child(part, "midi-instrument"), "midi-program")) - 1;
  const name = textOf(part, "part-name") ||
    textOf(child(part, "score-instrument"), "instrument-name");
  const drums = numberOf(child(part, "midi-instrument"), "midi-channel", 1) === DRUM_CHANNEL + 1;
  return {
    ...{ name, drums },
    ...(program >= 0 && program <= 127 ? { program: Math.round(program) } : {}),
  };
}

function titleOf(root: XmlElement): string {
  const credit = childrenOf(root, "credit").find((one) => textOf(one, "credit-type") === "title");
  return textOf(child(root, "work"), "work-title") || textOf(root, "movement-title") ||
    textOf(credit, "credit-words");
}

/** Repeat and jump instructions of each bar, combined over all parts. */
function coursesOf(parts: readonly Part[], count: number): readonly Course[] {
  let endings: ReadonlySet<number> | undefined;
  return withDepartures(Array.from({ length: count }, (_, i): Course => {
    const own = parts.flatMap(({ measures }) => measures[i] ?? []);
    const begins = own.some(({ begins }) => begins);
    endings = own.find(({ endingBegins }) => endingBegins)?.endingBegins ?? endings;
    if (begins && !own.some(({ endingBegins }) => endingBegins)) endings = undefined;
    const times = Math.max(...own.map(({ times }) => times));
    const course: Course = {
      ...PLAIN_COURSE,
      ...{ begins, times, endings, fine: own.some(({ fine }) => fine) },
      ...definedOf("jump", own.find(({ jump }) => jump)?.jump),
      ...definedOf("sign", own.find(({ sign }) => sign !== undefined)?.sign),
      ...definedOf("toCoda", own.find(({ toCoda }) => toCoda !== undefined)?.toCoda),
      // a coda sign beside the words "To Coda" is that of the departure
      ...definedOf(
        "coda",
        own.find(({ coda, toCoda }) => coda !== undefined && toCoda === undefined)?.coda,
      ),
    };
    if (times > 0 || own.some(({ endingEnds }) => endingEnds)) endings = undefined;
    return course;
  }));
}

function definedOf<K extends string, V>(key: K, value: V | undefined): { [_ in K]?: V } {
  return value === undefined ? {} : { [key]: value } as { [_ in K]?: V };
}

function remarksOf(parts: readonly Part[], words: ReadonlySet<string>): string[] {
  const sum = (name: keyof PartState["left"]) =>
    parts.reduce((all, { state }) => all + state.left[name], 0);
  const [unpitched, beyond, cues] = [sum("unpitched"), sum("beyond"), sum("cues")];
  const backedUp = sum("backedUp");
  const counted = (count: number, what: string) =>
    `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
  return [
    ...words.size === 0
      ? []
      : [`the tempo of ${[...words].map((word) => `"${word}"`).join(", ")} taken as usual`],
    ...parts.some(({ state }) => state.swings) ? ["swing read as written, with even notes"] : [],
    ...unpitched === 0 ? [] : [`${counted(unpitched, "note")} of percussion left out`],
    ...cues === 0 ? [] : [`${counted(cues, "cue note")} left out`],
    ...beyond === 0 ? [] : [`${counted(beyond, "note")} without a MIDI pitch left out`],
    ...backedUp === 0 ? [] : [`${counted(backedUp, "step")} back before a bar line ended there`],
  ];
}
