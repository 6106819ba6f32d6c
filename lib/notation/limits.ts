/** Limits on written scores: bounds on time and memory for any input. */
export interface ScoreLimits {
  /** Bytes of the file on disk. */
  readonly bytes: number;
  /** Bytes of the unpacked document. */
  readonly documentBytes: number;
  /** Entries in a compressed archive. */
  readonly archiveEntries: number;
  /** Nesting depth of XML elements. */
  readonly depth: number;
  /** Elements of an XML document; tokens of a Humdrum file; symbols of an ABC file. */
  readonly elements: number;
  /** Parallel staves, Humdrum spines or ABC voices. */
  readonly staves: number;
  /** Bars as played, with repeats written out. */
  readonly bars: number;
  /** Notes as played, with repeats written out. */
  readonly notes: number;
  /** Beats (quarter notes) from beginning to end, repeats written out; at most 26,000. */
  readonly beats: number;
}

/** Default limits, far beyond any piano score. */
export const scoreLimits: ScoreLimits = {
  bytes: 32 * 2 ** 20, // a long sonata has three megabytes of MusicXML
  documentBytes: 32 * 2 ** 20,
  archiveEntries: 1_000, // an .mxl holds a container, a score and perhaps some pictures
  depth: 64, // MusicXML nests some ten deep
  elements: 2_000_000, // 15 for each note
  staves: 256,
  bars: 20_000, // an opera has some 5,000
  notes: 250_000, // as many as of a MIDI file
  beats: 25_000, // three hours and a half at 120 a minute; a pause in a MIDI file cannot be longer
};

/** Enforces a limit. @throws {Error} if more was found; the message is fit to follow "skipped: " */
export function atMost(found: number, limit: number, unit: string): void {
  if (found > limit) {
    throw new Error(`it has more than ${limit.toLocaleString("en-US")} ${unit}, the limit`);
  }
}
