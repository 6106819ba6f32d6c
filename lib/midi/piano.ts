import { DRUM_CHANNEL, type Music, type Note, type Part } from "./music.ts";
import { kindOfName } from "./part_names.ts";

/** Selection of parts: the pianos of a file, its first part that is not drums, or all but drums. */
export type Tracks = "piano" | "first" | "all";

const lastPiano = 7; // General MIDI programmes 0 to 7: grand piano to clavinet
const lastPitched = 111; // then come percussion and sound effects

/** Range of a piano's keys: A0 to C8. Notes beyond it are key switches of samplers. */
const LOWEST_KEY = 21, HIGHEST_KEY = 108;

/** Whether a note lies within the range of a piano. */
export function isPianoKey({ pitch }: Pick<Note, "pitch">): boolean {
  return pitch >= LOWEST_KEY && pitch <= HIGHEST_KEY;
}

/**
 * Parts with a piano's programme, unless a name assigns them to another instrument. A name such as
 * "Bass" does so only where a piano or drums are named as well: two staves called treble and bass
 * are two hands.
 * @param all the parts of the file
 */
export function pianoParts(parts: readonly Part[], all: readonly Part[]): Part[] {
  const byProgram = parts.filter(({ drum, program }) => !drum && program <= lastPiano);
  const isBand = all.some(({ drum, name }) =>
    drum || ["piano", "drums"].includes(kindOfName(name) ?? "")
  );
  if (!isBand) return byProgram;
  const byName = byProgram.filter(({ name }) =>
    !["drums", "other"].includes(kindOfName(name) ?? "")
  );
  return byName.length > 0 ? byName : byProgram;
}

/**
 * Selects the parts that form the piano. `piano`: all parts with a piano's programme (0 where none
 * is set), unless a name assigns them to another instrument; where there is none, all parts of the
 * first pitched instrument. Drums never count, nor parts that are silent, nor notes beyond a
 * piano's keys.
 * @returns the parts, none when the file has nothing suitable, and the reason in words
 */
export function choosePiano(
  music: Pick<Music, "parts">,
  tracks: Tracks,
): { parts: readonly Part[]; reason: string } {
  const { parts, reason } = choose(music, tracks);
  let beyond = 0;
  const within = parts.map((part) => {
    const notes = part.notes.filter(isPianoKey);
    beyond += part.notes.length - notes.length;
    return notes.length === part.notes.length ? part : { ...part, notes };
  }).filter(({ notes }) => notes.length > 0);
  if (beyond === 0) return { parts, reason };
  const left = `${beyond} ${beyond === 1 ? "note" : "notes"} beyond the piano's keys left out`;
  if (within.length === 0) return { parts: [], reason: `it has only notes beyond a piano's keys` };
  return { parts: within, reason: `${reason}; ${left}` };
}

function choose(
  music: Pick<Music, "parts">,
  tracks: Tracks,
): { parts: readonly Part[]; reason: string } {
  const pitched = music.parts.filter((part) => !part.drum);
  const heard = pitched.filter((part) => !part.silent);
  const candidates = heard.length > 0 ? heard : pitched;
  const first = candidates[0];
  if (first === undefined) {
    return { parts: [], reason: music.parts.length ? ONLY_DRUMS : "it has no notes" };
  }
  const also = candidates.length === pitched.length
    ? ""
    : `; silent: ${pitched.filter((part) => part.silent).map(titled).join(", ")}`;
  const remark = (parts: readonly Part[]) =>
    also + (parts.some((part) => part.channel === DRUM_CHANNEL) ? `; ${ON_DRUMS}` : "");
  if (tracks === "all") {
    return {
      parts: candidates,
      reason: `${share(candidates, music)}, no drums${remark(candidates)}`,
    };
  }
  if (tracks === "first") {
    return { parts: [first], reason: `the first part${named(first)}${remark([first])}` };
  }
  const byProgram = candidates.filter((part) => part.program <= lastPiano);
  const pianos = pianoParts(candidates, music.parts);
  if (pianos.length > 0) {
    return {
      parts: pianos,
      reason: `${share(pianos, music)}: ${whyPianos(pianos, byProgram)}${remark(pianos)}`,
    };
  }
  const leader = candidates.find((part) => part.program <= lastPitched) ?? first;
  const parts = candidates.filter((part) => part.program === leader.program);
  return {
    parts,
    reason: `${share(parts, music)}: no piano, so the first instrument ` +
      `(programme ${leader.program})${remark(parts)}`,
  };
}

function whyPianos(pianos: readonly Part[], byProgram: readonly Part[]): string {
  const others = byProgram.filter((part) => !pianos.includes(part));
  if (others.length > 0) {
    return `${others.map(titled).join(", ")} by name ${
      others.length === 1 ? "is" : "are"
    } no piano`;
  }
  if (pianos.some((part) => part.programSet)) return "set to a piano";
  return byProgram.some(({ name }) => ["piano", "hand"].includes(kindOfName(name) ?? ""))
    ? "called a piano"
    : "no instrument is named, so a piano";
}

const ONLY_DRUMS =
  "it has only drums: all its notes are on channel 10, which is theirs; give them " +
  'another channel, or call their track "Piano"';
const ON_DRUMS = "channel 10 read as a piano, as its track is called";

/**
 * Reason why a file has no notes: that of {@linkcode choosePiano}, or damage that may have lost
 * them.
 */
export function whyNoNotes(
  { parts, repairs }: Pick<Music, "parts" | "repairs">,
  reason: string,
): string {
  if (parts.length > 0 || repairs.length === 0) return reason;
  return `no notes could be read from it: ${repairs.join("; ")}`;
}

function share(parts: readonly Part[], { parts: all }: Pick<Music, "parts">): string {
  return `${parts.length} of ${all.length} ${all.length === 1 ? "part" : "parts"}`;
}

function titled({ name, track }: Part): string {
  return name === "" ? `track ${track + 1}` : name;
}

function named({ name, program }: Part): string {
  return name ? ` (${name}, programme ${program})` : ` (programme ${program})`;
}
