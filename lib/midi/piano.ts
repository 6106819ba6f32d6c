import type { Music, Part } from "./music.ts";

/** Which parts of a file are taken: its pianos, its first part that is not drums, or all but drums. */
export type Tracks = "piano" | "first" | "all";

const lastPiano = 7; // General MIDI programmes 0 to 7: grand piano to clavinet
const lastPitched = 111; // then come percussion and sound effects

/**
 * Chooses the parts to be taken as the piano. `piano`: all parts with a piano's programme (0 where
 * none is set); where there is none, all parts of the first pitched instrument. Drums never count.
 * @returns the parts, none when the file has nothing to offer, and why these, in words
 */
export function choosePiano(
  music: Pick<Music, "parts">,
  tracks: Tracks,
): { parts: readonly Part[]; reason: string } {
  const candidates = music.parts.filter((part) => !part.drum);
  const first = candidates[0];
  if (first === undefined) {
    return { parts: [], reason: music.parts.length ? "it has only drums" : "it has no notes" };
  }
  if (tracks === "all") {
    return { parts: candidates, reason: `${share(candidates, music)}, no drums` };
  }
  if (tracks === "first") return { parts: [first], reason: `the first part${named(first)}` };

  const pianos = candidates.filter((part) => part.program <= lastPiano);
  if (pianos.length > 0) {
    const unset = pianos.every((part) => !part.programSet);
    const why = unset ? "no instrument is named, so a piano" : "pianos by their programmes";
    return { parts: pianos, reason: `${share(pianos, music)}: ${why}` };
  }
  const leader = candidates.find((part) => part.program <= lastPitched) ?? first;
  const parts = candidates.filter((part) => part.program === leader.program);
  return {
    parts,
    reason: `${share(parts, music)}: no piano, so the first instrument ` +
      `(programme ${leader.program})`,
  };
}

/** Why a file gives no notes: what {@linkcode choosePiano} says, or the damage that may have cost them. */
export function whyNoNotes(
  { parts, repairs }: Pick<Music, "parts" | "repairs">,
  reason: string,
): string {
  if (parts.length > 0 || repairs.length === 0) return reason;
  return `no notes could be read of it: ${repairs.join("; ")}`;
}

function share(parts: readonly Part[], { parts: all }: Pick<Music, "parts">): string {
  return `${parts.length} of ${all.length} ${all.length === 1 ? "part" : "parts"}`;
}

function named({ name, program }: Part): string {
  return name ? ` (${name}, programme ${program})` : ` (programme ${program})`;
}
