import { askedChange, changeSource, makeChange } from "../generate/change/make.ts";
import type { Scope } from "../generate/change/scope.ts";
import { sampleRecipe, writeRecipe } from "../generate/make.ts";
import { stepTiming } from "../generate/output.ts";
import type { ChangeRecipe, PieceRecipe } from "../generate/recipe.ts";
import { samplingDefaults } from "../model/sampling.ts";
import type { Frame } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import { keyName } from "../tokens/key.ts";
import { applyTouch } from "../touch/perform.ts";
import { answerRecipe, type AnswerWishes, type Heard } from "./answer.ts";
import type { PagePlayer } from "./model.ts";

/** A note of an answer, in steps from the answer's beginning; touch moves it off the grid. */
export interface AnswerNote {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
  readonly velocity: number;
}

/** A bar of an answer as soon as it is there. */
export interface AnswerBar {
  /** Its first step, from the answer's beginning, and the first after it. */
  readonly from: number;
  readonly to: number;
  /** Notes that begin in it. */
  readonly notes: readonly AnswerNote[];
}

/** An answer that is whole. */
export interface Answer {
  readonly frames: readonly Frame[];
  readonly recipe: PieceRecipe;
  /** Its MIDI file. */
  readonly midi: Uint8Array;
}

/** Thrown by a callback of an answer or a change that nobody waits for any more. */
export class Stopped extends Error {}

/** What is told of an answer on its way; either may throw {@linkcode Stopped}. */
export interface AnswerProgress {
  /** Before the first bar: the key, and how many steps there will be. */
  readonly onPlan?: (key: string, steps: number) => void;
  readonly onBar: (bar: AnswerBar) => void;
  /** After each frame. */
  readonly onFrame: () => Promise<void>;
}

/** Answers what was played, bar by bar. */
export async function answer(
  heard: Heard,
  wishes: AnswerWishes,
  player: PagePlayer,
  { onPlan, onBar, onFrame }: AnswerProgress,
): Promise<Answer> {
  const { recipe, key } = answerRecipe(heard, wishes, player), { model, style } = player;
  onPlan?.(keyName(key), recipe.frames);
  let told = 0;
  const [frames] = await sampleRecipe(model, recipe, [recipe.seed], player, {
    onFrame,
    onBar: ([made]) => {
      onBar({ from: told, to: made!.length, notes: performed(made!, told, recipe, player) });
      told = made!.length;
    },
  });
  if (told === 0) {
    onBar({ from: 0, to: frames!.length, notes: performed(frames!, 0, recipe, player) });
  }
  const { bytes } = writeRecipe(recipe, frames!, style, "answer");
  return { frames: frames!, recipe, midi: bytes };
}

/** The notes that begin from a step on, with touch. */
function performed(
  frames: readonly Frame[],
  from: number,
  { beatsPerMinute, velocity, touch, start }: PieceRecipe,
  { model: { grid }, style }: PagePlayer,
): AnswerNote[] {
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

/** What of a MIDI file is to be made anew. */
export interface BarsAsked {
  readonly midi: Uint8Array;
  /** What it is called. */
  readonly name: string;
  /** Bars, from 1, both included. */
  readonly first: number;
  readonly last: number;
  /** Whether all notes are made anew, or this share of them, above 0 to 1. */
  readonly distance: number | undefined;
  readonly seed: number;
}

/** Fillings that are sampled at once: fewer than `generate` does, since a person waits. */
const FILLINGS = 16;

/** A file with some bars made anew, and the recipe that makes them again. */
export interface BarsMade {
  readonly midi: Uint8Array;
  readonly recipe: ChangeRecipe;
  /** What speaks against it, in words. */
  readonly problems: readonly string[];
}

/** Makes bars of a MIDI file anew; all others keep their bytes. @throws {Error} if it has no such bars */
export async function makeBars(
  { midi, name, first, last, distance, seed }: BarsAsked,
  player: PagePlayer,
  onFrame?: () => Promise<void>,
): Promise<BarsMade> {
  const { model, style, plans, copies } = player;
  const source = changeSource(name, midi, style.tokenize);
  const scope: Scope = distance === undefined ? { kind: "all" } : { kind: "share", distance, seed };
  const change = askedChange(
    {
      model: player.name,
      range: { first, last },
      scope,
      sampling: { ...samplingDefaults.planned, rules: [] },
      candidates: FILLINGS,
      mostCopied: 6,
      seed,
      touch: undefined,
    },
    source,
    plans,
    style,
  );
  const { bytes, problems } = await makeChange(
    model.byPitch,
    change,
    source,
    style,
    copies,
    onFrame,
  );
  return { midi: bytes, recipe: change.recipe, problems };
}
