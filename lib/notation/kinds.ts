/** Endings of written scores that are read. */
export const SCORE_ENDINGS = ["musicxml", "xml", "mxl", "krn"] as const;

const SCORE = new RegExp(`\\.(${SCORE_ENDINGS.join("|")})$`, "i");

/** Whether a file is read as a written score, by its name. */
export function isScoreName(name: string): boolean {
  return SCORE.test(name);
}

const fromProgram = (program: string) =>
  `it is in ${program}'s own format: in ${program}, export it as MusicXML`;

/** What programs write in formats of their own, by ending, and what to do about it. */
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

/** Why a file of music in a format that is not read is left out, by its name; undefined for all others. */
export function whyForeign(name: string): string | undefined {
  const [, ending = ""] = /\.(\w+)$/.exec(name) ?? [];
  return FOREIGN[ending.toLowerCase()];
}
