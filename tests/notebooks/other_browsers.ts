/** Pages in Firefox, over WebDriver BiDi, and in WebKitGTK, over WebDriver, where they are installed. */
import { output } from "../../lib/cli/kernel.ts";
import { type BrowserPage, pageOf } from "./browser.ts";
import { callsOver, connect, drain, PATIENCE_SECONDS, portOf } from "./protocol.ts";

/** Opens a page in a browser of its own, which is gone when `work` is done. */
export type InBrowser = <T>(url: string, work: (page: BrowserPage) => Promise<T>) => Promise<T>;

/** The browsers other than Chromium that can show a page here, by name. */
export async function otherBrowsers(): Promise<Map<string, InBrowser>> {
  const found = new Map<string, InBrowser>();
  for (const name of ["firefox", "firefox-esr"]) {
    if (found.size > 0 || !(await output(name, ["--version"]))?.success) continue;
    await tried(found, "Firefox", (url, work) => inFirefox(name, url, work));
  }
  const hasDriver = await output("WebKitWebDriver", ["--help"]) && await output("Xvfb", ["-help"]);
  const browser = hasDriver && await miniBrowser();
  if (browser) await tried(found, "WebKit", (url, work) => inWebKit(browser, url, work));
  return found;
}

async function tried(found: Map<string, InBrowser>, name: string, open: InBrowser): Promise<void> {
  try {
    await open("data:text/html,<p>here</p>", (page) => page.until("document.body"));
    found.set(name, open);
  } catch (error) {
    console.log(`${name} shows no page here: ${error}`);
  }
}

/** Ends a process that a test has started, and removes its folder. */
async function end(process: Deno.ChildProcess, folder: string): Promise<void> {
  try {
    process.kill("SIGKILL");
  } catch {
    // it is gone
  }
  await process.status;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

/** Firefox's preferences: nothing is fetched, and sound needs no click. */
const PREFERENCES = {
  "app.update.auto": false,
  "app.normandy.enabled": false,
  "media.autoplay.default": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
};

async function inFirefox<T>(
  name: string,
  url: string,
  work: (page: BrowserPage) => Promise<T>,
): Promise<T> {
  const profile = await Deno.makeTempDir({ prefix: "firefox-" });
  const lines = Object.entries(PREFERENCES).map(([key, value]) =>
    `user_pref(${JSON.stringify(key)}, ${value});`
  );
  await Deno.writeTextFile(`${profile}/user.js`, lines.join("\n"));
  const process = new Deno.Command(name, {
    args: ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
    env: { HOME: profile },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const patience = setTimeout(() => process.kill("SIGKILL"), 1000 * PATIENCE_SECONDS);
  let drained: Promise<void> | undefined, socket: WebSocket | undefined;
  try {
    const port = await portOf(stderr);
    drained = drain(stderr);
    socket = await connect(`ws://127.0.0.1:${port}/session`);
    const call = callsOver(socket);
    await call("session.new", { capabilities: {} });
    const { contexts: [{ context }] } = await call("browsingContext.getTree");
    await call("browsingContext.setViewport", { context, viewport: { width: 1200, height: 900 } });
    const openIn = async (context: string): Promise<BrowserPage> => {
      await call("browsingContext.navigate", { context, url, wait: "complete" });
      return pageOf(
        async (expression) => {
          const answer = await call("script.evaluate", {
            expression: inJson(expression),
            target: { context },
            awaitPromise: true,
            userActivation: true,
          });
          if (answer.type !== "success") throw new Error(textOf(answer));
          return JSON.parse(answer.result.value);
        },
        async (file) => {
          const { data } = await call("browsingContext.captureScreenshot", { context });
          await Deno.writeFile(file, Uint8Array.fromBase64(data));
        },
        async () => await openIn((await call("browsingContext.create", { type: "tab" })).context),
      );
    };
    return await work(await openIn(context));
  } finally {
    clearTimeout(patience);
    socket?.close();
    await end(process, profile);
    await (drained ?? drain(stderr));
  }
}

/** An expression whose value is awaited, and comes as text. */
function inJson(expression: string): string {
  return `(async () => JSON.stringify((await (${expression})) ?? null))()`;
}

function textOf(answer: { exceptionDetails?: { text: string }; error?: unknown }): string {
  return answer.exceptionDetails?.text ?? JSON.stringify(answer);
}

/** WebKitGTK's own browser. */
async function miniBrowser(): Promise<string | undefined> {
  for (const version of ["4.1", "6.0", "4.0"]) {
    for (const folder of ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]) {
      const path = `${folder}/webkit2gtk-${version}/MiniBrowser`;
      if (await Deno.stat(path).then(() => true, () => false)) return path;
    }
  }
  return undefined;
}

async function inWebKit<T>(
  binary: string,
  url: string,
  work: (page: BrowserPage) => Promise<T>,
): Promise<T> {
  const home = await Deno.makeTempDir({ prefix: "webkit-" });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 }), { port } = listener.addr;
  listener.close();
  const { display, close } = await openDisplay();
  const process = new Deno.Command("WebKitWebDriver", {
    args: [`--port=${port}`],
    env: { HOME: home, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" }, // for root
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(value?.message ?? JSON.stringify(value));
    return value;
  };
  let session: string | undefined;
  /** Opens the page in a window, which must be chosen before each use. */
  const openIn = async (handle: string): Promise<BrowserPage> => {
    const inIt = async (method: string, path: string, body?: object) => {
      await call("POST", `${session}/window`, { handle });
      return await call(method, `${session}/${path}`, body);
    };
    await inIt("POST", "url", { url });
    return pageOf(
      async (expression) => {
        const script = `const done = arguments[0];
          ${
          inJson(expression)
        }.then((text) => done([text]), (error) => done([null, String(error)]));`;
        const [text, error] = await inIt("POST", "execute/async", { script, args: [] });
        if (text === null) throw new Error(error);
        return JSON.parse(text);
      },
      async (file) => {
        await Deno.writeFile(file, Uint8Array.fromBase64(await inIt("GET", "screenshot")));
      },
      async () => await openIn((await inIt("POST", "window/new", { type: "tab" })).handle),
    );
  };
  try {
    await listening(() => call("GET", "/status"));
    const options = { binary, args: ["--automation"] };
    const { sessionId } = await call("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    session = `/session/${sessionId}`;
    await call("POST", `${session}/timeouts`, { script: 1000 * PATIENCE_SECONDS });
    return await work(await openIn(await call("GET", `${session}/window`)));
  } finally {
    if (session) await call("DELETE", session).catch(() => {}); // ends the browser, too
    await end(process, home);
    await close();
  }
}

/** Opens a screen in memory: WebKit has no headless mode. */
async function openDisplay(): Promise<{ display: string; close: () => Promise<void> }> {
  const xvfb = new Deno.Command("Xvfb", {
    args: ["-displayfd", "1", "-screen", "0", "1200x900x24", "-nolisten", "tcp"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stdout = xvfb.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await stdout.read();
  if (!value) throw new Error("Xvfb opened no screen");
  const close = async () => {
    xvfb.kill("SIGTERM");
    await drain(stdout);
    await xvfb.status;
  };
  return { display: `:${value.trim()}`, close };
}

/** Waits until a server answers. */
async function listening(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      return void await ask();
    } catch (error) {
      if (tries === 10 * PATIENCE_SECONDS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
