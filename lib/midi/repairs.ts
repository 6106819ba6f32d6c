/** Counts of repairs to a file, by kind. */
export type Repairs = Map<Repair, number>;

/** A kind of repair. */
type Repair = keyof typeof sentences;

/** Counts `times` more repairs of a kind; nothing happens at 0. */
export function repaired(repairs: Repairs, kind: Repair, times = 1): void {
  if (times > 0) repairs.set(kind, (repairs.get(kind) ?? 0) + times);
}

/** Descriptions of repairs, one sentence per kind, in the order in which they first occurred. */
export function describeRepairs(repairs: Repairs): string[] {
  return [...repairs].map(([kind, times]) => sentences[kind](times));
}

const sentences = {
  riff: () => "taken out of its RIFF container (.rmi)",
  wrapped: (n) => `${amount(n, "byte")} before the MIDI header ignored`,
  headerLength: () => "the wrong length of the header ignored",
  format: () => "the unknown format read as format 1",
  sequences: (n) => `the ${amount(n, "sequence")} of format 2 put one after the other`,
  frameRate: () => "the unusual SMPTE frame rate taken as it is",
  missingTracks: (n) => `${amount(n, "track")} fewer than the header declares`,
  extraTracks: (n) => `${amount(n, "track")} more than the header declares, read all the same`,
  junk: (n) => `${amount(n, "byte")} outside of any track ignored`,
  trackLength: (n) => `${amount(n, "track")} of wrong length read to the real end`,
  afterEnd: (n) => `${amount(n, "byte")} after the end of a track ignored`,
  earlyEnd: (n) => `${amount(n, "end mark")} in the middle of a track ignored`,
  noEnd: (n) => `${amount(n, "track")} without an end mark`,
  cut: (n) => `${amount(n, "track")} cut off inside an event, used up to there`,
  damaged: (n) => `${amount(n, "track")} damaged, used up to the damage`,
  range: (n) => `${amount(n, "value")} out of range put right`,
  system: (n) => `${amount(n, "message")} without a place in a file ignored`,
  meta: (n) => `${amount(n, "tempo or metre", "tempos or metres")} without meaning ignored`,
  key: (n) => `${amount(n, "key signature")} without meaning ignored`,
  upbeat: () => "the bar lines moved by the upbeat, which LilyPond leaves out",
  stuck: (n) => `${amount(n, "note")} without an end closed at the end of the music`,
  silenced: (n) => `${amount(n, "note")} without an end closed where all notes are switched off`,
  restruck: (n) => `${amount(n, "note")} without an end closed where the same key is struck again`,
  doubled: (n) => `${amount(n, "note")} struck twice at the same moment used once`,
  orphans: (n) => `${amount(n, "note end")} without a note ignored`,
  instant: (n) => `${amount(n, "note")} of no length made one tick long`,
  tooLong: (n) => `${amount(n, "note")} held too long cut`,
} satisfies Record<string, (times: number) => string>;

function amount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
