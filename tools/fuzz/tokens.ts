import type { Music } from "../../lib/midi/music.ts";
import { choosePiano } from "../../lib/midi/piano.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { decodeCombination, encodeCombination } from "../../lib/tokens/combination.ts";
import { type Frame, isHeld, pitchOf } from "../../lib/tokens/frame.ts";
import { decodeFrames, encodeFrames } from "../../lib/tokens/grid.ts";
import { tokenize, type TokenizeSettings } from "../../lib/tokens/tokenize.ts";
import { hold } from "./check.ts";
import type { FuzzInput } from "./inputs.ts";
import type { Verdict } from "./target.ts";

/** Settings that together cover all of tokenization. */
const ways: readonly TokenizeSettings[] = [
  { grid: { unit: "beat", steps: 4, attacks: true }, tracks: "piano", melody: false, pedal: false },
  { grid: { unit: "second", steps: 10, attacks: true }, tracks: "all", melody: false, pedal: true },
  { grid: { unit: "beat", steps: 1, attacks: false }, tracks: "first", melody: true, pedal: true },
];

/** Tokenizes an input on several grids and checks the invariants of all frames and metres. */
export function checkTokens({ bytes }: FuzzInput): Verdict {
  let music: Music;
  try {
    music = readMidi(bytes);
  } catch {
    return "skipped"; // reading is another target's
  }
  const fitting = ways.filter(({ tracks }) => choosePiano(music, tracks).parts.length > 0);
  if (fitting.length === 0) return "skipped";
  for (const way of fitting) {
    const { frames, metres, loss, meanVelocity, beatsPerMinute } = tokenize(music, way);
    const { attacks } = way.grid;
    hold("first and last frame", frames[0]!.length > 0 && frames.at(-1)!.length > 0);
    hold("frames", frames.every((frame, step) => isFrame(frame, frames[step - 1], attacks)));
    hold("loss", loss.merged >= 0 && loss.lengthened >= 0 && loss.meanShift <= 0.5 + 1e-9);
    hold("style", meanVelocity >= 1 && meanVelocity <= 127 && beatsPerMinute > 0);
    hold("metres", (metres[0]?.frame ?? 0) === 0 && metres.every(isMetre));
    const again = encodeFrames(decodeFrames(frames, attacks), attacks);
    hold("round trip", sameFrames(again, frames));
    const some = frames.slice(0, 100);
    hold("texts", sameFrames(some.map(encodeCombination).map(decodeCombination), some));
  }
  return music.repairs.length > 0 ? "repaired" : "used";
}

/** Whether pitches ascend and every held pitch sounded before. */
function isFrame(frame: Frame, before: Frame | undefined, attacks: boolean): boolean {
  return frame.every((code, i) =>
    (i === 0 || pitchOf(code) > pitchOf(frame[i - 1]!)) &&
    (!isHeld(code) || (attacks && before?.some((other) => pitchOf(other) === pitchOf(code))))
  );
}

function sameFrames(a: readonly Frame[], b: readonly Frame[]): boolean {
  return a.length === b.length &&
    a.every((frame, step) =>
      frame.length === b[step]!.length && frame.every((code, i) => code === b[step]![i])
    );
}

function isMetre({ stepsPerBar, phase }: { stepsPerBar: number; phase: number }): boolean {
  return stepsPerBar > 0 && phase >= 0 && phase < stepsPerBar;
}
