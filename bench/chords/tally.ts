import type { ChordSpan } from "../../lib/harmony/find.ts";
import type { ChordBar } from "../../lib/harmony/sheet.ts";
import { bassOf, type Chord } from "../../lib/tokens/chord.ts";

/** Count of the requested chords that are found in the music. */
export class ChordTally {
  #all = 0;
  #chord = 0;
  #root = 0;
  #bass = 0;
  #slashes = 0;
  #slashBass = 0;
  readonly #missed = new Map<string, number>();

  /**
   * Adds the requested chords of some bars, each with the chord found for most of it.
   * @param from step of the first bar
   */
  add(
    sheet: readonly ChordBar[],
    beatsPerBar: number,
    spans: readonly ChordSpan[],
    stepsPerBeat: number,
    from = 0,
  ): void {
    sheet.forEach((bar, at) =>
      bar.forEach(({ beat, chord }, one) => {
        if (!chord) return;
        const stepAt = (beats: number) => from + (at * beatsPerBar + beats) * stepsPerBeat;
        const found = most(spans, stepAt(beat), stepAt(bar[one + 1]?.beat ?? beatsPerBar));
        this.#all++;
        const sameRoot = found?.root === chord.root;
        if (sameRoot) this.#root++;
        if (sameRoot && found.quality === chord.quality) this.#chord++;
        else this.#missed.set(kind(chord, found), (this.#missed.get(kind(chord, found)) ?? 0) + 1);
        const sameBass = found && bassOf(found) === bassOf(chord);
        if (sameBass) this.#bass++;
        if (chord.bass === undefined) return;
        this.#slashes++;
        if (sameBass) this.#slashBass++;
      })
    );
  }

  /** Result as text, with the most frequent misses. */
  toString(): string {
    const share = (part: number, all: number) => `${(100 * part / all).toFixed(1)} %`;
    const missed = [...this.#missed].sort((a, b) => b[1] - a[1]).slice(0, 14);
    return [
      `${this.#all} chords: heard ${share(this.#chord, this.#all)}, ` +
      `root ${share(this.#root, this.#all)}, bass ${share(this.#bass, this.#all)}, ` +
      `of ${this.#slashes} slash chords ${share(this.#slashBass, this.#slashes)}`,
      ...missed.map(([text, count]) => `  ${count} ${text}`),
    ].join("\n");
  }
}

/** Chord found for the largest part of a span. */
function most(spans: readonly ChordSpan[], start: number, end: number): Chord | null {
  let longest = 0, chord: Chord | null = null;
  for (const span of spans) {
    const both = Math.min(span.end, end) - Math.max(span.start, start);
    if (both > longest) [longest, chord] = [both, span.chord];
  }
  return chord;
}

function kind(asked: Chord, found: Chord | null): string {
  return `${asked.quality} → ${
    found ? `+${(found.root - asked.root + 12) % 12} ${found.quality}` : "none"
  }`;
}
