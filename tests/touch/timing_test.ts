import { assert, assertEquals } from "@std/assert";
import { gaussian, Random } from "../../lib/random.ts";
import type { Grid, Metre } from "../../lib/tokens/piece.ts";
import { featuresOf } from "../../lib/touch/features.ts";
import { applyTouch } from "../../lib/touch/perform.ts";
import {
  displacements,
  lengthRatios,
  pedalShares,
  periods,
  type TimingStyle,
  timingTable,
} from "../../lib/touch/timing.ts";
import { playedTiming, type TimedPiece, TimingLearner } from "../../lib/touch/timing_learner.ts";

const GRID: Grid = { unit: "beat", steps: 4, attacks: true };
const METRES: Metre[] = [{ frame: 0, stepsPerBar: 16, phase: 0, signature: [4, 4] }];
const SURE = { verdict: "none", agreement: 0.1, shift: 0 } as const;
const found = (sureness: number) => ({
  ...SURE,
  found: { sureness, beats: 99, perMinute: 100, bar: "4/4", quarters: 1 },
});

/**
 * A performance by a player with habits: slower on the last beat of a bar and while nothing else
 * is struck, basses 25 ms early, notes held for half of their length, pedal on first and third
 * beats.
 */
function performance(seed: number, more: Partial<TimedPiece> = {}, freedom = 1): TimedPiece {
  const random = new Random(seed), stepSeconds = new Float64Array(16 * 24 + 1);
  const stray = (deviation: number) => deviation * gaussian(random);
  let pace = 0;
  for (let step = 0; step + 1 < stepSeconds.length; step++) {
    if (step % 4 === 0) pace = freedom * ((step % 16 === 12 ? 0.2 : 0) + stray(0.03));
    stepSeconds[step + 1] = stepSeconds[step]! + 0.15 * Math.exp(pace);
  }
  const played: TimedPiece["played"][number][] = [], pedal: TimedPiece["pedal"][number][] = [];
  for (let step = 0; step + 4 < stepSeconds.length; step += 2 + 2 * random.below(2)) {
    const pitches = [76 + random.below(8), 60 + random.below(5), 40 + random.below(9)];
    for (const pitch of pitches.slice(0, 1 + random.below(3)).reverse()) {
      const end = step + 2 + random.below(3), at = stepSeconds[step]!;
      const seconds = at + (pitch < 50 ? -0.025 : 0) + stray(0.004);
      const endSeconds = seconds + 0.5 * (stepSeconds[end]! - at) * Math.exp(stray(0.1));
      played.push({
        pitch,
        start: step,
        end,
        velocity: 40 + random.below(40),
        seconds,
        endSeconds,
      });
    }
  }
  for (let step = 0; step + 8 < stepSeconds.length; step += 8) {
    pedal.push({ seconds: stepSeconds[step]! + 0.02, down: true });
    pedal.push({ seconds: stepSeconds[step + 4]!, down: false });
  }
  return { played, stepSeconds, pedal, metres: METRES, beats: found(2), ...more };
}

function learn(...pieces: TimedPiece[]): TimingStyle {
  const learner = new TimingLearner();
  for (const piece of pieces) {
    const table = timingTable(piece.played, featuresOf(piece.played, piece.metres, GRID));
    learner.add(piece, GRID);
    if (pieces.length < 4) continue;
    // more of the same, as pedal takes many pieces
    for (let i = 0; i < 7; i++) learner.addPlayed(table, playedTiming(piece, table.beats));
  }
  return learner.finish();
}

/** Mean absolute errors of a style's predictions on a performance. */
function errors(piece: TimedPiece, style?: TimingStyle): Record<keyof TimingStyle, number> {
  const table = timingTable(piece.played, featuresOf(piece.played, piece.metres, GRID));
  const actual = playedTiming(piece, table.beats);
  const of = (truth: Float64Array, told: Float64Array) => {
    const off = [...truth].map((value, i) => value - told[i]!).filter((one) => !isNaN(one));
    return off.reduce((sum, one) => sum + Math.abs(one), 0) / off.length;
  };
  return {
    tempo: of(actual.periods, periods(table, style)),
    onset: of(actual.displacements, displacements(table, style)),
    end: of(actual.boundedLengths, lengthRatios(table, style).map(Math.log)),
    pedal: of(actual.pedal, pedalShares(table, style)),
  };
}

