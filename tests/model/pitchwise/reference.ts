import { findEchoes } from "./echoes.ts";
import type { Echoes } from "./echoes.ts";
import type { Layout } from "../../../lib/model/pitchwise/layout.ts";
import { compactPieces, masksOf, placesIn } from "../../../lib/model/pitchwise/music.ts";
import { partsOf } from "../../../lib/model/pitchwise/weights.ts";
import type { Frame } from "../../../lib/tokens/frame.ts";
import type { PlannedFrame, PlanReader } from "../../../lib/model/pitchwise/plan_words.ts";
import { planReader } from "../../../lib/model/pitchwise/plan_words.ts";
import type { Grid, Piece } from "../../../lib/tokens/piece.ts";
import type { Plan } from "../../../lib/tokens/plan.ts";

// The pitchwise network in plain loops, as its docstring tells it: slow, and what the kernels must
// agree with.

/**
 * The loss of a piece's frames: minus the log probability of frame `t` on the network's keyboard, in
 * nats. What does not depend on the numbers is found once.
 */
export function reference(
  layout: Layout,
  piece: Piece,
  grid: Grid,
  { plan, groups, transpose = 0 }: {
    readonly plan: Plan;
    readonly groups: number;
    readonly transpose?: number;
  },
): (numbers: Float64Array, t: number) => number {
  const { pitches, states } = layout;
  const music = compactPieces([piece]), echoes = findEchoes(music.ids, masksOf(music));
  const place = placesIn(piece.metres, grid), rows = piece.frames.map((_, frame) => place(frame));
  const planned = { reader: planReader(plan, grid), groups };
  const moved = { ...layout, lowest: layout.lowest - transpose };
  const offsets = new Map(partsOf(layout).map(({ name, offset }) => [name, offset]));
  const seen = new Map<string, Seen>();
  return (numbers, t) => {
    const frame = piece.frames[t]!, before = piece.frames[t - 1]!;
    let loss = 0;
    for (let p = 0; p < pitches; p++) {
      const of = `${t} ${p}`;
      const inputs = seen.get(of) ??
        inputsOf(moved, offsets, piece, t, p, echoes[t]!, rows[t]!, planned);
      seen.set(of, inputs);
      const [struck, held] = logits(moved, offsets, numbers, inputs, p);
      const pitch = p + moved.lowest;
      const could = states === 2 && before.some((code) => (code & 127) === pitch);
      const code = frame.find((code) => (code & 127) === pitch);
      const chosen = code === undefined ? 0 : code >= 128 ? held! : struck!;
      loss += Math.log(1 + Math.exp(struck!) + (could ? Math.exp(held!) : 0)) - chosen;
    }
    return loss;
  };
}

/** What the network sees for a pitch: where the rows lie that are added up, and their weights. */
type Seen = readonly (readonly [at: number, coefficient: number])[];

function inputsOf(
  layout: Layout,
  offsets: ReadonlyMap<string, number>,
  piece: Piece,
  t: number,
  p: number,
  echoes: Echoes,
  places: readonly number[],
  planned: { readonly reader: PlanReader; readonly groups: number },
): Seen {
  const { width, states, lags, radius } = layout;
  const seen: [at: number, coefficient: number][] = [];
  const add = (table: string, row: number, coefficient = 1) =>
    void seen.push([offsets.get(table)! + row * width, coefficient]);
  const notes = (frame: Frame) =>
    frame.map((code) => ({
      distance: p + layout.lowest - (code & 127),
      state: states === 2 ? code >> 7 : 0,
    }));

  add("register", p);
  ["steps_into_bar", "part_of_bar", "place_in_four_bars"].forEach((table, i) => {
    if (places[i]! >= 0) add(table, places[i]!);
  });
  for (const lag of lags) {
    if (lag > t) continue;
    const reach = radius[lag <= 16 ? 0 : 1];
    for (const { distance, state } of notes(piece.frames[t - lag]!)) {
      if (Math.abs(distance) <= reach) {
        add(`lag_${lag}`, state * (2 * reach + 1) + distance + reach);
      }
      if (lag <= 16) add(`lag_${lag}_folded`, state * 12 + modulo(distance, 12));
    }
  }
  add("polyphony", Math.min(9, piece.frames[t - 1]!.length));
  const echoRows = states * 25 + 1;
  const echo = (source: number, row: number, transpose = 0) => {
    if (source < 0) return;
    add("echo", row * echoRows + echoRows - 1);
    for (const note of notes(piece.frames[source]!)) {
      const { state } = note, distance = note.distance - transpose;
      if (Math.abs(distance) <= 12) add("echo", row * echoRows + state * 25 + distance + 12);
    }
  };
  echo(echoes.equal, equalClass(echoes.equalFrames));
  echo(echoes.similar, 8 + similarClass(echoes.similarity));
  addPlan(planned.reader.at(t)!, planned.groups, p + layout.lowest, add, echo);
  notes(piece.frames[t]!).forEach(({ distance, state }, rank) => {
    if (distance <= 0) return;
    add("rank", Math.min(7, rank));
    if (distance <= 48) add("below", state * 48 + distance - 1);
    add("below_folded", state * 12 + (distance - 1) % 12);
  });

  const past = Array.from({ length: Math.min(128, t) }, (_, i) => notes(piece.frames[t - 1 - i]!));
  const own = past.map((frame) => frame.some(({ distance }) => distance === 0));
  if (own.includes(true)) {
    add("count", bucket(own.filter((sounds) => sounds).length));
    add("since", bucket(own.indexOf(true) + 1));
    const age = own.includes(false) ? own.indexOf(false) : own.length;
    if (age > 0) add("age", bucket(age));
  }
  [8, 32, 128].forEach((horizon, h) => {
    const frames = past.slice(0, horizon);
    for (const { distance } of frames.flat()) {
      add("profile", 12 * h + modulo(distance, 12), 1 / frames.length);
    }
  });
  return seen;
}

