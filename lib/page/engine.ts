import type { PlayedNote } from "../midi/music.ts";
import { changeRecipe, makeChange } from "../generate/change/make.ts";
import { prepareChange } from "../generate/change/prepare.ts";
import { changeSource } from "../generate/change/source.ts";
import { sampleRecipe, writeRecipe } from "../generate/make.ts";
import { stepTiming } from "../generate/output.ts";
import type { ChangeRecipe, PieceRecipe, Scope } from "../generate/recipe.ts";
import { samplingDefaults } from "../model/sampling.ts";
import type { Frame } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import { keyName } from "../tokens/key.ts";
import { applyTouch } from "../touch/perform.ts";
import { answerRecipe, type AnswerWishes, type Heard } from "./answer.ts";
import type { PagePlayer } from "./model.ts";
import { MOST_FILLINGS } from "./pace.ts";

/** A completed bar of an answer. */
export interface AnswerBar {
  /** First step, from the answer's beginning, and the first one after it. */
  readonly from: number;
  readonly to: number;
  /**
   * Notes with onsets in the bar, in steps from the answer's beginning; expressive timing moves
   * them off the grid.
   */
  readonly notes: readonly PlayedNote[];
  readonly frames: readonly Frame[];
}

/** A complete answer. */
export interface Answer {
  readonly frames: readonly Frame[];
  readonly recipe: PieceRecipe;
  /** Its MIDI file. */
  readonly midi: Uint8Array;
}

/** Thrown by a callback of an answer or a change that is no longer needed. */
export class Stopped extends Error {}

/** Callbacks for an answer in progress; either may throw {@linkcode Stopped}. */
interface AnswerProgress {
  /** Called before the first bar with the key and the number of steps. */
  readonly onPlan?: (key: string, steps: number) => void;
  readonly onBar: (bar: AnswerBar) => void;
  /** Called after each frame. */
  readonly onFrame: () => Promise<void>;
}

/** Generates an answer, bar by bar. */
export async function answer(
  heard: Heard,
  wishes: AnswerWishes,
  player: PagePlayer,
  { onPlan, onBar, onFrame }: AnswerProgress,
): Promise<Answer> {
  const { recipe, key } = answerRecipe(heard, wishes, player), { model, style } = player;
  onPlan?.(keyName(key), recipe.frames);
  let told = 0;
  const tell = (made: readonly Frame[]) => {
    const notes = performed(made, told, recipe, player), frames = made.slice(told);
    onBar({ from: told, to: made.length, notes, frames });
    told = made.length;
  };
  const [frames] = await sampleRecipe(model, recipe, [recipe.seed], player, {
    onFrame,
    onBar: ([made]) => tell(made!),
  });
  if (told === 0) tell(frames!);
  const { bytes } = writeRecipe(recipe, frames!, style, "answer");
  return { frames: frames!, recipe, midi: bytes };
}

/** Notes with onsets from a step on, in expressive performance. */
function performed(
  frames: readonly Frame[],
  from: number,
  { beatsPerMinute, velocity, touch, start }: PieceRecipe,
  { model: { grid }, style }: PagePlayer,
): PlayedNote[] {
  const { ticksPerStep, ...timing } = stepTiming(grid, beatsPerMinute);
  const notes = decodeFrames(frames, grid.attacks), last = start.metres.at(-1)!;
  const { notes: played } = applyTouch(notes, {
    ...timing,
    grid,
    metres: [{ ...last, frame: 0, phase: 0 }],
    ticksAt: (step) => step * ticksPerStep,
    velocity,
    strength: touch,
    style: style.touch,
    pedal: false,
  });
  return played.flatMap(({ pitch, velocity, startTicks, endTicks }, index) =>
    notes[index]!.start < from
      ? []
      : [{ pitch, velocity, start: startTicks / ticksPerStep, end: endTicks / ticksPerStep }]
  );
}

/** A request to make bars of a MIDI file anew. */
export interface BarsAsked {
  readonly midi: Uint8Array;
  /** Name of the file. */
  readonly name: string;
  /** Positions of the first and last bar in the file, from 1, upbeat or not; inclusive. */
  readonly first: number;
  readonly last: number;
  /** Share of the notes made anew, above 0 to 1; undefined: all. */
  readonly distance: number | undefined;
  readonly seed: number;
  /** Fillings sampled at once. Default 16. */
  readonly fillings?: number;
}

/** A file with some bars made anew, and the recipe of the change. */
interface BarsMade {
  readonly midi: Uint8Array;
  readonly recipe: ChangeRecipe;
  /** Objections to it, in words. */
  readonly problems: readonly string[];
}

/**
 * Makes bars of a MIDI file anew; all others keep their bytes.
 * @throws {Error} if it has no such bars
 */
export async function makeBars(
  { midi, name, first, last, distance, seed, fillings = MOST_FILLINGS }: BarsAsked,
  player: PagePlayer,
  onFrame?: () => Promise<void>,
): Promise<BarsMade> {
  const { style, plans } = player;
  const source = changeSource(name, midi, style.tokenize);
  const scope: Scope = distance === undefined ? { kind: "all" } : { kind: "share", distance, seed };
  const before = source.placed.firstBar - 1, { grid } = style.tokenize;
  const range = { first: first + before, last: last + before };
  const prepared = prepareChange(source.placed, range, scope, grid, name);
  const asked = {
    model: player.name,
    range,
    scope,
    sampling: { ...samplingDefaults.planned, rules: [] },
    candidates: fillings,
    mostCopied: 6,
    seed,
    touch: undefined,
  };
  const recipe = changeRecipe(asked, prepared, source, plans, grid);
  const { bytes, problems } = await makeChange(player, recipe, prepared, source, onFrame);
  return { midi: bytes, recipe, problems };
}
