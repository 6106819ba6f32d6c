/**
 * Main script of the page's worker: it receives the player's music, and sends the pulse, the answer
 * bar by bar, and the bars made anew. Each new request cancels the answer in progress.
 * @module
 */
import type { Framed } from "../tokens/piece.ts";
import type { AnswerWishes } from "./answer.ts";
import { answer, type AnswerBar, type BarsAsked, makeBars, Stopped } from "./engine.ts";
import { loadPagePlayer, type PagePlayer, unpackPageModel } from "./model.ts";
import { heardPhrase, metreOf, type PlayedPhrase } from "./phrase.ts";
import type { Pulse } from "./pulse.ts";

/** Messages to the worker. */
export type ToPlayer =
  | { readonly kind: "start"; readonly model: string; readonly simd?: "plain" }
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
  readonly wishes: AnswerWishes;
}

/** Messages from the worker. */
export type FromPlayer =
  | { readonly kind: "ready"; readonly backend: string; readonly beatsPerMinute: number }
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
let player: PagePlayer;
let latest = 0;

port.onmessage = async ({ data }) => {
  const own = ++latest, id = "id" in data ? data.id : undefined;
  /** Lets other messages in; a new request replaces this one. */
  const breathe = async () => {
    await rest();
    if (own !== latest) throw new Stopped();
  };
  try {
    switch (data.kind) {
      case "start": {
        player = await loadPagePlayer(await unpackPageModel(data.model), data.simd);
        const { backend, style: { beatsPerMinute } } = player;
        port.postMessage({ kind: "ready", backend, beatsPerMinute });
        return await warmUp(breathe);
      }
      case "hear":
        return await hear(data, breathe);
      case "bars":
        return port.postMessage({
          kind: "made",
          id: data.id,
          ...await makeBars(data, player, breathe),
        });
      case "stop":
    }
  } catch (error) {
    if (error instanceof Stopped) return;
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "failed", id, message });
  }
};

/** Compiles what an answer needs, and finds the keys of all plans, before there is a phrase. */
async function warmUp(breathe: () => Promise<void>): Promise<void> {
  const notes = [60, 64, 67, 72, 67, 64, 60, 55].map((pitch, at) => ({
    ...{ pitch, velocity: 80, start: at / 2, end: at / 2 + 0.4 },
  }));
  const prior = { beatsPerMinute: player.style.beatsPerMinute, spread: 1 };
  const before = { frames: [], metres: [] }, { model } = player;
  const { past, phraseBars } = heardPhrase(
    { notes, prior, earliest: 4, onBar: false, before },
    model.byPitch,
    model.grid,
  );
  await breathe();
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
    isUrgent: true,
    seed: 1,
  } as const;
  await answer(heard, wishes, player, { onBar: () => {}, onFrame: breathe });
}

async function hear(message: HearMessage, breathe: () => Promise<void>): Promise<void> {
  const { id, wishes, slower } = message, { grid } = player.model;
  const { pulse, due, past, phraseBars } = heardPhrase(message, player.model.byPitch, grid);
  await breathe();
  const { stepsPerBar: steps, signature } = metreOf(pulse);
  const heard = {
    ...past,
    phraseBars,
    metre: { steps, ...(signature ? { signature } : {}) },
    beatsPerMinute: 60 / (pulse.step * grid.steps * slower),
  };
  const { recipe, midi } = await answer(heard, wishes, player, {
    onPlan: (key, steps) => port.postMessage({ kind: "heard", id, pulse, due, key, steps, past }),
    onBar: (bar) => port.postMessage({ kind: "bar", id, ...bar }),
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
