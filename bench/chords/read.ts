import type { ChordBeat } from "../../lib/harmony/evidence.ts";
import type { TimedNote } from "../../lib/midi/music.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { createTempoMap } from "../../lib/midi/tempo.ts";
import { type Chord, chordOf, type ChordQuality } from "../../lib/tokens/chord.ts";
import { semitonesAboveC } from "../../lib/tokens/key.ts";
import type { Annotated } from "./compare.ts";

/** Music with its beats and annotated chords, all in one unit of time. */
export interface Annotation {
  readonly name: string;
  readonly notes: readonly TimedNote[];
  readonly beats: readonly ChordBeat[];
  readonly truth: readonly Annotated[];
}

/** Reads songs with POP909's annotations: MIDI files, with chords and beats in seconds. */
export async function readSongs(midi: string, annotations: string): Promise<Annotation[]> {
  const songs: Annotation[] = [];
  for (const name of namesIn(midi, ".mid")) {
    const music = readMidi(await Deno.readFile(`${midi}/${name}.mid`));
    const { secondsAt } = createTempoMap(music);
    const notes = music.parts.filter(({ drum }) => !drum).flatMap(({ notes }) => notes)
      .map(({ pitch, startTicks, endTicks }) => ({
        pitch,
        start: secondsAt(startTicks),
        end: secondsAt(endTicks),
      })).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
    const rows = async (what: string) =>
      (await Deno.readTextFile(`${annotations}/${name}.${what}.txt`)).trim().split("\n")
        .map((line) => line.trim().split(/\s+/));
    const truth = (await rows("chord_midi")).map(([start, end, label]): Annotated => ({
      start: Number(start),
      end: Number(end),
      chord: harte(label!),
    }));
    songs.push({ name, notes, beats: songBeats(await rows("beat_midi")), truth });
  }
  return songs;
}

/** Beats may be cut where onsets show that the player was a little early or late. */
function songBeats(rows: readonly string[][]): ChordBeat[] {
  const times = rows.map(([time]) => Number(time)),
    isDown = rows.map(([, down]) => Number(down) > 0);
  const last = times.at(-1)! - times.at(-2)!;
  return times.map((start, at): ChordBeat => ({
    start: start - 0.03,
    end: (times[at + 1] ?? start + last) - 0.03,
    weight: weightOf(isDown, at),
  }));
}

function weightOf(isDown: readonly boolean[], at: number): ChordBeat["weight"] {
  if (isDown[at]) return 3;
  let since = 0, to = 0;
  while (at - since >= 0 && !isDown[at - since]) since++;
  while (at + to < isDown.length && !isDown[at + to]) to++;
  return since === to && since >= 2 ? 2 : 1;
}

const HARTE: Readonly<Record<string, ChordQuality>> = {
  maj: "maj",
  min: "min",
  dim: "dim",
  aug: "aug",
  "7": "7",
  maj7: "maj7",
  min7: "m7",
  hdim7: "m7b5",
  dim7: "dim7",
  sus2: "sus2",
  sus4: "sus4",
  "sus4(b7)": "7sus4",
  maj6: "6",
  min6: "m6",
  minmaj7: "mMaj7",
};

const DEGREES = [0, 2, 4, 5, 7, 9, 11];