function logits(
  { width, layers, states, pitches }: Layout,
  offsets: ReadonlyMap<string, number>,
  numbers: Float64Array,
  seen: Seen,
  p: number,
): number[] {
  const z = new Float64Array(width);
  for (const [at, coefficient] of seen) {
    for (let i = 0; i < width; i++) z[i]! += coefficient * numbers[at + i]!;
  }
  let sum = z.map((value) => Math.max(0, value));
  for (let layer = 1; layer <= layers; layer++) {
    const kernel = offsets.get(`dense_${layer}/kernel`)!,
      bias = offsets.get(`dense_${layer}/bias`)!;
    sum = sum.map((value, j) => {
      let total = numbers[bias + j]!;
      for (let i = 0; i < width; i++) total += sum[i]! * numbers[kernel + i * width + j]!;
      return value + Math.max(0, total);
    });
  }
  const kernel = offsets.get("head/kernel")!, bias = offsets.get("head/bias")!;
  return Array.from({ length: states }, (_, state) =>
    sum.reduce(
      (total, value, i) => total + value * numbers[kernel + state * width + i]!,
      numbers[bias + state * pitches + p]!,
    ));
}

function addPlan(
  said: PlannedFrame,
  groups: number,
  pitch: number,
  add: (table: string, row: number) => void,
  echo: (source: number, row: number, transpose: number) => void,
): void {
  if (groups & 1) echo(said.likeFrame, 16 + said.likeKind, said.transpose);
  const tables: [group: number, table: string][] = [
    [2, "plan_notes"],
    [2, "plan_low"],
    [2, "plan_high"],
    [2, "plan_onsets"],
    [2, "plan_register"],
    [8, "plan_step_onsets"],
    [32, "plan_bars_so_far"],
    [32, "plan_bars_left"],
  ];
  tables.forEach(([group, table], i) => {
    if (groups & group && said.rows[i]! >= 0) add(table, said.rows[i]!);
  });
  for (let c = 0; groups & 4 && c < 12; c++) {
    if (said.halfClasses >> c & 1) add("plan_classes", modulo(pitch - c, 12));
    if (said.barClasses >> c & 1) add("plan_classes", 12 + modulo(pitch - c, 12));
  }
  if (groups & 64 && said.chords) {
    const tables = ["chord_root", "chord_quality", "chord_bass"];
    [...tables, "next_root", "next_quality", "next_bass"].forEach((table, i) => {
      const tone = said.chords!.tones[i];
      if (tone) add(table, tone.row + modulo(pitch - tone.from, 12));
    });
    ["chord_since", "chord_left"].forEach((table, i) => {
      if (said.chords!.times[i]! >= 0) add(table, said.chords!.times[i]!);
    });
  }
  [said.top, said.bottom].forEach((outline, i) => {
    const distance = pitch - outline;
    if (!(groups & 16) || outline < 0 || Math.abs(distance) > 18) return;
    add("plan_outline", 37 * i + distance + 18);
  });
}

/** 1, 2, 3–4, 5–8, 9–16, 17–32, 33–64 and more equal frames. */
export function equalClass(frames: number): number {
  return [1, 2, 4, 8, 16, 32, 64, Infinity].findIndex((most) => frames <= most);
}

/** Eighths of similarity. */
export function similarClass(similarity: number): number {
  return Math.min(7, Math.floor(8 * similarity));
}

/** 0, 1, 2, 3, then 5–6, 7–8, 9–12, 13–16, … */
function bucket(n: number): number {
  const edges = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];
  return edges.findIndex((edge) => n <= edge);
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}
