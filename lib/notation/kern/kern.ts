import { atMost, type ScoreLimits } from "../limits.ts";
import {
  type At,
  isMetre,
  SAME_TIME,
  type Staff,
  type WrittenBar,
  type WrittenKey,
  type WrittenMetre,
  type WrittenScore,
} from "../score.ts";
import { endGraces, isGraceToken, type NotesOfBar, readToken } from "./tokens.ts";

/** A spine (column) of a Humdrum file while it is read. */
interface Spine {
  /** Kind, such as `**kern`; other kinds are skipped. */
  readonly kind: string;
  /** Number of the original column at the start of the file, which determines the staff. */
  readonly origin: number;
  /** Name of the voice: spines that split off have names of their own. */
  readonly voice: string;
  /** End of the last note or rest, in quarter notes. */
  readonly end: number;
}

/** A bar while it is read, with times from the beginning of the piece. */
interface OpenBar extends NotesOfBar {
  readonly start: number;
  readonly metre: WrittenMetre | undefined;
  readonly keys: (At & WrittenKey)[];
  readonly tempos: WrittenBar["tempos"][number][];
}

/**
 * Reads the `**kern` spines of a Humdrum file: each is a staff, the rightmost the highest. Sections
 * are played in the order of the first expansion list in the file, such as `*>[A,A,B]`. (Huron, The
 * Humdrum Toolkit: Reference Manual, 1994; humdrum.org's guide to `**kern`.)
 * @throws {Error} with the reason why it cannot be read, fit to follow "skipped: "
 */
