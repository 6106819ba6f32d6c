/**
 * Main script of the page's worker: it receives the player's music, and sends the pulse, the answer
 * bar by bar, and the bars made anew. Each new request cancels the answer in progress.
 * @module
 */
import type { Framed } from "../tokens/piece.ts";
import type { AnswerWishes } from "./answer.ts";
import { answer, type AnswerBar, type BarsAsked, makeBars, Stopped } from "./engine.ts";
import { loadPagePlayer, type PagePlayer, unpackPageModel } from "./model.ts";
import { type Effort, Pace } from "./pace.ts";
import { heardPhrase, metreOf, type PlayedPhrase } from "./phrase.ts";
import type { Pulse } from "./pulse.ts";

/** Messages to the worker. */
export type ToPlayer =
  /** The packed model to be loaded; a MIDI file of which bars are going to be made anew. */
  | { readonly kind: "start"; readonly model: string; readonly piece?: Uint8Array | undefined }
  | HearMessage
  | { readonly kind: "stop" }
  | ({ readonly kind: "bars"; readonly id: number } & BarsAsked);

/** A phrase to be answered. */
export interface HearMessage extends PlayedPhrase {
  readonly kind: "hear";
  /** Identifier, repeated in all messages about the phrase. */
  readonly id: number;
  /** Factor by which the answer is slower than the phrase. */
  readonly slower: number;
  readonly wishes: Omit<AnswerWishes, "effort">;
  /** Whether a person is waiting. */
  readonly isUrgent: boolean;
  /** Effort of an answer that is made again; otherwise it depends on the machine's speed. */
  readonly effort?: Effort;
}

/** Messages from the worker. */
export type FromPlayer =
  | { readonly kind: "ready"; readonly backend: string }
  | {
    readonly kind: "heard";
    readonly id: number;
    readonly pulse: Pulse;
    /** Start of the answer in seconds. */
    readonly due: number;
    readonly key: string;
    /** Number of steps in the answer. */
    readonly steps: number;
    /** The music played so far, including the phrase, up to the answer. */
    readonly past: Framed;
    readonly effort: Effort;
  }
  | ({ readonly kind: "bar"; readonly id: number } & AnswerBar)
  | {
    readonly kind: "answered";
    readonly id: number;
    readonly recipe: object;
    readonly midi: Uint8Array;
  }
  | {
    readonly kind: "made";
    readonly id: number;
    readonly midi: Uint8Array;
    readonly recipe: object;
    readonly problems: readonly string[];
  }
  | { readonly kind: "failed"; readonly id?: number; readonly message: string };

const port = self as unknown as {
  onmessage: (event: MessageEvent<ToPlayer>) => void;
  postMessage: (message: FromPlayer) => void;
};
/**
 * Time in seconds within which the first bar of an answer should be sampled: while a person waits,
 * and ahead of a hand-over.
 */
const FIRST_BAR = { urgent: 0.06, ahead: 0.25 } as const;

/** Interval in milliseconds at which pending messages are processed: each time takes a while. */
const RESTS = 8;

/** Time in seconds within which bars should be made anew. */
const BARS_MADE = 1.2;

const pace = new Pace();
let loading: Promise<PagePlayer>, working: Promise<void> = Promise.resolve(), latest = 0;

port.onmessage = async ({ data }) => {
  const isLasting = data.kind === "bars", own = isLasting ? latest : ++latest;
  let rested = performance.now();
  /** Lets other messages in; a new request replaces this one, unless it is for bars. */
  const breathe = async () => {
    if (performance.now() < rested + RESTS) return;
    await rest();
    rested = performance.now();
    if (own !== latest && !isLasting) throw new Stopped();
  };
  try {
    if (data.kind === "start") {
      loading = unpackPageModel(data.model).then(loadPagePlayer);
      port.postMessage({ kind: "ready", backend: (await loading).backend });
    }
    // One after the other.
    const before = working;
    await (working = (async () => {
      await before.catch(() => {});
      if (own === latest || isLasting) await work(data, await loading, breathe);
    })());
  } catch (error) {
    if (error instanceof Stopped) return;
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "failed", id: "id" in data ? data.id : undefined, message });
  }
};

async function work(
  message: ToPlayer,
  player: PagePlayer,
  breathe: () => Promise<void>,
): Promise<void> {
  switch (message.kind) {
    case "start":
      return await warmUp(player, message.piece, breathe);
    case "hear":
      return await hear(message, player, breathe);
    case "bars": {
      const bars = message.last - message.first + 1, started = performance.now();
      const fillings = pace.fillingsWithin(BARS_MADE, bars);
      const made = await makeBars({ ...message, fillings }, player, breathe);
      pace.record(fillings * bars, (performance.now() - started) / 1000);
      return port.postMessage({ kind: "made", id: message.id, ...made });
    }
    case "stop":
  }
}

/**
 * Decodes the plans, finds their keys, and compiles what an answer needs, before there is a phrase.
 */
async function warmUp(
  player: PagePlayer,
  midi: Uint8Array | undefined,
  breathe: () => Promise<void>,
): Promise<void> {
  const notes = [60, 64, 67, 72, 67, 64, 60, 55].map((pitch, at) => ({
    ...{ pitch, velocity: 80, start: at / 2, end: at / 2 + 0.4 },
  }));
  const prior = { beatsPerMinute: player.style.beatsPerMinute, spread: 0.25 };
  const before = { frames: [], metres: [] }, { model } = player;
  const { past, phraseBars } = await heardPhrase(
    { notes, prior, earliest: 4, onBar: false, before },
    model.byPitch,
    model.grid,
    breathe,
  );
  const heard = {
    ...past,
    phraseBars,
    metre: { steps: 4 * model.grid.steps },
    beatsPerMinute: 120,
  };
  const wishes = {
    boldness: 0,
    follow: 0.5,
    chords: "",
    ends: false,
    effort: pace.effortWithin(0),
    seed: 1,
  } as const;
  await answer(heard, wishes, player, { onBar: () => {}, onFrame: breathe });
  if (!midi) return;
  const asked = { midi, name: "", first: 1, last: 1, distance: undefined, seed: 1, fillings: 2 };
  await makeBars(asked, player, breathe).catch(() => {}); // told when they are asked for
}

async function hear(
  message: HearMessage,
  player: PagePlayer,
  breathe: () => Promise<void>,
): Promise<void> {
  const { id, slower } = message, { grid, byPitch } = player.model;
  const { pulse, due, past, phraseBars } = await heardPhrase(message, byPitch, grid, breathe);
  const effort = message.effort ??
    pace.effortWithin(message.isUrgent ? FIRST_BAR.urgent : FIRST_BAR.ahead);
  const started = performance.now();
  const { stepsPerBar: steps, signature } = metreOf(pulse);
  const heard = {
    ...past,
    phraseBars,
    metre: { steps, ...(signature ? { signature } : {}) },
    beatsPerMinute: 60 / (pulse.step * grid.steps * slower),
  };
  const { recipe, midi } = await answer(heard, { ...message.wishes, effort }, player, {
    onPlan: (key, steps) =>
      port.postMessage({ kind: "heard", id, pulse, due, key, steps, past, effort }),
    onBar: (bar) => {
      port.postMessage({ kind: "bar", id, ...bar });
      if (bar.from > 0) return;
      pace.record(effort.plans + effort.candidates, (performance.now() - started) / 1000);
    },
    onFrame: breathe,
  });
  port.postMessage({ kind: "answered", id, recipe, midi });
}

/** Processes pending messages. */
function rest(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
