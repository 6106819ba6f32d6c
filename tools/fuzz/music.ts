import type { Note } from "../../lib/midi/music.ts";
import type { PianoOutput } from "../../lib/midi/write.ts";
import type { Random } from "../../lib/random.ts";

/**
 * Random music that can be written: up to 60 notes with repeated notes, chords, rests and
 * notes that follow one another on the same key without a gap, in any metre and tempo.
 */
export function randomPiece(random: Random): PianoOutput {
  const free = new Array<number>(128).fill(0); // tick from which each key is free
  const lowest = random.below(100);
  const notes: Note[] = [];
  let ticks = 0;
  for (let left = random.below(61); left > 0; left--) {
    const pitch = Math.min(127, lowest + random.below(28));
    ticks += pause(random);
    const startTicks = random.below(4) === 0 ? free[pitch]! : Math.max(ticks, free[pitch]!);
    const endTicks = startTicks + 1 + pause(random);
    notes.push({ pitch, velocity: 1 + random.below(127), startTicks, endTicks });
    free[pitch] = endTicks;
  }
  notes.sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
  return {
    notes,
    ticksPerBeat: 24 + random.below(0x7fff - 24),
    beatsPerMinute: 20 + random.below(300),
    timeSignature: { numerator: 1 + random.below(16), denominator: 2 ** random.below(7) },
    name: String.fromCodePoint(0x41 + random.below(26), 0xe0 + random.below(0x3000)),
    endTicks: random.below(2) * random.below(100_000),
  };
}

/** Random pause: usually none, sometimes short, rarely long. */
function pause(random: Random): number {
  return random.below(2) * random.below(2 ** (1 + random.below(11)));
}

/** Chooses one of several items at random. */
export function some<T>(items: ArrayLike<T>, random: Random): T {
  return items[random.below(items.length)]!;
}
