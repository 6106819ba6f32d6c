/** File extensions of written scores that are supported. */
export const SCORE_ENDINGS = ["musicxml", "xml", "mxl", "krn", "abc"] as const;

const SCORE = new RegExp(`\\.(${SCORE_ENDINGS.join("|")})$`, "i");

/** Whether a file name has the extension of a written score. */
export function isScoreName(name: string): boolean {
  return SCORE.test(name);
}

/** File extensions of recordings that can be transcribed. */
const TRANSCRIBED_ENDINGS = ["mp3", "wav", "flac", "ogg", "oga"] as const;

/**
 * File extensions of recordings that can be transcribed, or for which a reason is given why they
 * cannot be read.
 */
export const RECORDING_ENDINGS = [...TRANSCRIBED_ENDINGS, "m4a"] as const;

const TRANSCRIBED = new RegExp(`\\.(${TRANSCRIBED_ENDINGS.join("|")})$`, "i");
const RECORDING = new RegExp(`\\.(${RECORDING_ENDINGS.join("|")}|aac|mp4|opus|wma|aiff?)$`, "i");

/** Whether a file name has the extension of a recording. */
export function isRecordingName(name: string): boolean {
  return RECORDING.test(name);
}

const fromProgram = (program: string) =>
  `it is in ${program}'s own format: in ${program}, export it as MusicXML`;

/** Proprietary formats by file extension, with advice on converting them. */
const FOREIGN: Readonly<Record<string, string>> = {
  mscz: `${fromProgram("MuseScore")} (File, Export)`,
  mscx: `${fromProgram("MuseScore")} (File, Export)`,
  sib: fromProgram("Sibelius"),
  musx: fromProgram("Finale"),
  mus: fromProgram("Finale"),
  dorico: fromProgram("Dorico"),
  cap: fromProgram("capella"),
  capx: fromProgram("capella"),
  nwc: `${fromProgram("NoteWorthy Composer")} or MIDI`,
  gp: fromProgram("Guitar Pro"),
  gpx: fromProgram("Guitar Pro"),
  gp5: fromProgram("Guitar Pro"),
  mei: "it is MEI: in MuseScore, open it and export it as MusicXML",
  ly: "it is LilyPond: give it a \\midi block, and LilyPond writes a MIDI file beside its pages",
};

/**
 * Reason why a music file in an unsupported format is skipped, by its name; undefined for all
 * others.
 */
export function whyForeign(name: string): string | undefined {
  if (isRecordingName(name)) {
    const first = TRANSCRIBED.test(name) ? "" : "convert it to MP3, FLAC, Ogg Vorbis or WAV; then ";
    return `it is a recording: ${first}"deno task transcribe FOLDER --out FOLDER" converts it to MIDI`;
  }
  const [, ending = ""] = /\.(\w+)$/.exec(name) ?? [];
  return FOREIGN[ending.toLowerCase()];
}
