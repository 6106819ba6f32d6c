import { atMost, type ScoreLimits } from "../limits.ts";
import { type Course, PLAIN_COURSE, playOrder, withDepartures } from "../repeats.ts";
import { type Staff, stavesOf, type WrittenBar, type WrittenScore } from "../score.ts";
import { fractionOf, keyOf, metreOf, partsOf } from "./fields.ts";
import { type AbcBar, VoiceReader } from "./voice.ts";

/** Whether a text is a collection of ABC tunes: a line with a tune number, before any music. */
export function isAbc(text: string): boolean {
  return !text.trimStart().startsWith("<") && /^X:[ \t]*\d/m.test(text.slice(0, 20_000));
}

/** Longest part of a field that is read, in characters. */
const LONGEST_FIELD = 200;

/**
 * Reads the first tune of a file in ABC notation: its voices side by side, repeats, endings, broken
 * rhythms, tuplets, ties, grace notes and chord symbols. (The abc music standard 2.1, 2011.)
 * @throws {Error} with the reason why it cannot be read, fit to follow "skipped: "
 */
export function readAbc(text: string, limits: ScoreLimits): WrittenScore {
  const [first = "", ...further] = text.split(/^(?=X:[ \t]*\d)/m).slice(/^X:/.test(text) ? 0 : 1);
  const lines = first.split(/\r\n?|\n/);
  const end = lines.findIndex((line, i) => i > 0 && line.trim() === "");
  const header = new Map<string, string>(), voices = new Map<string, VoiceReader>();
  const about = new Map<string, string>(); // fields of each voice
  let current = "1", symbols = 0, inBody = false;
  const voiceOf = (id: string): VoiceReader => {
    let voice = voices.get(id);
    if (!voice) {
      atMost(voices.size + 1, limits.staves, "voices");
      const metre = metreOf(header.get("M") ?? "");
      const value = metre ? metre.numerator / metre.denominator : 1;
      const unit = fractionOf(header.get("L") ?? "", value < 0.75 ? 1 / 16 : 1 / 8);
      voices.set(id, voice = new VoiceReader(unit, metre, keyOf(header.get("K") ?? "")));
      if (voices.size === 1) voice.field("Q", header.get("Q") ?? "");
    }
    return voice;
  };
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    const plain = line.replace(/(^|[^\\])%.*/, "$1");
    const [, name, whole = ""] = /^([A-Za-z]):(.*)/.exec(plain) ?? [];
    const value = whole.trim().slice(0, LONGEST_FIELD);
    if (name === "V") {
      current = /^\S+/.exec(value)?.[0] ?? current;
      about.set(current, `${about.get(current) ?? ""} ${value}`);
      if (inBody) voiceOf(current);
    } else if (name !== undefined && !inBody) {
      if (!header.has(name)) header.set(name, value);
      inBody = name === "K";
      if (inBody) current = "1";
    } else if (name !== undefined) {
      if ("KMLQP".includes(name)) voiceOf(current).field(name, value);
    } else if (inBody) {
      atMost(symbols += plain.length, limits.elements, "characters of music");
      for (const part of plain.split(/(?=\[V:)/)) {
        const [whole = "", id] = /^\[V:\s*([^\s\]]+)[^\]]*\]/.exec(part) ?? [];
        if (id !== undefined) current = id;
        voiceOf(current).music(part.slice(whole.length));
      }
    }
  }
  if (!header.has("K")) {
    throw new Error("it is ABC without a key (K:), after which the music begins");
  }
  const all = [...voices].map(([id, voice]) => ({ id, bars: voice.finish() }))
    .filter(({ bars }) => bars.length > 0);
  if (all.length === 0) throw new Error("it has no notes");
  const { courses, parts, ...music } = sideBySide(all, about, limits);
  const named = partsOf(header.get("P") ?? "");
  const lost = [...new Set(named)].filter((name) => !parts.some(({ part }) => part === name));
  const order = orderOf(courses, parts, lost.length > 0 ? [] : named, limits);
  return {
    title: header.get("T") ?? "",
    ...music,
    order,
    remarks: [
      ...further.length === 0
        ? []
        : [`the first of its ${further.length + 1} tunes read: give the others files of their own`],
      ...lost.length === 0
        ? []
        : [`parts ${lost.join(", ")}, which its order of parts names, are not there`],
    ],
  };
}

/** Staves of the voices, with their bars aligned. */
function sideBySide(
  voices: readonly { readonly id: string; readonly bars: readonly AbcBar[] }[],
  about: ReadonlyMap<string, string>,
  limits: ScoreLimits,
): Pick<WrittenScore, "staves" | "bars"> & { courses: Course[]; parts: PartStart[] } {
  const count = Math.max(...voices.map(({ bars }) => bars.length));
  atMost(count, limits.bars, "bars");
  const bars = Array.from({ length: count }, (_, i): WrittenBar => {
    const own = voices.map(({ bars }) => bars[i]);
    const lead = own.find((bar) => bar !== undefined)!;
    return {
      length: Math.max(...own.map((bar) => bar?.length ?? 0)),
      metre: lead.metre,
      notes: own.flatMap((bar, staff) => (bar?.notes ?? []).map((note) => ({ ...note, staff }))),
      keys: lead.keys,
      tempos: own.flatMap((bar) => bar?.tempos ?? []),
      chords: own.flatMap((bar) => bar?.chords ?? []),
      pedal: [],
    };
  });
  const courses = Array.from(
    { length: count },
    (_, i) => voices.map(({ bars }) => bars[i]).find((bar) => bar)?.course ?? PLAIN_COURSE,
  );
  const parts = Array.from({ length: count }, (_, at): PartStart[] => {
    const part = voices.map(({ bars }) => bars[at]?.part).find((name) => name !== undefined);
    return part === undefined ? [] : [{ part, at }];
  }).flat();
  const words = voices.map(({ id }) => about.get(id) ?? "");
  const names = words.map((text, i) =>
    /\b(?:name|nm)="([^"]*)"/.exec(text)?.[1] ?? (voices.length > 1 ? `Voice ${voices[i]!.id}` : "")
  );
  const isPiano = voices.length === 2 && /bass/.test(words[1]!) && !/bass/.test(words[0]!);
  const staves = isPiano
    ? stavesOf(0, { name: "Piano", count: 2 })
    : names.map((name, instrument): Staff => ({ name, instrument }));
  return { staves, bars, courses, parts };
}

/** A part of a tune, such as the A of its order ABA, and its first bar. */
interface PartStart {
  readonly part: string;
  readonly at: number;
}

/** Playing order: that of the parts where they are named, each with its repeats; else as written. */
function orderOf(
  courses: readonly Course[],
  parts: readonly PartStart[],
  named: readonly string[],
  limits: ScoreLimits,
): number[] {
  const within = (from: number, to: number) =>
    playOrder(withDepartures(courses.slice(from, to)), limits.bars + 1).map((bar) => from + bar);
  const order = named.length === 0 ? within(0, courses.length) : within(0, parts[0]!.at);
  for (const name of named) {
    const index = parts.findIndex(({ part }) => part === name);
    order.push(...within(parts[index]!.at, parts[index + 1]?.at ?? courses.length));
    atMost(order.length, limits.bars, "bars, repeats written out");
  }
  atMost(order.length, limits.bars, "bars, repeats written out");
  return order;
}