/** A chord in Harte's notation: `Eb:min7/b3`. */
function harte(label: string): Chord | null | undefined {
  const [, letter, accidental, kind, flat, degree] =
    /^([A-G])([#b]?):([^/]+)(?:\/([b#]?)(\d+))?$/.exec(label) ?? [];
  if (!letter) return label === "N" ? null : undefined;
  const quality = HARTE[kind!];
  if (!quality) return undefined;
  const root = (semitonesAboveC(letter, accidental!) + 12) % 12;
  const above = degree ? DEGREES[Number(degree) - 1]! + (flat === "b" ? -1 : flat ? 1 : 0) : 0;
  return chordOf(root, quality, (root + above) % 12);
}

/** Reads movements of the Annotated Mozart Sonatas: notes and Roman numerals, in quarter notes. */
export async function readMovements(folder: string): Promise<Annotation[]> {
  const movements: Annotation[] = [];
  for (const name of namesIn(folder, ".notes.tsv")) {
    const table = async (what: string) =>
      rowsOf(await Deno.readTextFile(`${folder}/${name}.${what}.tsv`));
    const notes = (await table("notes")).flatMap((row): TimedNote[] => {
      const start = fraction(row.quarterbeats), length = fraction(row.duration_qb);
      if (!(length > 0 && start >= 0) || row.gracenote) return []; // an ending that is not played
      return [{ pitch: Number(row.midi), start, end: start + length }];
    }).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
    const beats = (await table("measures")).flatMap((row) => barBeats(row));
    const labels = (await table("harmonies")).filter((row) =>
      row.quarterbeats !== "" && (row.chord_type || row.chord === "@none")
    );
    const end = beats.at(-1)!.end;
    const truth = labels.map((row, at): Annotated => ({
      start: fraction(row.quarterbeats),
      end: labels[at + 1] ? fraction(labels[at + 1]!.quarterbeats) : end,
      chord: roman(row),
    }));
    movements.push({ name, notes, beats, truth });
  }
  return movements;
}

type Row = Readonly<Record<string, string>>;

function rowsOf(text: string): Row[] {
  const [head, ...lines] = text.trimEnd().split("\n").map((line) =>
    line.replace("\r", "").split("\t")
  );
  return lines.map((cells) => Object.fromEntries(head!.map((name, at) => [name, cells[at] ?? ""])));
}

function fraction(text = ""): number {
  if (text === "") return NaN;
  const [a, b = "1"] = text.split("/");
  return Number(a) / Number(b);
}

function barBeats(row: Row): ChordBeat[] {
  const start = fraction(row.quarterbeats);
  if (Number.isNaN(start)) return []; // an ending that is not played
  const length = fraction(row.act_dur) * 4, missing = fraction(row.mc_offset || "0") * 4;
  const [numerator, denominator] = row.timesig!.split("/").map(Number);
  const isCompound = denominator! >= 8 && numerator! % 3 === 0;
  const beat = isCompound ? 12 / denominator! : Math.min(1, 4 / denominator!);
  const whole = numerator! * 4 / denominator!;
  const beats: ChordBeat[] = [];
  for (let at = missing; at < missing + length - 1e-9;) {
    const next = Math.min(missing + length, (Math.floor(at / beat + 1e-9) + 1) * beat);
    const weight = at < 1e-9 ? 3 : Math.abs(at - whole / 2) < 1e-9 ? 2 : 1;
    beats.push({ start: start + at - missing, end: start + next - missing, weight });
    at = next;
  }
  return beats;
}

const TYPES: Readonly<Record<string, ChordQuality>> = {
  M: "maj",
  m: "min",
  o: "dim",
  "+": "aug",
  o7: "dim7",
  "%7": "m7b5",
  Mm7: "7",
  mm7: "m7",
  MM7: "maj7",
};

const NUMERALS = ["i", "ii", "iii", "iv", "v", "vi", "vii"];

function roman(row: Row): Chord | null | undefined {
  if (row.chord === "@none") return null;
  const quality = TYPES[row.chord_type!];
  if (!quality) return undefined; // augmented sixths have no agreed root
  const minor = row.globalkey_is_minor === "1";
  const letter = row.globalkey![0]!, accidental = row.globalkey!.slice(1);
  const [, flats, numeral] = /^([b#]*)([ivIV]+)$/.exec(row.localkey!) ?? [];
  if (!numeral) return undefined;
  const scale = minor ? [0, 2, 3, 5, 7, 8, 10] : DEGREES;
  const alter = [...flats!].reduce((sum, sign) => sum + (sign === "b" ? -1 : 1), 0);
  const tonic = semitonesAboveC(letter, accidental) +
    scale[NUMERALS.indexOf(numeral.toLowerCase())]! + alter;
  const pitchClass = (fifths: string) => ((tonic + 7 * Number(fifths)) % 12 + 24) % 12;
  return chordOf(pitchClass(row.root!), quality, pitchClass(row.bass_note!));
}

function namesIn(folder: string, ending: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
}
