import { countBefore } from "../search.ts";
import type { FoundBeats } from "./beat_search.ts";
import type { Events } from "./events.ts";
import { INPUTS, PLAIN } from "./features.ts";
import { logAt, type Salience } from "./salience.ts";

/** Parts of a beat at which onsets are counted: halves, thirds and quarters are all among them. */
const PARTS = 12;

/** Distances in beats at which rhythm and harmony are compared. */
const APART = [1, 2, 3, 4, 6, 8, 12];

/** Ratios of periods at which the network's opinion is taken. */
const RATIOS = [1, 2, 1 / 2, 3, 1 / 3];

/** Windows in beats before and after a beat whose harmony is compared. */
const WINDOWS = [1, 2, 4];

/** Log odds where no note begins. */
const SILENT = -3;

/** Positions within a beat whose likelihood of a beat of their own is taken. */
const WITHIN = [PARTS / 2, PARTS / 3, 2 * PARTS / 3];

/** Number of input features per beat. */
export const GRID_INPUTS = PLAIN + 3 + RATIOS.length + 3 + PARTS + WITHIN.length +
  WINDOWS.length + 1 + 4 * APART.length;

/** What lies between beats: a row per beat. */
interface Between {
  /** Strength of the onsets at each part of a beat: [beats, PARTS]. */
  readonly rhythm: Float32Array;
  /** Weight of each pitch class: [beats, 12]. */
  readonly chroma: Float32Array;
  /** Lowest pitch of each beat; that of the beat before where none begins. */
  readonly low: Float32Array;
  /** Greatest likelihood of a beat at each part: [beats, PARTS]. */
  readonly beaty: Float32Array;
}

/**
 * Input features of the grid network, which sees music beat by beat: what is struck on each beat, the
 * rhythm and harmony of what follows, and their likeness to those of other beats.
 * @param rows features of the events
 * @returns [beats, {@linkcode GRID_INPUTS}]
 */
export function gridFeatures(
  events: Events,
  rows: Float32Array,
  salience: Salience,
  { times, events: struck }: FoundBeats,
): Float32Array {
  const size = times.length, out = new Float32Array(size * GRID_INPUTS);
  const between = betweenBeats(events, salience, times);
  const { rhythm, chroma, low, beaty } = between;
  const lengthOf = (i: number) => {
    const k = Math.min(size - 2, Math.max(0, i));
    return times[k + 1]! - times[k]!;
  };
  const events_ = struck.map((event, i) =>
    event >= 0
      ? event
      : Math.max(0, countBefore(events.size, (k) => events.time[k]! < times[i]!) - 1)
  );
  const chromaSums = sumsOf(chroma, 12);
  for (let i = 0; i < size; i++) {
    let at = i * GRID_INPUTS;
    const event = struck[i]!, length = lengthOf(i);
    if (event >= 0) out.set(rows.subarray(event * INPUTS, event * INPUTS + PLAIN), at);
    at += PLAIN;
    out[at++] = event >= 0 ? 1 : 0;
    out[at++] = event >= 0 ? salience.beat[event]! : SILENT;
    out[at++] = event >= 0 ? salience.downbeat[event]! : SILENT;
    for (const ratio of RATIOS) {
      out[at++] = Math.max(-8, logAt(salience.period, events_[i]!, length * ratio)) / 4;
    }
    out[at++] = 2 * Math.log2(length / 0.5);
    out[at++] = 4 * Math.log(length / lengthOf(i - 1));
    out[at++] = 4 * Math.log(lengthOf(i + 1) / length);
    for (let p = 0; p < PARTS; p++) out[at++] = rhythm[i * PARTS + p]!;
    for (const part of WITHIN) out[at++] = beaty[i * PARTS + part]!;
    for (const window of WINDOWS) {
      out[at++] = 1 - likeness(
        (c) => chromaSums[i * 12 + c]! - chromaSums[Math.max(0, i - window) * 12 + c]!,
        (c) => chromaSums[Math.min(size, i + window) * 12 + c]! - chromaSums[i * 12 + c]!,
        12,
      );
    }
    let around = 0, count = 0;
    for (let k = Math.max(0, i - 4); k <= Math.min(size - 1, i + 4); k++) {
      around += low[k]!, count++;
    }
    out[at++] = (low[i]! - around / count) / 12;
    for (const apart of APART) {
      for (const other of [i - apart, i + apart]) {
        const inside = other >= 0 && other < size;
        out[at++] = inside ? likenessOf(rhythm, PARTS, i, other) : 0;
        out[at++] = inside ? likenessOf(chroma, 12, i, other) : 0;
      }
    }
  }
  return out;
}

function betweenBeats(
  { size, time, count, low, chroma }: Events,
  salience: Salience,
  times: readonly number[],
): Between {
  const beats = times.length, last = beats - 1;
  const out = {
    rhythm: new Float32Array(beats * PARTS),
    chroma: new Float32Array(beats * 12),
    low: new Float32Array(beats).fill(128),
    beaty: new Float32Array(beats * PARTS),
  };
  for (let event = 0, k = 0; event < size; event++) {
    const at = time[event]!;
    while (k < last && times[k + 1]! <= at) k++;
    const from = times[Math.min(k, last - 1)]!, to = times[Math.min(k, last - 1) + 1]!;
    const place = Math.round((at - from) / (to - from) * PARTS) + PARTS * Math.min(k, last - 1);
    if (place < 0 || place >= beats * PARTS) continue;
    const beat = Math.floor(place / PARTS);
    out.rhythm[place] = Math.min(1.5, out.rhythm[place]! + 0.5 + 0.25 * Math.sqrt(count[event]!));
    out.beaty[place] = Math.max(out.beaty[place]!, 1 / (1 + Math.exp(-salience.beat[event]!)));
    out.low[beat] = Math.min(out.low[beat]!, low[event]!);
    for (let c = 0; c < 12; c++) out.chroma[beat * 12 + c]! += chroma[event * 12 + c]!;
  }
  for (let i = 0; i < beats; i++) if (out.low[i] === 128) out.low[i] = i > 0 ? out.low[i - 1]! : 60;
  return out;
}

/** Running sums over rows: [rows + 1, width]. */
function sumsOf(values: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(values.length + width);
  for (let i = 0; i < values.length; i++) sums[i + width] = sums[i]! + values[i]!;
  return sums;
}

function likenessOf(values: Float32Array, width: number, a: number, b: number): number {
  return likeness((c) => values[a * width + c]!, (c) => values[b * width + c]!, width);
}

/** Cosine similarity, 0 where either is zero. */
function likeness(a: (c: number) => number, b: (c: number) => number, width: number): number {
  let product = 0, left = 0, right = 0;
  for (let c = 0; c < width; c++) {
    const x = a(c), y = b(c);
    product += x * y, left += x * x, right += y * y;
  }
  return product / (Math.sqrt(left * right) + 1e-6);
}