export function readKern(text: string, limits: ScoreLimits): WrittenScore {
  const lines = text.split(/\r\n?|\n/);
  let spines: Spine[] = [], origins = 0, now = 0, tokens = 0, title = "";
  let bar: OpenBar = openBar(0, undefined);
  const bars: WrittenBar[] = [], staves = new Map<number, string>();
  const sections: { name: string; bar: number }[] = [];
  let expansion: string[] | undefined;
  const close = (atEnd = false) => {
    if (now - bar.start > SAME_TIME) {
      bars.push(written(bar, now));
      atMost(bars.length, limits.bars, "bars");
      bar = openBar(now, bar.metre);
    } else if (!atEnd && bar.notes.length > 0) bar = { ...bar, start: now };
  };
  for (const [index, line] of lines.entries()) {
    const where = `(line ${index + 1})`;
    if (line === "" || line.startsWith("!!")) {
      title ||= /^!!!OTL[^:]*:\s*(.*)/.exec(line)?.[1]?.trim() ?? "";
      continue;
    }
    const fields = line.split("\t");
    atMost(tokens += fields.length, limits.elements, "tokens");
    if (fields[0]!.startsWith("**")) {
      spines = fields.map((kind) => ({ kind, origin: origins++, voice: "", end: now }));
      atMost(spines.length, limits.staves, "spines");
      spines.filter(isKern).forEach(({ origin }) => staves.set(origin, ""));
      continue;
    }
    if (fields.length !== spines.length) {
      throw new Error(`it has ${fields.length} columns where ${spines.length} are open ${where}`);
    }
    if (fields[0]!.startsWith("!")) continue;
    if (fields[0]!.startsWith("*")) {
      const list = /^\*>\[(.*)\]$/.exec(fields[0]!),
        section = /^\*>(?!\[|\w*\[)(.+)$/.exec(fields[0]!);
      if (list) expansion ??= list[1]!.split(",");
      if (section) {
        close();
        sections.push({ name: section[1]!, bar: bars.length });
      }
      fields.forEach((field, i) => {
        if (!isKern(spines[i]!)) return;
        const name = /^\*I"(.*)/.exec(field)?.[1];
        if (name !== undefined) staves.set(spines[i]!.origin, name);
      });
      bar = interpreted(fields, spines, bar, now);
      spines = rearranged(fields, spines, now, () => origins++);
      atMost(spines.length, limits.staves, "spines");
      for (const spine of spines) {
        if (isKern(spine) && !staves.has(spine.origin)) staves.set(spine.origin, "");
      }
      continue;
    }
    if (fields[0]!.startsWith("=")) {
      close();
      continue;
    }
    const isGrace = fields.every((field, i) =>
      !isKern(spines[i]!) || field === "." || isGraceToken(field)
    );
    spines = spines.map((spine, i) => {
      const field = fields[i]!;
      if (!isKern(spine) || field === ".") return spine;
      const duration = readToken(field, spine, now, bar, where);
      return duration > 0 ? { ...spine, end: now + duration } : spine;
    });
    atMost(bar.notes.length, limits.notes, "notes in a bar");
    if (isGrace) continue;
    endGraces(bar);
    const ends = spines.filter((spine) => isKern(spine) && spine.end > now + SAME_TIME)
      .map(({ end }) => end);
    if (ends.length > 0) now = Math.min(...ends);
  }
  close(true);
  if (staves.size === 0) throw new Error("it is a Humdrum file without **kern columns");
  return {
    title,
    ...orderOfStaves(staves, bars),
    order: orderOf(bars.length, sections, expansion, limits),
    remarks: [],
  };
}

function isKern({ kind }: Spine): boolean {
  return kind === "**kern";
}

function openBar(start: number, metre: WrittenMetre | undefined): OpenBar {
  return { start, metre, notes: [], keys: [], tempos: [], graces: [] };
}

function written({ start, metre, notes, keys, tempos }: OpenBar, end: number): WrittenBar {
  const inBar = <T extends At>(one: T): T => ({ ...one, at: one.at - start });
  return {
    ...{ length: end - start, metre, chords: [], pedal: [] },
    notes: notes.map(inBar),
    keys: keys.map(inBar),
    tempos: tempos.map(inBar),
  };
}

/** Metre, key signature and tempo of a line of interpretations; the first of each. */
function interpreted(
  fields: readonly string[],
  spines: readonly Spine[],
  bar: OpenBar,
  now: number,
): OpenBar {
  const found = (pattern: RegExp) => {
    for (const [i, field] of fields.entries()) {
      const match = isKern(spines[i]!) ? pattern.exec(field) : null;
      if (match) return match;
    }
    return undefined;
  };
  const [, numerator, denominator] = found(/^\*M(\d{1,3})\/(\d{1,2})$/) ?? [];
  const signature = found(/^\*k\[([a-g#n-]*)\]/)?.[1], key = found(/^\*([a-gA-G])([#-]*):/);
  const tempo = Number(found(/^\*MM(\d+(?:\.\d+)?)/)?.[1]);
  if (signature !== undefined) {
    const fifths = signature.split("#").length - signature.split("-").length;
    if (Math.abs(fifths) <= 7) bar.keys.push({ at: now, fifths, minor: false });
  }
  const last = bar.keys.at(-1);
  if (key && last?.at === now) {
    bar.keys[bar.keys.length - 1] = { ...last, minor: /[a-g]/.test(key[1]!) };
  }
  if (tempo >= 5 && tempo <= 1000) bar.tempos.push({ at: now, beatsPerMinute: tempo });
  const metre = { numerator: Number(numerator), denominator: Number(denominator) };
  return isMetre(metre.numerator, metre.denominator) ? { ...bar, metre } : bar;
}

/**
 * Spines after a line in which they split (`*^`), join (`*v`), cross (`*x`), end (`*-`) or begin
 * (`*+`).
 */
function rearranged(
  fields: readonly string[],
  spines: readonly Spine[],
  now: number,
  newOrigin: () => number,
): Spine[] {
  const after: Spine[] = [];
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!, spine = spines[i]!;
    if (field === "*^") after.push(spine, { ...spine, voice: `${spine.voice}+` });
    else if (field === "*v") {
      let end = spine.end;
      while (fields[i + 1] === "*v" && spines[i + 1]!.origin === spine.origin) {
        end = Math.max(end, spines[++i]!.end);
      }
      after.push({ ...spine, end });
    } else if (field === "*x" && fields[i + 1] === "*x") after.push(spines[++i]!, spine);
    else if (field === "*+") {
      after.push(spine, { kind: "", origin: newOrigin(), voice: "", end: now });
    } else if (field.startsWith("**")) after.push({ ...spine, kind: field });
    else if (field !== "*-") after.push(spine);
  }
  return after;
}

/** Staves from the highest down, as on paper: in a Humdrum file the lowest comes first. */
function orderOfStaves(
  origins: ReadonlyMap<number, string>,
  bars: readonly WrittenBar[],
): Pick<WrittenScore, "staves" | "bars"> {
  const order = [...origins.keys()].sort((a, b) => b - a);
  const indexOf = new Map(order.map((origin, index) => [origin, index]));
  const names = order.map((origin) => origins.get(origin)!);
  const isPiano = names.length === 2 && (names[0] === names[1] || !names[0] || !names[1]);
  const hands = ["right hand", "left hand"];
  return {
    staves: names.map((name, i): Staff => ({
      name: isPiano ? `${name || names[1 - i] || "Piano"}, ${hands[i]}` : name,
      instrument: isPiano ? 0 : i,
    })),
    bars: bars.map((bar) => ({
      ...bar,
      notes: bar.notes.map((note) => ({ ...note, staff: indexOf.get(note.staff) ?? 0 })),
    })),
  };
}

/** Order of bars after the sections are expanded. */
function orderOf(
  count: number,
  sections: readonly { readonly name: string; readonly bar: number }[],
  expansion: readonly string[] | undefined,
  limits: ScoreLimits,
): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (!expansion?.every((name) => sections.some((section) => section.name === name))) return all;
  const order = all.slice(0, sections[0]!.bar);
  for (const name of expansion) {
    const at = sections.findIndex((section) => section.name === name);
    const end = sections.slice(at + 1).find(({ bar }) => bar > sections[at]!.bar)?.bar ?? count;
    for (let bar = sections[at]!.bar; bar < end; bar++) order.push(bar);
    atMost(order.length, limits.bars, "bars, repeats written out");
  }
  return order;
}
