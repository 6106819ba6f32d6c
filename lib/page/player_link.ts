/// <reference lib="dom" />
import type { BarsAsked } from "./engine.ts";
import type { FromPlayer, ToPlayer } from "./worker.ts";

/** Connection of the page to its worker. */
export class PlayerLink {
  readonly #worker: Worker;
  readonly #problem: (text: string) => void;
  readonly #ready = Promise.withResolvers<string>();
  readonly #making = new Map<number, PromiseWithResolvers<Made>>();
  #listener: (message: FromPlayer) => void = () => {};
  #ids = 0;

  /** @param script of the worker; @param problem is called with errors */
  constructor(script: string, problem: (text: string) => void) {
    this.#problem = problem;
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = (event) => this.#failed(event.message);
  }

  /**
   * Loads the model.
   * @param piece MIDI file of which bars are going to be made anew, if there is one
   * @returns the description of its backend
   */
  start(model: string, piece?: Uint8Array): Promise<string> {
    this.send({ kind: "start", model, piece });
    return this.#ready.promise;
  }

  send(message: ToPlayer): void {
    this.#worker.postMessage(message);
  }

  /** Sets the listener for messages about phrases. */
  listen(listener: (message: FromPlayer) => void): void {
    this.#listener = listener;
  }

  /** Makes bars anew. */
  async make(asked: BarsAsked): Promise<Made> {
    await this.#ready.promise;
    const id = --this.#ids, made = Promise.withResolvers<Made>(); // the duet's ids count upwards
    this.#making.set(id, made);
    this.send({ kind: "bars", id, ...asked });
    return await made.promise;
  }

  #heard(message: FromPlayer): void {
    switch (message.kind) {
      case "ready":
        return this.#ready.resolve(message.backend);
      case "made":
        this.#making.get(message.id)?.resolve(message);
        return void this.#making.delete(message.id);
      case "failed":
        return this.#failed(message.message, message.id);
      default:
        this.#listener(message);
    }
  }

  #failed(reason: string, id?: number): void {
    const making = id === undefined ? undefined : this.#making.get(id);
    this.#making.delete(id ?? 0);
    if (making) making.reject(new Error(reason));
    else {
      this.#problem(reason);
      if (id !== undefined) this.#listener({ kind: "failed", id, message: reason });
    }
    this.#ready.reject(new Error(reason)); // without effect once it is ready
  }
}

/** The result of making bars anew. */
type Made = Extract<FromPlayer, { kind: "made" }>;
