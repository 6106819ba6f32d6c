import {
  type MidiLimits,
  midiLimits,
  type Music,
  type Note,
  type Part,
} from "../../lib/midi/music.ts";
import { choosePiano } from "../../lib/midi/piano.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { createTempoMap } from "../../lib/midi/tempo.ts";
import { type PianoOutput, writeMidi } from "../../lib/midi/write.ts";
import type { FuzzInput } from "./inputs.ts";
import { isReason, type Verdict } from "./target.ts";

/** Reads an input, checks what was read, and writes the piano's notes and reads them back. */
export function checkMidi({ bytes, written }: FuzzInput): Verdict {
  let music: Music;
  try {
    music = readMidi(bytes);
  } catch (error) {
    if (written) throw new Error("what was written cannot be read", { cause: error });
    if (!isReason(error)) throw error;
    return "skipped";
  }
  checkMusic(music, midiLimits);
  if (written) checkReadBack(music, written);

  const { parts } = choosePiano(music, "piano");
  if (parts.length === 0) return "skipped";
  const output: PianoOutput = {
    notes: playable(parts.flatMap((part) => part.notes)),
    ticksPerBeat: Math.ceil(music.ticksPerBeat),
    beatsPerMinute: 60e6 / music.tempos[0]!.microsecondsPerBeat,
    timeSignature: music.timeSignatures[0]!,
    name: parts[0]!.name,
  };
  // A pause in a file has at most 28 bits; at one tempo the music may last longer than before.
  if (output.notes.every((note) => note.endTicks < 2 ** 28)) {
    const unlimited = { seconds: Infinity, beats: Infinity, noteSeconds: Infinity };
    checkReadBack(readMidi(writeMidi(output), unlimited), output);
  }
  return music.repairs.length ? "repaired" : "used";
}

/** Checks the invariants documented for {@linkcode Music}. */
function checkMusic(music: Music, limits: MidiLimits): void {
  const { ticksPerBeat, tempos, timeSignatures, parts, repairs } = music;
  hold("ticksPerBeat", ticksPerBeat > 0 && Number.isFinite(ticksPerBeat));
  hold("order of tempos", tempos[0]?.ticks === 0 && rises(tempos));
  hold("order of metres", timeSignatures[0]?.ticks === 0 && rises(timeSignatures));
  hold("tempos", tempos.every((tempo) => isWithin(tempo.microsecondsPerBeat, 1, 0xffffff)));
  hold(
    "metres",
    timeSignatures.every((metre) =>
      isWithin(metre.numerator, 1, 255) && [1, 2, 4, 8, 16, 32, 64].includes(metre.denominator)
    ),
  );
  hold(
    "repairs",
    repairs.every((repair) => /^[\w',. -]+$/.test(repair)) &&
      new Set(repairs).size === repairs.length,
  );

  const map = createTempoMap(music);
  for (const part of parts) {
    hold("part", isWithin(part.channel, 0, 15) && isWithin(part.program, 0, 127));
    hold("name", !/\p{C}/u.test(part.name) && part.name.length <= 240);
    hold(
      "pedal",
      part.pedal.every((change, i) =>
        change.down === (i % 2 === 0) && change.ticks >= (part.pedal[i - 1]?.ticks ?? 0)
      ),
    );
    hold("notes of a part", part.notes.length > 0);
    let before: Note = { pitch: 0, velocity: 0, startTicks: 0, endTicks: 0 };
    for (const note of part.notes) {
      hold(
        "note",
        isWithin(note.pitch, 0, 127) && isWithin(note.velocity, 1, 127) &&
          isWithin(note.startTicks, 0, Infinity) &&
          isWithin(note.endTicks, note.startTicks + 1, Infinity),
      );
      hold(
        "order of notes",
        note.startTicks > before.startTicks ||
          (note.startTicks === before.startTicks && note.pitch >= before.pitch),
      );
      hold(
        "length of a note",
        map.secondsAt(note.endTicks - 1) - map.secondsAt(note.startTicks) <=
          limits.noteSeconds + 1e-6,
      );
      hold("length of the music", map.secondsAt(note.endTicks) <= limits.seconds);
      before = note;
    }
  }
  for (const tracks of ["piano", "first", "all"] as const) {
    const choice = choosePiano(music, tracks);
    hold(
      "choice",
      choice.reason !== "" && choice.parts.every((part) => !part.drum && isPartOf(part, parts)),
    );
  }
}

/** Whether a part is one of the file's, possibly reduced to the notes within a piano's range. */
function isPartOf(part: Part, parts: readonly Part[]): boolean {
  return parts.some(({ track, channel, program, notes }) => {
    if (track !== part.track || channel !== part.channel || program !== part.program) return false;
    const all = new Set(notes);
    return part.notes.every((note) => all.has(note));
  });
}

/** Checks that the music read back is the music written. */
function checkReadBack(music: Music, { notes, ticksPerBeat, ...written }: PianoOutput): void {
  const read = music.parts.flatMap((part) => part.notes);
  hold("notes read back", JSON.stringify(read.map(values)) === JSON.stringify(notes.map(values)));
  hold("ticks read back", music.ticksPerBeat === ticksPerBeat);
  hold(
    "tempo read back",
    music.tempos.length === 1 &&
      Math.abs(60e6 / written.beatsPerMinute - music.tempos[0]!.microsecondsPerBeat) <= 0.5,
  );
  hold(
    "metre read back",
    music.timeSignatures.length === 1 &&
      music.timeSignatures[0]!.numerator === written.timeSignature.numerator &&
      music.timeSignatures[0]!.denominator === written.timeSignature.denominator,
  );
  hold("repairs of what was written", music.repairs.length === 0);
}

/**
 * Notes that one piano can play: one at a time on each key, a new onset ending the previous note.
 */
function playable(notes: readonly Note[]): Note[] {
  const sorted = [...notes].sort((a, b) => a.pitch - b.pitch || a.startTicks - b.startTicks);
  return sorted
    .map((note, i) => {
      const next = sorted[i + 1];
      const endTicks = next?.pitch === note.pitch
        ? Math.min(note.endTicks, next.startTicks)
        : note.endTicks;
      return { ...note, endTicks };
    })
    .filter((note) => note.endTicks > note.startTicks)
    .sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
}

function values({ pitch, velocity, startTicks, endTicks }: Note): number[] {
  return [pitch, velocity, startTicks, endTicks];
}

function rises(items: readonly { ticks: number }[]): boolean {
  return items.every((item, i) => i === 0 || item.ticks > items[i - 1]!.ticks);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** @throws {Error} if what was promised does not hold */
export function hold(what: string, holds: boolean): void {
  if (!holds) throw new Error(`a promise is broken: ${what}`);
}
