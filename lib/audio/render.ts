import type { SpessaSynthProcessor } from "spessasynth_core";
import { type Music, type Part, SUSTAIN_PEDAL } from "../midi/music.ts";
import { heldBySostenuto } from "../midi/sostenuto.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { SAMPLE_RATE } from "./synthesizer.ts";

/** Something that a synthesizer is told at a moment. */
export interface TimedEvent {
  /** Sample frame, from 0. */
  readonly frame: number;
  /** What it is; at the same frame things happen in this order. */
  readonly kind: (typeof ORDER)[number];
  /** Index of the part, which has a channel of its own. */
  readonly part: number;
  /** Pitch of a note, 0 to 127; 0 for all else. */
  readonly pitch: number;
  /** Velocity of a note that begins; value of the expression controller. */
  readonly velocity: number;
}

const ORDER = ["note off", "pedal up", "expression", "pedal down", "note on"] as const;

/** The expression controller, whose effect is a square: half the value is 12 dB softer. */
const EXPRESSION = 11, FULL_EXPRESSION = 127;

/** What the parts do, in order of time from a tick on. */
export function timedEvents(music: Music, parts: readonly Part[], fromTicks = 0): TimedEvent[] {
  const { secondsAt } = createTempoMap(music), begins = secondsAt(fromTicks);
  const frameAt = (ticks: number) =>
    Math.max(0, Math.round((secondsAt(ticks) - begins) * SAMPLE_RATE));
  const events = parts.flatMap(({ notes, pedal, sostenuto = [], levels = [] }, part) => [
    ...levels.map(({ ticks, level }): TimedEvent => ({
      frame: frameAt(ticks),
      kind: "expression",
      part,
      pitch: 0,
      velocity: Math.round(FULL_EXPRESSION * Math.sqrt(level)),
    })),
    ...heldBySostenuto(notes, sostenuto).flatMap((
      { pitch, velocity, startTicks, endTicks },
    ): TimedEvent[] => [
      { frame: frameAt(startTicks), kind: "note on", part, pitch, velocity },
      {
        frame: Math.max(frameAt(endTicks), frameAt(startTicks) + 1),
        kind: "note off",
        part,
        pitch,
        velocity: 0,
      },
    ]),
    ...pedal.map(({ ticks, down }): TimedEvent => ({
      frame: frameAt(ticks),
      kind: down ? "pedal down" : "pedal up",
      part,
      pitch: 0,
      velocity: 0,
    })),
  ]);
  return events.sort((a, b) => a.frame - b.frame || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** A stretch of sound, valid until the next one is asked for. */
export interface Block {
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** Sample frames in it; the arrays may be longer. */
  readonly count: number;
}

const BLOCK_FRAMES = 128;
const TAIL_DECIBELS = -60;
const QUIET_SECONDS = 0.1;
/** A string that the pedal holds sounds for half a minute: that much is not waited for. */
const LONGEST_TAIL_SECONDS = 12;
const FADE_SECONDS = 1;

/**
 * The sound of `events`, block by block, and after the last one until it has died away: a tenth of
 * a second 60 dB below the loudest sample, or twelve seconds, of which the last fades out.
 * @param channelOf the synthesizer's channel for a part
 */
export function* render(
  events: readonly TimedEvent[],
  synthesizer: SpessaSynthProcessor,
  channelOf: (part: number) => number,
): Generator<Block, void> {
  const left = new Float32Array(BLOCK_FRAMES);
  const right = new Float32Array(BLOCK_FRAMES);
  const block = (count: number): Block => {
    left.fill(0);
    right.fill(0);
    synthesizer.process(left, right, 0, count);
    return { left, right, count };
  };
  let frame = 0;
  let loudest = 0;
  for (const event of events) {
    while (frame < event.frame) {
      const sound = block(Math.min(BLOCK_FRAMES, event.frame - frame));
      frame += sound.count;
      loudest = Math.max(loudest, peak(sound));
      yield sound;
    }
    tell(synthesizer, event, channelOf(event.part));
  }
  const quiet = loudest * 10 ** (TAIL_DECIBELS / 20);
  const longest = LONGEST_TAIL_SECONDS * SAMPLE_RATE;
  const fade = FADE_SECONDS * SAMPLE_RATE;
  let quietFrames = 0;
  for (let tail = 0; tail < longest && quietFrames < QUIET_SECONDS * SAMPLE_RATE;) {
    const sound = block(Math.min(BLOCK_FRAMES, longest - tail));
    quietFrames = peak(sound) > quiet ? 0 : quietFrames + sound.count;
    for (let i = 0; i < sound.count; i++) {
      const volume = Math.min(1, (longest - tail - i) / fade);
      left[i]! *= volume;
      right[i]! *= volume;
    }
    tail += sound.count;
    yield sound;
  }
}

function tell(synthesizer: SpessaSynthProcessor, event: TimedEvent, channel: number): void {
  const { kind, pitch, velocity } = event;
  if (kind === "note on") synthesizer.noteOn(channel, pitch, velocity);
  else if (kind === "note off") synthesizer.noteOff(channel, pitch);
  else if (kind === "expression") synthesizer.controllerChange(channel, EXPRESSION, velocity);
  else synthesizer.controllerChange(channel, SUSTAIN_PEDAL, kind === "pedal down" ? 127 : 0);
}

function peak({ left, right, count }: Block): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    largest = Math.max(largest, Math.abs(left[i]!), Math.abs(right[i]!));
  }
  return largest;
}
