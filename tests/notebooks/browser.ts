/** What tests need of a real browser, over the DevTools protocol of a headless Chromium. */
import { output } from "../../lib/cli/kernel.ts";
import {
  BrowserClosed,
  type Call,
  callsOver,
  connect,
  drain,
  PATIENCE_SECONDS,
  portOf,
} from "./protocol.ts";

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

/** Variable by which the files of a test run tell each other which Chromium was found. */
const FOUND = "TESTS_CHROMIUM";

/** Name of the Chromium that is installed and can show a page here, if there is one. */
export async function findChromium(): Promise<string | undefined> {
  const known = Deno.env.get(FOUND);
  if (known !== undefined) return known || undefined;
  const found = await tryChromium();
  Deno.env.set(FOUND, found ?? "");
  return found;
}

async function tryChromium(): Promise<string | undefined> {
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
  /** Opens another tab in front of it, with the same page. */
  hide(): Promise<BrowserPage>;
}

/** A page of Chromium. */
export interface ChromiumPage extends BrowserPage {
  /** Gives the page another size, in pixels. */
  resize(width: number, height: number): Promise<void>;
  /** Its controls, as a screen reader is told of them. */
  controls(): Promise<{ readonly role: string; readonly name: string }[]>;
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
  const others: WebSocket[] = [];
  let drained: Promise<void> | undefined, socket: WebSocket | undefined;
  const close = async () => {
    clearTimeout(patience);
    for (const one of [socket, ...others]) one?.close();
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
    const hide = async () => {
      const address = `http://127.0.0.1:${port}/json/new?${encodeURI(url)}`;
      const other = await (await fetch(address, { method: "PUT" })).json();
      await page.until("document.hidden");
      const own = await connect(other.webSocketDebuggerUrl);
      others.push(own);
      return chromiumPage(callsOver(own), hide);
    };
    const page: ChromiumPage = chromiumPage(callsOver(socket), hide);
    return { page, close };
  } catch (error) {
    await close();
    if (start === STARTS) throw error;
    return await openBrowser(chromium, url, start + 1);
  }
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

/** A page in which expressions can be evaluated. */
export function pageOf(
  evaluate: BrowserPage["evaluate"],
  screenshot: BrowserPage["screenshot"],
  hide: BrowserPage["hide"],
): BrowserPage {
  return {
    evaluate,
    screenshot,
    hide,
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

/** Roles of what a person can press, move, choose or fill in. */
const CONTROLS =
  /^(button|checkbox|combobox|link|radio|searchbox|slider|spinbutton|tab|textbox|switch)/i;

function chromiumPage(call: Call, hide: BrowserPage["hide"]): ChromiumPage {
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
    hide,
  );
  const resize = (width: number, height: number) =>
    call("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  const controls = async () => {
    const { nodes } = await call("Accessibility.getFullAXTree");
    type Node = Record<"role" | "name", { readonly value: string } | undefined> & {
      ignored: boolean;
    };
    return (nodes as Node[])
      .map(({ ignored, role, name }) => ({
        ignored,
        role: role?.value ?? "",
        name: name?.value ?? "",
      }))
      .filter(({ ignored, role }) => !ignored && CONTROLS.test(role));
  };
  return { ...page, resize, controls };
}