Deno.test("A player's timing is learned from performances and predicted on others", () => {
  const unseen = performance(99), rules = errors(unseen);
  const one = errors(unseen, learn(performance(1)));
  const many = errors(unseen, learn(...[1, 2, 3, 4, 5, 6].map((seed) => performance(seed))));
  for (const part of ["tempo", "onset", "end", "pedal"] as const) {
    assert(one[part] <= rules[part], `${part}: ${one[part]} after one, ${rules[part]} by rules`);
    assert(many[part] < 0.6 * rules[part], `${part}: ${many[part]} of ${rules[part]}`);
  }
});

Deno.test("Only music with its player's timing teaches timing", () => {
  const onGrid = { verdict: "grid", agreement: 1, shift: 0 } as const, own = performance(1);
  const typed = own.played.map((note) => ({
    ...note,
    seconds: own.stepSeconds[note.start]!,
    endSeconds: own.stepSeconds[note.end]!,
  }));
  const flat = own.played.map((note) => ({ ...note, velocity: 80 }));
  assertEquals(learn(performance(1, { beats: onGrid, played: typed })), {});
  assertEquals(learn(performance(1, { played: flat })), {});
  assertEquals(learn(performance(1, { beats: found(1) })), {}, "beats found unsurely");
  assertEquals(learn(performance(1, { beats: { ...onGrid, verdict: "few" } })), {});
  const parts = (style: TimingStyle) => Object.keys(style);
  assertEquals(parts(learn(performance(1, { beats: onGrid }))), ["tempo", "onset", "end"]);
  const toClick = performance(1, { beats: onGrid, pedal: [] }, 0);
  assertEquals(parts(learn(toClick)), ["onset", "end"], "a click's tempo is no player's");
  assertEquals(learn(toClick, own).tempo!.pieces, 1);
});

Deno.test("Learned timing is heard in a performance, within bounds", () => {
  const style = learn(...[1, 2, 3, 4].map((seed) => performance(seed)));
  const notes = performance(5).played, ticksAt = (step: number) => 120 * step;
  const how = { grid: GRID, metres: METRES, ticksAt, ticksPerBeat: 480, beatsPerMinute: 100 };
  const touch = { ...how, velocity: 70, strength: 1, pedal: true } as const;
  const learned = { weights: {}, notes: 1, pieces: 1, timing: style };
  const { notes: played, tempos, pedal } = applyTouch(notes, { ...touch, style: learned });
  assertEquals(applyTouch(notes, { ...touch, style: learned }), { notes: played, tempos, pedal });
  const micros = (beat: number) =>
    tempos.findLast(({ ticks }) => ticks <= 480 * beat)!.microsecondsPerBeat;
  for (let bar = 4; bar < 16; bar++) assert(micros(4 * bar + 3) > 1.1 * micros(4 * bar + 1));
  const lead = notes.flatMap(({ pitch, start }, i) =>
    pitch < 50 && start > 0 ? [played[i]!.startTicks - 120 * start] : []
  );
  assert(lead.every((ticks) => ticks < -8 && ticks > -30), `basses early: ${lead}`);
  notes.forEach(({ end }, i) => assert(played[i]!.endTicks <= 120 * end - 30, "detached"));
  assert(played.every(({ startTicks }) => startTicks >= 0));
  const down = pedal.filter(({ down }) => down);
  const habitual = down.filter(({ ticks }) => ticks % 960 < 480).length;
  assert(habitual > 20 && habitual >= 0.8 * down.length, `${habitual} of ${down.length} pedals`);
});
