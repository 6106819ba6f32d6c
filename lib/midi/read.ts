import { type Header, nextTrack, readHeader } from "./chunks.ts";
import {
  type ChordSymbol,
  type KeySignature,
  type MidiLimits,
  midiLimits,
  type Music,
  type Part,
  USUAL_METRE,
  USUAL_TEMPO,
} from "./music.ts";
import { makeParts } from "./parts.ts";
import { describeRepairs, repaired, type Repairs } from "./repairs.ts";
import { createTempoMap, inOrder } from "./tempo.ts";
import { readTrack, type Track } from "./track.ts";
import { withUpbeat } from "./upbeat.ts";

/**
 * Reads a MIDI file of any format, valid or damaged, and lists the repairs it needed. The same
 * bytes give the same music.
 *
 * Why not `@tonejs/midi`: on good files it finds the same notes, but it throws on others that
 * players play (wire messages, foreign chunks, short metre events), gives every note after a stuck
 * one a wrong end, loses notes held over a change of programme and cannot count in SMPTE frames. To
 * know when it can be trusted, every note has to be paired here anyway. So this is the only reader,
 * twice as fast, and tests compare the two.
 *
 * @param bytes the whole file
 * @param limits bounds that differ from {@linkcode midiLimits}
 * @throws {Error} with the reason why the file cannot be read, fit to follow "skipped: "
 * @example
 * ```ts
 * import { readMidi } from "../../mod.ts";
 * const { parts, repairs } = readMidi(await Deno.readFile("data/generated/mine.mid"));
 * console.log(parts[0]?.notes.length, repairs);
 * ```
 */
export function readMidi(bytes: Uint8Array, limits: Partial<MidiLimits> = {}): Music {
  const bounds = { ...midiLimits, ...limits };
  const repairs: Repairs = new Map();
  atMost(bytes.length, bounds.bytes, "bytes");
  const header = readHeader(bytes, repairs);
  const { ticksPerBeat, hasBeats } = readDivision(header, repairs);
  const tracks = readTracks(bytes, header, ticksPerBeat, bounds, repairs);
  const timing = {
    ticksPerBeat,
    tempos: inOrder(USUAL_TEMPO, hasBeats ? tracks.flatMap((track) => track.tempos) : []),
  };
  const parts = makeParts(tracks, ticksPerBeat, repairs);
  const stated = tracks.flatMap((track) => track.timeSignatures);
  const timeSignatures = inOrder(USUAL_METRE, stated);
  const moved = hasBeats && tracks.some(({ isLilyPond }) => isLilyPond)
    ? withUpbeat({ ticksPerBeat, timeSignatures, parts })
    : undefined;
  if (moved) repaired(repairs, "upbeat");
  const chords = chordsOf(tracks);
  return {
    ...timing,
    timeSignatures: moved ?? timeSignatures,
    ...(stated.length === 0 && !moved ? { isMetreAssumed: true } : {}),
    keySignatures: keySignaturesOf(tracks),
    ...(chords.length > 0 ? { chords } : {}),
    parts: limitTime(parts, timing, bounds, repairs),
    repairs: describeRepairs(repairs),
  };
}

/** Time division: ticks per quarter note, or SMPTE frames per second times ticks per frame. */
function readDivision({ division }: Header, repairs: Repairs) {
  if (division < 0x8000) return { ticksPerBeat: division, hasBeats: true };
  const framesPerSecond = 256 - (division >> 8);
  if (![24, 25, 29, 30].includes(framesPerSecond)) repaired(repairs, "frameRate");
  const exact = framesPerSecond === 29 ? 30 / 1.001 : framesPerSecond; // 30 drop-frame, as in NTSC
  return { ticksPerBeat: exact * (division & 0xff) / 2, hasBeats: false };
}

