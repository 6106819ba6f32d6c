import {
  anyPedal,
  type ControllerChange,
  type Controllers,
  levelsOf,
  noControllers,
  pedalChanges,
} from "./controllers.ts";
import { DRUM_CHANNEL, type Note, type Part, type PedalChange } from "./music.ts";
import { pairKey } from "./pairing.ts";
import { kindOfName } from "./part_names.ts";
import { pianoParts } from "./piano.ts";
import type { Repairs } from "./repairs.ts";
import type { Track } from "./track.ts";

/** Least length in beats of a note that is never released, unless the music ends before. */
const STUCK_BEATS = 4;

/**
 * Groups tracks into parts: the notes of one track and channel that were struck with one programme.
 * Where a track sets no programme, or moves no controller, on a channel of its own, another track
 * may do so for it, as a synthesizer would hear it. A piano has one pedal, whichever of its
 * channels moves it: piano parts without a pedal of their own share that of the others, or of
 * channels without notes.
 */
export function makeParts(
  tracks: readonly Track[],
  ticksPerBeat: number,
  repairs: Repairs,
): Part[] {
  const programs = new Map<number, number>();
  const controllers = new Map<number, Controllers>(), loose = new Map<number, Controllers>();
  let lastTicks = 0; // of all key events
  for (const track of tracks) {
    for (const [channel, program] of track.programs) {
      if (!programs.has(channel)) programs.set(channel, program);
    }
    for (const [channel, own] of track.controllers) {
      addAll(controllers, channel, own);
      const isPlayed = track.keys.keys().some((key) => key >> 7 === channel);
      if (!isPlayed) addAll(loose, channel, own);
    }
    for (const events of track.keys.values()) lastTicks = Math.max(lastTicks, events.at(-1)!.ticks);
  }
  const stuckUntil = (ticks: number) =>
    Math.max(lastTicks, Math.round(ticks + STUCK_BEATS * ticksPerBeat));
  const found = new ChannelControllers(controllers, loose);
  const parts = tracks
    .filter((track) => track.keys.size > 0)
    .flatMap((track) => makeTrackParts(track, programs, found, stuckUntil, repairs));
  return withSharedPedal(parts, controllers);
}

/** Appends control changes to those of a channel. */
function addAll(to: Map<number, Controllers>, channel: number, changes: Controllers): void {
  let all = to.get(channel);
  if (!all) to.set(channel, all = noControllers());
  for (const name of Object.keys(changes) as (keyof Controllers)[]) {
    for (const change of changes[name]) all[name].push(change);
  }
}

/** Controllers of a file's channels, each computed once. */
class ChannelControllers {
  readonly #all: ReadonlyMap<number, Controllers>;
  readonly #loose: ReadonlyMap<number, Controllers>;
  readonly #known = new Map<readonly ControllerChange[], PedalChange[]>();

  /** @param loose those in tracks without notes on their channel */
  constructor(
    all: ReadonlyMap<number, Controllers>,
    loose: ReadonlyMap<number, Controllers>,
  ) {
    this.#all = all;
    this.#loose = loose;
  }

  /**
   * Pedal of a track's channel: the track's own where it uses one, along with changes from tracks
   * of controllers alone; else the file's.
   */
  pedal(track: Track, channel: number, name: "pedal" | "sostenuto"): PedalChange[] {
    const own = track.controllers.get(channel)?.[name] ?? [];
    const positions = own.length > 0 ? own : this.#all.get(channel)?.[name] ?? [];
    let changes = this.#known.get(positions);
    if (!changes) {
      const more = own.length > 0 ? this.#loose.get(channel)?.[name] ?? [] : [];
      this.#known.set(positions, changes = pedalChanges([...positions, ...more]));
    }
    return changes;
  }

