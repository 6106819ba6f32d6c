import type { At } from "../score.ts";
import { type Course, marksIn } from "../repeats.ts";
import { attribute, child, childrenOf, textOf, type XmlElement } from "../xml.ts";

/** Contents of a measure's directions. */
export interface Direction {
  readonly tempos: (At & { readonly beatsPerMinute: number; readonly word?: string })[];
  readonly pedal: (At & { readonly down: boolean })[];
  /** Dynamics from a position on, as velocities. */
  readonly dynamics: (At & { readonly velocity: number })[];
  /** Whether a repeated section begins here. */
  begins: boolean;
  jump?: Course["jump"];
  sign?: string;
  coda?: string;
  toCoda?: string;
  fine?: boolean;
}

/** Velocities of dynamic marks, as MuseScore plays them. Accents such as `sf` hold for one note only. */
const VELOCITIES: Readonly<Record<string, number>> = {
  ...{ pppp: 10, ppp: 16, pp: 33, p: 49, mp: 64, mf: 80, f: 96, ff: 112, fff: 126, ffff: 127 },
};

/** Velocity of MusicXML's loudness of 100 %. */
const FULL_VELOCITY = 90;

/** Length in quarter notes of the beat units in metronome marks. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ breve: 8, whole: 4, half: 2, quarter: 1, eighth: 1 / 2, "16th": 1 / 4, "32nd": 1 / 8 },
};

/** Tempo words in quarter notes per minute, used where no number accompanies them. */
const WORDS: readonly (readonly [word: RegExp, beatsPerMinute: number])[] = [
  [/^(grave|largo|sehr langsam)/i, 50],
  [/^(lento|larghetto|langsam|lent)\b/i, 60],
  [/^(adagio|adagietto)/i, 66],
  [/^(andante|andantino|ruhig)/i, 80],
  [/^(moderato|mäßig|mässig|modéré)/i, 104],
  [/^allegretto/i, 112],
  [/^(allegro|lebhaft|animé|fast)\b/i, 132],
  [/^(vivace|vivo|vif)\b/i, 152],
  [/^(presto|prestissimo|schnell)/i, 176],
];

/** A metronome mark in quarter notes that is written as words; in music fonts `q` is the note. */
const QUARTERS =
  /(?:^|[\s(])(?:q|♩|\u{1d15f}|\ue1d5|\ueca5)\s*=\s*(?:c\.?\s*)?(\d{2,3}(?:\.\d+)?)/u;

/**
 * Plausible range of tempos in quarter notes per minute; anything beyond is an error in the score.
 */
const SLOWEST = 5, FASTEST = 1_000;

/** Reads a direction: tempo, pedal, dynamics and jumps. */
export function readDirection(
  element: XmlElement,
  into: Direction,
  start: number,
  divisions: number,
): void {
  const types = childrenOf(element, "direction-type").flatMap(({ children }) => children);
  const sound = child(element, "sound"), offset = child(element, "offset");
  const moved = offset && attribute(offset, "sound") === "yes" ? Number(offset.text) || 0 : 0;
  const at = Math.max(0, start + moved / divisions);
  const said = readSound(sound, into, at);
  const words = types.filter(({ name }) => name === "words").map(({ text }) => text).join(" ")
    .trim();
  const marks = marksIn(words);
  for (const { name, children, head } of types) {
    if (name === "metronome" && !said.tempo) addTempo(into, at, metronomeTempo(children));
    else if (name === "dynamics" && !said.dynamics) {
      const velocity = VELOCITIES[children[0]?.name ?? ""];
      if (velocity !== undefined) into.dynamics.push({ at, velocity });
    } else if (name === "pedal" && !said.pedal) {
      const type = attribute({ head, name, children, text: "" }, "type") ?? "";
      if (type === "stop" || type === "change") into.pedal.push({ at, down: false });
      if (type === "start" || type === "change") into.pedal.push({ at, down: true });
    } else if (name === "segno" && !marks.jump) into.sign ??= "";
    else if (name === "coda" && !said.toCoda && !marks.jump) {
      if (/\bto\b|\bal\b/i.test(words)) into.toCoda ??= "";
      else into.coda ??= "";
    }
  }
  const { jump, toCoda, coda, fine } = marks;
  if (jump) into.jump ??= jump;
  if (toCoda !== undefined) into.toCoda ??= toCoda;
  if (coda !== undefined) into.coda ??= coda;
  if (fine) into.fine = true;
  if (said.tempo || types.some(({ name }) => name === "metronome")) return;
  const [, number] = QUARTERS.exec(words) ?? [];
  if (number !== undefined) addTempo(into, at, Number(number));
  else {
    const [, tempo] = WORDS.find(([word]) => word.test(words)) ?? [];
    if (tempo) addTempo(into, at, tempo, words.slice(0, 30));
  }
}

/** Reads a sound element. @returns the items it set, so that signs beside it do not repeat them */
export function readSound(
  element: XmlElement | undefined,
  into: Direction,
  at: number,
): { tempo?: boolean; dynamics?: boolean; pedal?: boolean; toCoda?: boolean } {
  if (!element) return {};
  const said: { tempo?: boolean; dynamics?: boolean; pedal?: boolean; toCoda?: boolean } = {};
  const tempo = attribute(element, "tempo"), dynamics = attribute(element, "dynamics");
  if (tempo !== undefined) said.tempo = addTempo(into, at, Number(tempo));
  const velocity = velocityOf(dynamics);
  if (velocity !== undefined) into.dynamics.push({ at, velocity });
  said.dynamics = velocity !== undefined;
  const damper = attribute(element, "damper-pedal");
  if (damper !== undefined) {
    into.pedal.push({ at, down: damper === "yes" || Number(damper) >= 50 });
    said.pedal = true;
  }
  const to = attribute(element, "tocoda"), name = attribute(element, "dalsegno");
  if (to !== undefined) [into.toCoda, said.toCoda] = [to, true];
  if (attribute(element, "forward-repeat") === "yes") into.begins = true;
  if (attribute(element, "dacapo") === "yes") into.jump = { to: "beginning" };
  if (name !== undefined) into.jump = { to: "sign", name };
  if (attribute(element, "fine") !== undefined) into.fine = true;
  into.sign = attribute(element, "segno") ?? into.sign;
  into.coda = attribute(element, "coda") ?? into.coda;
  return said;
}

/** Velocity of a loudness in per cent; undefined where there is none. */
export function velocityOf(percent: string | undefined): number | undefined {
  if (!(Number(percent) > 0)) return undefined;
  return Math.min(127, Math.max(1, Math.round(Number(percent) / 100 * FULL_VELOCITY)));
}

function addTempo(into: Direction, at: number, beatsPerMinute: number, word?: string): boolean {
  if (!(beatsPerMinute >= SLOWEST && beatsPerMinute <= FASTEST)) return false;
  into.tempos.push({ at, beatsPerMinute, ...(word === undefined ? {} : { word }) });
  return true;
}

/** Tempo of a metronome mark in quarter notes per minute; NaN where it gives none. */
function metronomeTempo(children: readonly XmlElement[]): number {
  const unit = children.findIndex(({ name }) => name === "beat-unit");
  const quarters = UNITS[children[unit]?.text ?? ""];
  const metronome: XmlElement = { name: "metronome", head: "", children: [...children], text: "" };
  const [number] = /\d+(\.\d+)?/.exec(textOf(metronome, "per-minute")) ?? [];
  if (quarters === undefined || number === undefined) return NaN;
  const dots = childrenOf(metronome, "beat-unit-dot").length;
  return Number(number) * quarters * (2 - 2 ** -dots);
}
