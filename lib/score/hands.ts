import { cheapestWay, type Way } from "./ways.ts";

/** Which hand plays a note. */
export type Hand = "right" | "left";

/** The widest that a hand reaches, in semitones: a tenth. */
const REACH = 16;

/** What speaks against a division of the notes, in costs that add up. */
const COSTS = {
  /** Per semitone beyond a tenth. */
  beyondReach: 12,
  /** Per semitone beyond an octave that it strikes at once. */
  stretch: 5,
  /** Per semitone that a hand moves, of what it played a moment ago. */
  motion: 0.06,
  /** Per semitone that the gap between the hands is smaller than an octave. */
  crowded: 0.1,
  /** Per semitone that a hand is beyond the other. */
  crossing: 26,
  /** Per semitone that a hand is on the far side of the place where hands usually part. */
  register: 0.085,
  /** Per semitone beyond a tenth to notes that are still held: the pedal may hold them. */
  heldReach: 0.3,
  /** Per note beyond five that one hand strikes. */
  fingers: 8,
  /** Per note that a hand still holds while it strikes. */
  holding: 7.7,
  /** Notes that lie less than a fourth apart, struck together by different hands. */
  torn: 1,
  /** Both hands were playing, and now one plays everything. */
  alone: 2,
} as const;

const FOURTH = 5;

/** Where hands usually part: the E above middle C is the lowest tune, the C the highest bass. */
const USUAL = 61;

/** Ways that are kept at each moment. */
const WAYS = 48;

/** Beats after which a hand has forgotten where it was. */
const MEMORY = 2;

/** A note as far as hands are told from it, in beats. */
interface HandNote {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly low: number;
  readonly high: number;
  /** When it last struck. */
  readonly at: number;
}

/** Counts the left hand's notes: the lowest ones. */
interface HandsWay extends Way<HandsWay> {
  readonly hands: readonly [left: Place, right: Place];
  /** Notes still held, per hand. */
  readonly held: readonly [left: readonly HandNote[], right: readonly HandNote[]];
}

/**
 * Divides notes among two hands: at each moment the lower ones are the left hand's, so that no hand
 * must reach further than a tenth, both move little, the gap between them is wide, and neither
 * crosses the other. The best way through the piece is found by a beam search. (The costs follow
 * piano fingering models, Parncutt et al. 1997; figures
 * tuned on the starter music and on scores whose staves are parts of their own.)
 * @param notes by start, then pitch
 */
export function splitHands(notes: readonly HandNote[]): Hand[] {
  const free: Place = { low: NaN, high: NaN, at: -Infinity };
  const none = { cost: 0, count: 0, before: undefined };
  const start: HandsWay = { ...none, hands: [free, free], held: [[], []] };
  return cheapestWay(notes, start, WAYS, extend).flatMap(({ struck, count }) =>
    struck.map((_, note): Hand => note < count ? "left" : "right")
  );
}

function extend(way: HandsWay, struck: readonly HandNote[], left: number): HandsWay {
  const now = struck[0]!.start;
  const sides = [struck.slice(0, left), struck.slice(left)] as const;
  let cost = way.cost;
  const held = [0, 1].map((side) => way.held[side]!.filter((note) => note.end > now));
  const hands = [0, 1].map((side): Place => {
    const own = sides[side]!, before = way.hands[side]!;
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
    before: way,
    hands: [leftHand, rightHand],
    held: [[...held[0]!, ...sides[0]], [...held[1]!, ...sides[1]]],
  };
}
