import {
  barTicks,
  type Metre,
  type Score,
  type ScoreBar,
  ticksPerBeat,
  type Voice,
  voices,
} from "./score.ts";

/** A sounding note of a {@linkcode Performance}. */
export interface PerformedNote {
  /** MIDI pitch, 21 to 108. */
  readonly pitch: number;
  /** MIDI velocity, 1 to 127. */
  readonly velocity: number;
  /** Onset in ticks, at least 0. */
  readonly startTicks: number;
  /** End in ticks, above `startTicks`. */
  readonly endTicks: number;
  /** Hand and layer of the note. */
  readonly voice: Voice;
}

/** A score with its repeats played out. */
export interface Performance {
  /** By start, then pitch; no two of the same pitch sound at once. */
  readonly notes: readonly PerformedNote[];
  /** Ticks per quarter note. */
  readonly ticksPerBeat: number;
  /** End of the last bar in ticks. */
  readonly endTicks: number;
  /** Metres in order of `ticks`, the first at 0. */
  readonly metres: readonly (Metre & { readonly ticks: number })[];
  /** Bars in order of time, each a bar of the score; repeated bars occur several times. */
  readonly bars: readonly ScoreBar[];
}

/**
 * Performs a score: sections in order, ties joined, voices merged into one piano part.
 *
 * A piano key can only sound once at a time: where two voices meet on a pitch, a note that is
 * struck while the key is down ends the one before, and two struck together are the longer one. An
 * upbeat at the start is placed at the end of a full bar, so that bar lines fall on multiples of
 * the bar.
 *
 * @param options.repeats whether to follow the score's order (default) or play each section once
 * @throws {SyntaxError} when a tied note does not go on, naming file, line and bar
 */
export function performScore(score: Score, options: { repeats?: boolean } = {}): Performance {
  const { repeats = true } = options;
  const order = repeats ? score.order : score.sections.map(({ name }) => name);
  const bars = order.flatMap((name) => score.sections.find((s) => s.name === name)!.bars);
  const first = bars[0]!;
  const pickupTicks = Math.max(0, barTicks(first.metre) - first.ticks);
  const notes = oneKeyAtATime(voices.flatMap((voice) => joinTies(score, voice, bars, pickupTicks)));
  const metres: (Metre & { ticks: number })[] = [];
  let ticks = pickupTicks;
  for (const bar of bars) {
    const before = metres.at(-1);
    if (
      before?.numerator !== bar.metre.numerator || before.denominator !== bar.metre.denominator
    ) {
      metres.push({ ...bar.metre, ticks: before ? ticks : 0 });
    }
    ticks += bar.ticks;
  }
  return { notes, ticksPerBeat, endTicks: ticks, metres, bars };
}

type WritableNote = { -readonly [key in keyof PerformedNote]: PerformedNote[key] };

function joinTies(
  score: Score,
  voice: Voice,
  bars: readonly ScoreBar[],
  startTicks: number,
): readonly WritableNote[] {
  const notes: WritableNote[] = [];
  let open = new Map<number, WritableNote>(); // tied notes that wait for their continuation
  let openBar = bars[0]!;
  let ticks = startTicks;
  const close = () => {
    for (const pitch of open.keys()) {
      throw new SyntaxError(
        `Cannot play score ${score.file}:${openBar.line}: bar ${openBar.number}, ${voice}: found ` +
          `a tie at pitch ${pitch}; needed the same pitch in the next note of this voice`,
      );
    }
  };
  for (const bar of bars) {
    const events = bar.voices[voice] ?? [{ pitches: [], ticks: bar.ticks }];
    for (const { pitches, ticks: duration } of events) {
      const next = new Map<number, WritableNote>();
      for (const { pitch, tied } of pitches) {
        const note = open.get(pitch) ??
          { pitch, velocity: score.velocities[voice], startTicks: ticks, endTicks: 0, voice };
        if (!open.delete(pitch)) notes.push(note);
        note.endTicks = ticks + duration;
        if (tied) next.set(pitch, note);
      }
      close();
      open = next;
      openBar = bar;
      ticks += duration;
    }
  }
  close();
  return notes;
}

function oneKeyAtATime(notes: readonly WritableNote[]): readonly PerformedNote[] {
  const kept: WritableNote[] = [];
  const lastOfPitch = new Map<number, WritableNote>();
  const sorted = [...notes].sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
  for (const note of sorted) {
    const last = lastOfPitch.get(note.pitch);
    if (last && last.endTicks > note.startTicks) {
      const endTicks = Math.max(last.endTicks, note.endTicks);
      if (last.startTicks === note.startTicks) {
        last.endTicks = endTicks;
        last.velocity = Math.max(last.velocity, note.velocity);
        continue;
      }
      last.endTicks = note.startTicks;
      note.endTicks = endTicks;
    }
    kept.push(note);
    lastOfPitch.set(note.pitch, note);
  }
  return kept;
}
