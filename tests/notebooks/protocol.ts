/** Commands to a browser over its own protocol: DevTools or WebDriver BiDi. */

/** How long a page may need for anything, on a busy machine; a test that passes does not wait for it. */
export const PATIENCE_SECONDS = 240;

/** Port at which a browser says that it listens. */
export async function portOf(stderr: ReadableStreamDefaultReader<string>): Promise<number> {
  let said = "";
  for (;;) {
    const { value, done } = await stderr.read();
    if (done) throw new Error(`The browser ended: ${said}`);
    said += value;
    const [, port] = /ws:\/\/[^:]+:(\d+)[\/\n]/.exec(said) ?? [];
    if (port) return Number(port);
  }
}

/** Reads a stream to its end. */
export async function drain(stderr: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await stderr.read()).done);
}

export async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return socket;
}

/** Thrown when a browser ends before its page is closed. */
export class BrowserClosed extends Error {}

/** Sends a command of a browser's protocol and waits for its result. */
// deno-lint-ignore no-explicit-any -- what comes back depends on the method
export type Call = (method: string, params?: object) => Promise<any>;

/** Commands over a socket that numbers them, and what comes back; both protocols do so alike. */
export function callsOver(socket: WebSocket): Call {
  let calls = 0;
  // deno-lint-ignore no-explicit-any -- what comes back depends on the method
  const waiting = new Map<number, (result: any) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(result ?? { error });
    waiting.delete(id);
  };
  const gone = new Promise<never>((_, reject) => {
    socket.onclose = () => reject(new BrowserClosed("The browser closed the page"));
  });
  gone.catch(() => {}); // after the last call it closes without anybody minding
  return async (method, params = {}) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const why = new Error(`The browser did not answer ${method} in ${PATIENCE_SECONDS} s`);
    const timer = setTimeout(() => reject(why), 1000 * PATIENCE_SECONDS);
    const answer = new Promise((resolve) => {
      waiting.set(++calls, resolve);
      socket.send(JSON.stringify({ id: calls, method, params }));
    });
    return await Promise.race([gone, late, answer]).finally(() => clearTimeout(timer));
  };
}
