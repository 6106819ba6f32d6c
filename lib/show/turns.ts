/** A wait that can be polled and awaited. */
export interface Turns {
  /** Whether the wait is over. */
  readonly over: boolean;
  /** Resolves when the wait is over. */
  readonly ended: Promise<void>;
}

const TURN_MILLISECONDS = 10;

/**
 * Waits as long as this process needs for work that takes `milliseconds` on a quiet machine: it
 * counts turns of the event loop, which are slower on a busy processor or in a busy program. This
 * suits operations that give no sign when they are done.
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
