import type { Midi } from "@tonejs/midi";
import {
  DRUM_CHANNEL,
  type Music,
  type Part,
  SUSTAIN_PEDAL,
  USUAL_METRE,
  USUAL_TEMPO,
} from "./music.ts";
import { movements } from "./parts.ts";
import { readMidi } from "./read.ts";
import { loadPackage } from "../packages.ts";
import { inOrder } from "./tempo.ts";

/** Key names in `@tonejs/midi`, from seven flats to seven sharps. */
const TONE_KEYS = "Cb Gb Db Ab Eb Bb F C G D A E B F# C#".split(" ");

/** The `Midi` object of `@tonejs/midi`. */
export type ToneMidi = Midi;

/**
 * Converts music to a `Midi` object of `@tonejs/midi`: a track for each part, with its notes and
 * pedal.
 * @param given result of `readMidi`, or the path of a MIDI file
 * @param name name of the piece
 * @throws {Error} if the file cannot be read
 * @example
 * ```ts
 * import { toTone } from "../../mod.ts";
 * const midi = await toTone("data/generated/mine.mid");
 * console.log(midi.duration, midi.tracks[0]?.notes[0]?.name);
 * ```
 */
export async function toTone(given: Music | string, name = ""): Promise<ToneMidi> {
  const { default: tone } = await loadPackage<{ default: typeof import("@tonejs/midi") }>(
    "make a Midi object",
    "@tonejs/midi",
  );
  const music = typeof given === "string" ? readMidi(await Deno.readFile(given)) : given;
  const midi = new tone.Midi();
  midi.header.fromJSON({
    name,
    ppq: music.ticksPerBeat,
    meta: [],
    tempos: music.tempos.map(({ ticks, microsecondsPerBeat }) => ({
      ticks,
      bpm: 60e6 / microsecondsPerBeat,
    })),
    timeSignatures: music.isMetreAssumed
      ? []
      : music.timeSignatures.map(({ ticks, numerator, denominator }) => ({
        ticks,
        timeSignature: [numerator, denominator],
      })),
    keySignatures: [], // its writer (2.0.28) would write them fourteen sharps too high
  });
  for (const { name, channel, program, notes, pedal } of music.parts) {
    const track = midi.addTrack();
    Object.assign(track, { name, channel });
    track.instrument.number = program;
    for (const { pitch, velocity, startTicks, endTicks } of notes) {
      track.addNote({
        midi: pitch,
        velocity: velocity / 127,
        ticks: startTicks,
        durationTicks: endTicks - startTicks,
      });
    }
    for (const { ticks, down } of pedal) {
      track.addCC({ number: SUSTAIN_PEDAL, ticks, value: down ? 1 : 0 });
    }
  }
  return midi;
}

/** Converts a `Midi` object to music; returns music unchanged. Only notes and pedal are read. */
export function musicOf(given: Music | ToneMidi): Music {
  if (!("header" in given)) return given;
  const { header, tracks } = given;
  const whole = Math.round;
  return {
    ticksPerBeat: header.ppq,
    tempos: inOrder(
      USUAL_TEMPO,
      header.tempos.map(({ ticks, bpm }) => ({ ticks, microsecondsPerBeat: whole(60e6 / bpm) })),
    ),
    timeSignatures: inOrder(
      USUAL_METRE,
      header.timeSignatures.map(({ ticks, timeSignature: [numerator = 4, denominator = 4] }) => ({
        ticks,
        numerator,
        denominator,
      })),
    ),
    ...(header.timeSignatures.length === 0 ? { isMetreAssumed: true } : {}),
    keySignatures: header.keySignatures.flatMap(({ ticks, key, scale }) => {
      const fifths = TONE_KEYS.indexOf(key) - 7;
      return fifths < -7 ? [] : [{ ticks, fifths, mode: scale === "minor" ? "minor" : "major" }];
    }),
    parts: tracks.flatMap(({ name, channel, instrument, notes, controlChanges }, track): Part[] =>
      notes.length === 0 ? [] : [{
        ...{ track, channel, name, program: instrument.number, programSet: true },
        drum: channel === DRUM_CHANNEL,
        notes: notes.map(({ midi, velocity, ticks, durationTicks }) => ({
          pitch: midi,
          velocity: Math.min(127, Math.max(1, whole(velocity * 127))),
          startTicks: whole(ticks),
          endTicks: Math.max(whole(ticks) + 1, whole(ticks + durationTicks)),
        })).sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch),
        pedal: movements(
          (controlChanges[SUSTAIN_PEDAL] ?? [])
            .map(({ ticks, value }) => ({ ticks: whole(ticks), down: value >= 0.5 })),
        ),
      }]
    ),
    repairs: [],
  };
}

/** Name of a MIDI file in errors and pictures: its path, or the name in a `Midi` object. */
export function midiName(file: string | ToneMidi): string {
  return typeof file === "string" ? file : file.name || "a Midi object";
}
