import type { CorpusStyle } from "../../corpus/corpus.ts";
import { changeNotes } from "../../midi/edit.ts";
import type { ByPitch } from "../../model/model.ts";
import type { Sampling } from "../../model/sampling.ts";
import { type BarRange, barRangeText } from "../../tokens/bar_range.ts";
import { slice } from "../../tokens/excerpt.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";
import type { PlacedMusic } from "../../tokens/placed.ts";
import type { BarPlan, Plan, PlanOfPiece } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { type Objections, objectionsOf, type TermMeans, whyKept } from "../judge/choice.ts";
import type { CopyFinder } from "../judge/copies.ts";
import type { ChangeRecipe, Scope } from "../recipe.ts";
import { chooseFilling } from "./choose.ts";
import { type ChangeChords, chordPlan, symbolsFor } from "./chords.ts";
import { fillChange, plansForChange } from "./fill.ts";
import { newNotes, touchNear } from "./new_notes.ts";
import type { Drawing, Filling } from "./particles.ts";
import type { Prepared } from "./prepare.ts";
import type { ChangeSource } from "./source.ts";

/** A requested change: the notes to be replaced, the model, and its settings. */
export interface ChangeAsked {
  readonly model: ChangeRecipe["model"];
  readonly style?: number;
  /** Bars to change; undefined: all. */
  readonly range: BarRange | undefined;
  readonly scope: Scope;
  readonly sampling: Sampling;
  /** Fillings sampled at once; undefined: the fewer, the longer the bars are. */
  readonly candidates: number | undefined;
  readonly mostCopied: number;
  readonly seed: number;
  /** Expressiveness of new notes; undefined: that of the notes near them. */
  readonly touch: number | undefined;
  /** Chords to which the bars are held, and whether the file's symbols are others. */
  readonly chords?: (ChangeChords & { readonly areNew: boolean }) | undefined;
}

/** Frames sampled at once in total, and the least and the usual number of fillings. */
const FRAMES_AT_ONCE = 8000, LEAST_FILLINGS = 12, USUAL_FILLINGS = 48;

/**
 * The recipe of a requested change, with plans for its bars.
 * @param others plans of the corpus
 */
export function changeRecipe(
  { range, scope, candidates, touch, chords, ...asked }: ChangeAsked,
  prepared: Prepared,
  source: ChangeSource,
  others: readonly PlanOfPiece[],
  grid: Grid,
): ChangeRecipe {
  const usual = Math.round(FRAMES_AT_ONCE / Math.max(1, prepared.constraints.length));
  return {
    kind: "recipe of a change",
    formatVersion: 1,
    ...asked,
    source: { name: source.name, midi: source.bytes.toBase64() },
    range: range ?? null,
    scope,
    plans: plansForChange(prepared, scope, others, grid, asked.seed, chords),
    ...(chords?.areNew ? { newChords: true } : {}),
    form: formOf(scope, range, source.name) + (chords ? ", to chords" : ""),
    candidates: candidates ?? Math.min(USUAL_FILLINGS, Math.max(LEAST_FILLINGS, usual)),
    touch: touch ?? touchNear(source.placed, prepared),
    midi: "",
  };
}

/** A changed file. */
interface ChangedMusic extends Objections {
  /** The MIDI file. */
  readonly bytes: Uint8Array;
  readonly piece: Piece;
  /** The plan of the changed piece. */
  readonly plan: Plan;
  /** Number of fillings, and frames in each. */
  readonly candidates: number;
  readonly frames: number;
  /** The terms by which this filling was chosen. */
  readonly why: readonly TermMeans[];
}

/** A model that can change music, and what is known of its corpus. */
export interface ChangePlayer {
  readonly model: { readonly byPitch: ByPitch };
  readonly style: CorpusStyle;
  readonly copies: CopyFinder | undefined;
}

/**
 * Makes the change in a recipe: samples fillings, keeps the best one that is new, and writes its
 * notes in place of the removed ones.
 * @throws {Error} with the reason if the file is damaged
 */
