/** A wait whose end can be asked for. */
export interface Turns {
  /** Whether it is over. */
  readonly over: boolean;
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
}

const TURN_MILLISECONDS = 10;

/**
 * Waits as long as this process needs for what takes `milliseconds` on a quiet machine: it counts
 * turns of the event loop, which come later where the processor is busy or the program at work. So
 * it is for what has to be waited for but says nothing when it is done.
 */
export function turns(milliseconds: number): Turns {
  let left = Math.ceil(milliseconds / TURN_MILLISECONDS);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const turn = () => {
    if (left-- > 0) setTimeout(turn, TURN_MILLISECONDS);
    else resolve();
  };
  turn();
  return {
    ended,
    get over() {
      return left < 0;
    },
  };
}
