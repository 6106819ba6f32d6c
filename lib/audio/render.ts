import type { SpessaSynthProcessor } from "spessasynth_core";
import { type Music, type Part, SUSTAIN_PEDAL } from "../midi/music.ts";
import { heldBySostenuto } from "../midi/sostenuto.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { type PlayedKey, SAMPLE_RATE } from "./synthesizer.ts";

/** A timed synthesizer event. */
export interface TimedEvent {
  /** Time in sample frames, from 0. */
  readonly frame: number;
  /** Type of the event; events at the same frame are handled in this order. */
  readonly kind: (typeof ORDER)[number];
  /** Index of the part, which has its own channel. */
  readonly part: number;
  /** Pitch of a note, 0 to 127; 0 for all other events. */
  readonly pitch: number;
  /** Velocity of a note-on; value of the expression controller. */
  readonly velocity: number;
}

const ORDER = ["note off", "pedal up", "expression", "pedal down", "note on"] as const;

/** Expression controller; its effect is quadratic: half the value is 12 dB softer. */
const EXPRESSION = 11, FULL_EXPRESSION = 127;

/** Events of the parts in order of time, from a tick on. */
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

/**
 * Notes of some events, each with the time until its damper falls at the latest: when its key is
 * released and no part holds a pedal, since parts can share a channel.
 */
export function playedKeys(events: readonly TimedEvent[]): PlayedKey[] {
  const held = new Map<string, TimedEvent[]>(), pedals = new Set<number>(), keys: PlayedKey[] = [];
  let ringing: TimedEvent[] = [];
  const end = (notes: readonly TimedEvent[], frame: number) => {
    for (const { pitch, velocity, frame: from } of notes) {
      keys.push({ pitch, velocity, seconds: (frame - from) / SAMPLE_RATE });
    }
  };
  for (const event of events) {
    const { kind, part, frame } = event, key = `${part} ${event.pitch}`;
    if (kind === "note on") held.set(key, [...held.get(key) ?? [], event]);
    else if (kind === "pedal down") pedals.add(part);
    else if (kind === "pedal up") pedals.delete(part);
    else if (kind === "note off") ringing.push(...held.get(key)?.splice(0, 1) ?? []);
    if (pedals.size > 0) continue;
    end(ringing, frame);
    ringing = [];
  }
  end([...ringing, ...[...held.values()].flat()], Infinity);
  return keys;
}

/** A block of rendered audio, valid until the next one is requested. */
export interface Block {
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** Number of sample frames; the arrays may be longer. */
  readonly count: number;
}

const BLOCK_FRAMES = 128;
const TAIL_DECIBELS = -60;
const QUIET_SECONDS = 0.1;
/** Limit on the final decay: a string held by the pedal would ring for half a minute. */
const LONGEST_TAIL_SECONDS = 12;
const FADE_SECONDS = 1;

/**
 * Renders `events` block by block until the sound has died away after the last one: a tenth of a
 * second 60 dB below the loudest sample, or at most twelve seconds, of which the last fades out.
 * @param channelOf synthesizer channel of a part
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