export async function makeChange(
  { model: { byPitch }, style, copies }: ChangePlayer,
  recipe: ChangeRecipe,
  prepared: Prepared,
  source: ChangeSource,
  onFrame?: Drawing["onFrame"],
): Promise<ChangedMusic> {
  const { scope, sampling, seed, mostCopied } = recipe, { tokenize: { grid } } = style;
  const isChange = prepared.removed.size > 0 || scope.kind !== "share";
  const drawing = { particles: isChange ? recipe.candidates : 1, sampling, seed, onFrame };
  const fillings = isChange
    ? await fillChange(byPitch, prepared, recipe.plans, grid, drawing)
    : [unchanged(prepared)];
  const copying = { copies, mostCopied }, plan = chordPlan(recipe, prepared);
  const choice = chooseFilling(fillings, prepared, scope, copying, grid, plan);
  return {
    ...written(recipe, source, prepared, fillings[choice.best]!, style),
    ...objectionsOf(choice),
    why: whyKept([choice]),
    candidates: fillings.length,
    frames: prepared.constraints.length,
  };
}

function unchanged({ was, from, end }: Prepared): Filling {
  return { frames: was.frames.slice(from, end), hypothesis: 0, logWeights: [], continuation: 0 };
}

function written(
  recipe: ChangeRecipe,
  source: ChangeSource,
  prepared: Prepared,
  filling: Filling,
  style: CorpusStyle,
): Pick<ChangedMusic, "bytes" | "piece" | "plan"> {
  const { kept, was, from, end, fromBar, endBar, removed } = prepared, { grid } = style.tokenize;
  const { scope, touch, plans, newChords } = recipe, { name, bytes, music, placed } = source;
  const chords = newChords ? symbolsFor(recipe, prepared, source) : [];
  const ownTrack = trackFor(scope, bytes, placed);
  const added = scope.kind === "share" && removed.size === 0 ? [] : newNotes(
    filling.frames,
    prepared,
    { music, placed, scope, grid, touch, style, ownTrack },
  );
  const trackName = scope.kind === "accompaniment" ? "Melody" : "Accompaniment";
  const plan = planOf(was, grid);
  return {
    bytes: edited(
      name,
      () => changeNotes(bytes, placed.all, { removed, added, trackName, chords }),
    ),
    ...fromFirstNote({
      ...kept,
      frames: [...kept.frames.slice(0, from), ...filling.frames, ...kept.frames.slice(end)],
    }, {
      ...plan,
      bars: [
        ...plan.bars.slice(0, fromBar),
        ...plans[filling.hypothesis]!.bars.map((bar) => likeEarlier(bar, endBar)),
        ...plan.bars.slice(endBar),
      ],
    }),
  };
}

/** A piece and its plan without the rests before an upbeat, so that its bars are numbered as in print. */
export function fromFirstNote(piece: Piece, plan: Plan): { piece: Piece; plan: Plan } {
  const rests = piece.frames.findIndex((frame) => frame.length > 0), [first] = plan.bars;
  if (rests <= 0 || !first || rests >= first.frames) return { piece, plan };
  const bars = plan.bars.with(0, { ...first, frames: first.frames - rests });
  return { piece: slice(piece, rests), plan: { ...plan, bars } };
}

function edited(name: string, edit: () => Uint8Array): Uint8Array {
  try {
    return edit();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot change ${name}: ${reason}`, { cause });
  }
}

/** A bar's plan limited to left-to-right reading: it can resemble only earlier bars. */
function likeEarlier(bar: BarPlan, endBar: number): BarPlan {
  return bar.like && bar.like.bar >= endBar ? { ...bar, like: null } : bar;
}

/** The new track for notes beside a fixed voice; undefined where the file can have none. */
function trackFor(scope: Scope, bytes: Uint8Array, { all }: PlacedMusic): number | undefined {
  if (scope.kind !== "melody" && scope.kind !== "accompaniment") return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(8) !== 1) return undefined;
  return Math.max(view.getUint16(10), ...all.map(({ track }) => track + 1));
}

/** Description of the change, in words. */
function formOf(scope: Scope, range: BarRange | undefined, name: string): string {
  const what = {
    all: "made anew",
    above: "made anew from a pitch on",
    below: "made anew below a pitch",
    track: "made anew in one track",
    share: "varied",
    melody: "made below the top line",
    accompaniment: "made above what is given",
  }[scope.kind];
  return `${range ? barRangeText(range) : "all bars"} of ${name}, ${what}`;
}