  /** Levels of a channel; undefined where they are constant. */
  levels(channel: number, notes: readonly Note[]): Pick<Part, "levels" | "silent"> {
    const all = this.#all.get(channel);
    if (!all || all.volume.length + all.expression.length === 0) return {};
    const levels = levelsOf(all);
    let at = 0, isSilent = true;
    for (const { startTicks, endTicks } of notes) {
      while (at + 1 < levels.length && levels[at + 1]!.ticks <= startTicks) at++;
      for (let i = at; isSilent && i < levels.length; i++) {
        if (i > at && levels[i]!.ticks >= endTicks) break;
        if (levels[i]!.level > 0) isSilent = false;
      }
    }
    if (isSilent) return { silent: true };
    const last = notes.reduce((end, { endTicks }) => Math.max(end, endTicks), 0);
    const first = levels.findLastIndex(({ ticks }) => ticks <= notes[0]!.startTicks);
    const heard = levels.slice(Math.max(0, first)).filter(({ ticks }) => ticks < last);
    return heard.length > 1 ? { levels: heard } : {};
  }
}

/** Parts in which pianos without a pedal share that of the piano's other channels. */
function withSharedPedal(
  parts: readonly Part[],
  controllers: ReadonlyMap<number, Controllers>,
): Part[] {
  const pianos = pianoParts(parts, parts);
  if (pianos.every(({ pedal }) => pedal.length > 0)) return [...parts];
  const used = new Set(parts.map(({ channel }) => channel));
  const free = [...controllers].filter(([channel]) => !used.has(channel))
    .map(([, { pedal }]) => pedalChanges(pedal));
  const all = new Set([...pianos.map(({ pedal }) => pedal), ...free]);
  const moved = [...all].filter((pedal) => pedal.length > 0);
  if (moved.length === 0) return [...parts];
  const shared = anyPedal(moved);
  return parts.map((part) =>
    part.pedal.length === 0 && pianos.includes(part) ? { ...part, pedal: shared } : part
  );
}

function makeTrackParts(
  track: Track,
  programs: ReadonlyMap<number, number>,
  controllers: ChannelControllers,
  stuckUntil: (ticks: number) => number,
  repairs: Repairs,
): Part[] {
  const parts = new Map<number, { channel: number; program: number; notes: Note[] }>();
  for (const [key, events] of track.keys) {
    const channel = key >> 7;
    const pitch = key & 127;
    const silences = track.silences.get(channel) ?? [];
    const end = (ticks: number) => Math.min(track.endTicks, stuckUntil(ticks));
    pairKey(events, silences, end, repairs, (start, endTicks) => {
      const { ticks: startTicks, velocity, program } = start;
      const id = (channel << 8) | (program + 1);
      let part = parts.get(id);
      if (!part) parts.set(id, part = { channel, program, notes: [] });
      part.notes.push({ pitch, velocity, startTicks, endTicks });
    });
  }
  return [...parts.values()]
    .map(({ channel, program, notes }): Part => {
      const name = track.name ?? "";
      notes.sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
      const sostenuto = controllers.pedal(track, channel, "sostenuto");
      return {
        track: track.number,
        channel,
        program: program >= 0 ? program : programs.get(channel) ?? 0,
        programSet: program >= 0 || programs.has(channel),
        name,
        drum: channel === DRUM_CHANNEL && kindOfName(name) !== "piano",
        notes,
        pedal: controllers.pedal(track, channel, "pedal"),
        ...(sostenuto.length > 0 ? { sostenuto } : {}),
        ...controllers.levels(channel, notes),
      };
    })
    .sort((a, b) => a.notes[0]!.startTicks - b.notes[0]!.startTicks || a.channel - b.channel);
}

/** Pedal positions by time, without repeated ones. */
export function movements(positions: readonly PedalChange[]): PedalChange[] {
  const changes: PedalChange[] = [];
  for (const position of [...positions].sort((a, b) => a.ticks - b.ticks)) {
    if (position.down !== (changes.at(-1)?.down ?? false)) changes.push(position);
  }
  return changes;
}
