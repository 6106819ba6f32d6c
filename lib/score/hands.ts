import type { TimedNote } from "../midi/music.ts";
import { type BeamState, cheapestPath } from "./beam_search.ts";

/** The hand that plays a note. */
export type Hand = "right" | "left";

/** Widest reach of a hand in semitones: a tenth. */
const REACH = 16;

/** Costs of a division of the notes, which are added. */
const COSTS = {
  /** Per semitone beyond a tenth. */
  beyondReach: 12,
  /** Per semitone beyond an octave in a simultaneous stretch. */
  stretch: 5,
  /** Per semitone of a hand's motion from its recent notes. */
  motion: 0.06,
  /** Per semitone by which the gap between the hands is below an octave. */
  crowded: 0.1,
  /** Per semitone by which the hands cross. */
  crossing: 26,
  /** Per semitone beyond the usual boundary between the hands. */
  register: 0.085,
  /** Per semitone beyond a tenth to notes still held: the pedal may hold them. */
  heldReach: 0.3,
  /** Per note beyond five struck by one hand. */
  fingers: 8,
  /** Per note that a hand still holds while striking others. */
  holding: 7.7,
  /** For notes less than a fourth apart struck together by different hands. */
  torn: 1,
  /** For one hand playing everything after both were playing. */
  alone: 2,
} as const;

const FOURTH = 5;

/** Usual boundary of the hands: the E above middle C is the lowest tune, the C the highest bass. */
const USUAL = 61;

/** Beam width: states kept at each onset. */
const BEAM_WIDTH = 48;

/** Beats after which a hand's previous position has no influence. */
const MEMORY = 2;

interface Place {
  readonly low: number;
  readonly high: number;
  /** Time of the last onset. */
  readonly at: number;
}

/** Beam state with the number of the left hand's notes: the lowest ones. */
interface HandsState extends BeamState<HandsState> {
  readonly hands: readonly [left: Place, right: Place];
  /** Held notes per hand. */
  readonly held: readonly [left: readonly TimedNote[], right: readonly TimedNote[]];
}

/**
 * Divides notes between two hands: at each onset the lower ones belong to the left hand, such that
 * neither hand reaches further than a tenth, both move little, the gap between them is wide, and
 * they do not cross. The best division of the piece is found by a beam search. (The costs follow
 * piano fingering models, Parncutt et al. 1997; figures tuned on the starter music and on scores
 * with a part for each staff.)
 * @param notes by start, then pitch
 */
export function splitHands(notes: readonly TimedNote[]): Hand[] {
  const free: Place = { low: NaN, high: NaN, at: -Infinity };
  const none = { cost: 0, count: 0, before: undefined };
  const start: HandsState = { ...none, hands: [free, free], held: [[], []] };
  return cheapestPath(notes, start, BEAM_WIDTH, extend).flatMap(({ struck, count }) =>
    struck.map((_, note): Hand => note < count ? "left" : "right")
  );
}

function extend(state: HandsState, struck: readonly TimedNote[], left: number): HandsState {
  const now = struck[0]!.start;
  const sides = [struck.slice(0, left), struck.slice(left)] as const;
  let cost = state.cost;
  const held = [0, 1].map((side) => state.held[side]!.filter((note) => note.end > now));
  const hands = [0, 1].map((side): Place => {
    const own = sides[side]!, before = state.hands[side]!;
    if (own.length === 0) return before;
    const low = own[0]!.pitch, high = own.at(-1)!.pitch;
    const pitches = [...held[side]!, ...own].map(({ pitch }) => pitch);
    const span = Math.max(...pitches) - Math.min(...pitches), strikes = high - low;
    cost += COSTS.beyondReach * Math.max(0, strikes - REACH) +
      COSTS.heldReach * Math.max(0, span - REACH) + COSTS.stretch * Math.max(0, strikes - 12) +
      COSTS.fingers * Math.max(0, own.length - 5) + COSTS.holding * held[side]!.length;
    if (before.at > -Infinity) {
      const moved = Math.abs((low + high) / 2 - (before.low + before.high) / 2);
      cost += COSTS.motion * moved * Math.exp(-(now - before.at) / MEMORY);
    }
    const middle = (low + high) / 2;
    cost += COSTS.register * Math.max(0, side === 0 ? middle - USUAL : USUAL - middle);
    return { low, high, at: now };
  });
  if (left > 0 && left < struck.length) {
    const apart = struck[left]!.pitch - struck[left - 1]!.pitch;
    if (apart < FOURTH) cost += COSTS.torn;
  }
  const [leftHand, rightHand] = hands as [Place, Place];
  const recent = ({ at }: Place) => Math.exp(-(now - at) / MEMORY);
  if (leftHand.at > -Infinity && rightHand.at > -Infinity) {
    const gap = rightHand.low - leftHand.high;
    const weight = Math.min(recent(leftHand), recent(rightHand));
    cost += weight *
      (COSTS.crowded * Math.min(12, Math.max(0, 12 - gap)) + COSTS.crossing * Math.max(0, -gap));
    if (sides.some((own) => own.length === 0)) cost += COSTS.alone * weight;
  }
  return {
    cost,
    count: left,
    before: state,
    hands: [leftHand, rightHand],
    held: [[...held[0]!, ...sides[0]], [...held[1]!, ...sides[1]]],
  };
}
