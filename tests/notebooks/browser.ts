/** What tests need of a real browser, over the DevTools protocol of a headless Chromium. */
import { output } from "../../lib/cli/kernel.ts";

/** How long a page may need for anything, on a busy machine; a test that passes does not wait for it. */
export const PATIENCE_SECONDS = 240;

// Who needs a proxy to the world needs none to this machine.
Deno.env.set("NO_PROXY", "127.0.0.1");

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage", // containers have little of it
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--mute-audio",
  "--remote-debugging-port=0",
  "--window-size=1200,900",
];

/** Name of the Chromium that is installed and can show a page here, if there is one. */
export async function findChromium(): Promise<string | undefined> {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    if (!(await output(name, ["--version"]))?.success) continue;
    try {
      await inBrowser(name, "data:text/html,<p>here</p>", (page) => page.until("document.body"));
      return name;
    } catch (error) {
      console.log(`${name} shows no page here: ${error}`);
    }
  }
  return undefined;
}

/** A page of a browser. */
export interface BrowserPage {
  /** The value of an expression in the page, promises awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page; fails with what it was about after a while. */
  until(expression: string): Promise<void>;
  /** A picture of the page as it is, to look at by hand. */
  screenshot(file: string): Promise<void>;
}

/** A page of Chromium. */
export interface ChromiumPage extends BrowserPage {
  /** Opens another tab in front of it. */
  hide(): Promise<void>;
  /** Gives the page another size, in pixels. */
  resize(width: number, height: number): Promise<void>;
}

/** Opens `url` in a browser of its own, which is gone when `work` is done. */
export async function inBrowser<T>(
  chromium: string,
  url: string,
  work: (page: ChromiumPage) => Promise<T>,
): Promise<T> {
  const { page, close } = await openBrowser(chromium, url);
  try {
    return await work(page);
  } finally {
    await close();
  }
}

/** So often a browser is started that ends before it has shown a page. */
const STARTS = 3;

async function openBrowser(
  chromium: string,
  url: string,
  start = 1,
): Promise<{ page: ChromiumPage; close: () => Promise<void> }> {
  const profile = await Deno.makeTempDir({ prefix: "chromium-" });
  const process = new Deno.Command(chromium, {
    args: [...FLAGS, `--user-data-dir=${profile}`, url],
    env: { HOME: profile }, // it writes there, too
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  // One that says nothing more is ended, and so counts as one that ended.
  const patience = setTimeout(() => process.kill("SIGKILL"), 1000 * PATIENCE_SECONDS);
  let drained: Promise<void> | undefined, socket: WebSocket | undefined;
  const close = async () => {
    clearTimeout(patience);
    socket?.close();
    try {
      process.kill("SIGKILL");
    } catch {
      // it is gone
    }
    await process.status;
    await (drained ?? drain(stderr));
    await Deno.remove(profile, { recursive: true }).catch(() => {});
  };
  try {
    const port = await portOf(stderr);
    clearTimeout(patience);
    drained = drain(stderr);
    socket = await connect(await targetOf(port));
    const page = {
      ...chromiumPage(callsOver(socket)),
      async hide() {
        const other = `http://127.0.0.1:${port}/json/new?about:blank`;
        await (await fetch(other, { method: "PUT" })).body?.cancel();
        await page.until("document.hidden");
      },
    };
    return { page, close };
  } catch (error) {
    await close();
    if (start === STARTS) throw error;
    return await openBrowser(chromium, url, start + 1);
  }
}

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

async function targetOf(port: number): Promise<string> {
  for (let tries = 0; tries < 10 * PATIENCE_SECONDS; tries++) {
    const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const page = targets.find(({ type }: { type: string }) => type === "page");
    if (page) return page.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Chromium opened no page");
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
class BrowserClosed extends Error {}

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

/** A page in which expressions can be evaluated. */
export function pageOf(
  evaluate: BrowserPage["evaluate"],
  screenshot: BrowserPage["screenshot"],
): BrowserPage {
  return {
    evaluate,
    screenshot,
    async until(expression) {
      const end = performance.now() + 1000 * PATIENCE_SECONDS;
      let failure: unknown;
      while (performance.now() < end) {
        const isTrue = await evaluate(`!!(${expression})`).catch((error) => {
          if (error instanceof BrowserClosed) throw error;
          failure = error;
        });
        if (isTrue) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(
        `In ${PATIENCE_SECONDS} s this did not become true in the page: ${expression}`,
        { cause: failure },
      );
    },
  };
}

function chromiumPage(call: Call): Omit<ChromiumPage, "hide"> {
  const page = pageOf(
    async <T>(expression: string): Promise<T> => {
      const { result, exceptionDetails } = await call("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
        userGesture: true,
      });
      if (exceptionDetails) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result?.value;
    },
    async (file) => {
      const { data } = await call("Page.captureScreenshot");
      await Deno.writeFile(file, Uint8Array.fromBase64(data));
    },
  );
  const resize = (width: number, height: number) =>
    call("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  return { ...page, resize };
}