function readTracks(
  bytes: Uint8Array,
  header: Header,
  ticksPerBeat: number,
  bounds: MidiLimits,
  repairs: Repairs,
): Track[] {
  const tracks: Track[] = [];
  const counted = { events: 0, notes: 0 };
  const count = (unit: "events" | "notes") => atMost(++counted[unit], bounds[unit], unit);
  let baseTicks = 0;
  let range = nextTrack(bytes, header.end, repairs);
  while (range) {
    const number = tracks.length;
    atMost(number + 1, bounds.tracks, "tracks");
    const { track, end } = readTrack(bytes, range, { number, baseTicks, count }, repairs);
    tracks.push(track);
    const damage = repairs.get("range") ?? 0;
    if (damage > bounds.damagedBytes) throw new Error("it is damaged throughout");

    if (range.lengthHolds) repaired(repairs, "afterEnd", range.end - end.position);
    else repaired(repairs, "trackLength");
    if (header.format === 2) { // the next sequence begins with a whole bar of four beats
      const bar = Math.ceil(4 * ticksPerBeat);
      baseTicks = Math.ceil(track.endTicks / bar) * bar;
    }
    range = nextTrack(bytes, range.lengthHolds ? range.end : end.position, repairs);
  }
  if (tracks.length === 0 && header.declaredTracks > 0) {
    throw new Error(`it has no tracks, though its header declares ${header.declaredTracks}`);
  }
  repaired(repairs, "missingTracks", header.declaredTracks - tracks.length);
  repaired(repairs, "extraTracks", tracks.length - header.declaredTracks);
  if (header.format === 2) repaired(repairs, "sequences", tracks.length > 1 ? tracks.length : 0);
  return tracks;
}

/**
 * Key signatures: of those at one tick, the one in most tracks, as transposing instruments are few.
 */
function keySignaturesOf(tracks: readonly Track[]): KeySignature[] {
  const all = tracks.flatMap((track) => track.keySignatures);
  const chosen = [...Map.groupBy(all, ({ ticks }) => ticks).values()].map((given) => {
    const votes = Map.groupBy(given, ({ fifths, mode }) => `${fifths} ${mode}`);
    return [...votes.values()].reduce((most, own) => own.length > most.length ? own : most)[0]!;
  }).sort((a, b) => a.ticks - b.ticks);
  return chosen.filter(({ fifths, mode }, i) =>
    fifths !== chosen[i - 1]?.fifths || mode !== chosen[i - 1]?.mode
  );
}

/** Chord symbols of all tracks: of those at one tick, the last. */
function chordsOf(tracks: readonly Track[]): ChordSymbol[] {
  const byTick = new Map(
    tracks.flatMap((track) => track.chords).map((chord) => [chord.ticks, chord]),
  );
  return [...byTick.values()].sort((a, b) => a.ticks - b.ticks);
}

/** Cuts notes that are too long, and refuses music that is. */
function limitTime(
  parts: readonly Part[],
  timing: Pick<Music, "ticksPerBeat" | "tempos">,
  bounds: MidiLimits,
  repairs: Repairs,
): Part[] {
  const map = createTempoMap(timing);
  const slowest = timing.tempos.reduce(
    (most, { microsecondsPerBeat }) => Math.max(most, microsecondsPerBeat),
    0,
  );
  const safeTicks = bounds.noteSeconds * 1e6 / slowest * timing.ticksPerBeat;
  let lastTicks = 0;
  const limited = parts.map((part) => ({
    ...part,
    notes: part.notes.map((note) => {
      const { startTicks } = note;
      let { endTicks } = note;
      if (endTicks - startTicks > safeTicks) {
        const longest = map.ticksAt(map.secondsAt(startTicks) + bounds.noteSeconds);
        if (endTicks > longest + 1) {
          repaired(repairs, "tooLong");
          endTicks = Math.max(startTicks + 1, Math.floor(longest));
        }
      }
      lastTicks = Math.max(lastTicks, endTicks);
      return endTicks === note.endTicks ? note : { ...note, endTicks };
    }),
  }));
  const seconds = map.secondsAt(lastTicks);
  if (seconds > bounds.seconds) {
    throw new Error(
      `it lasts ${minutes(seconds)} minutes, the limit is ${minutes(bounds.seconds)}`,
    );
  }
  atMost(lastTicks / timing.ticksPerBeat, bounds.beats, "beats");
  return limited;
}

function atMost(found: number, limit: number, unit: string): void {
  if (found > limit) {
    throw new Error(`it has more than ${limit.toLocaleString("en-US")} ${unit}, the limit`);
  }
}

function minutes(seconds: number): string {
  return Math.ceil(seconds / 60).toLocaleString("en-US");
}
