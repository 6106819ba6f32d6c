import type { Music, Note } from "../midi/music.ts";
import { writeMidi } from "../midi/write.ts";

/** Keys struck on beats and on bar lines: the highest of a piano, which music hardly uses. */
const BEAT_KEY = 107, LINE_KEY = 108;

/**
 * Writes a MIDI file of music on found beats, with all parts as one piano.
 * @param name of the music
 * @param click whether the piano's highest keys are struck on the beats
 */
export function beatsFile(music: Music, name: string, click = false): Uint8Array<ArrayBuffer> {
  const { parts, ticksPerBeat, tempos, timeSignatures } = music;
  const [first, ...tempoChanges] = tempos,
    [timeSignature, ...timeSignatureChanges] = timeSignatures;
  return Uint8Array.from(writeMidi({
    ...{ name, ticksPerBeat, timeSignature: timeSignature!, timeSignatureChanges, tempoChanges },
    beatsPerMinute: 60e6 / first!.microsecondsPerBeat,
    notes: withoutOverlap([
      ...parts.flatMap(({ notes }) => notes).filter(({ pitch }) => !click || pitch < BEAT_KEY),
      ...(click ? clicksOf(music) : []),
    ]),
    pedal: parts.length === 1 ? parts[0]!.pedal : [],
  }));
}

/** A note on each beat: found beats are where tempos change. */
function clicksOf({ tempos, timeSignatures, ticksPerBeat }: Music): Note[] {
  return tempos.map(({ ticks }) => {
    const { ticks: from, numerator, denominator } = timeSignatures.findLast((one) =>
      one.ticks <= ticks
    )!;
    const isLine = (ticks - from) % (ticksPerBeat * 4 * numerator / denominator) === 0;
    const pitch = isLine ? LINE_KEY : BEAT_KEY;
    return { pitch, velocity: 100, startTicks: ticks, endTicks: ticks + ticksPerBeat / 8 };
  });
}

/** Notes by start, each ended at the next onset of its pitch. */
function withoutOverlap(notes: readonly Note[]): Note[] {
  const next = new Map<number, number>(), kept: Note[] = [];
  for (const note of notes.toSorted((a, b) => b.startTicks - a.startTicks)) {
    const again = next.get(note.pitch) ?? Infinity;
    if (again === note.startTicks) continue; // two parts strike it at once
    next.set(note.pitch, note.startTicks);
    kept.push({ ...note, endTicks: Math.min(note.endTicks, again) });
  }
  return kept.reverse();
}
