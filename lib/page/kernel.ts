/// <reference lib="dom" />
/**
 * Connection of a notebook's page to its kernel, over the Jupyter server's own interface, which
 * JupyterLab and the classic notebook have in common.
 * @module
 */
import { newId } from "./bytes.ts";

/** Message from a kernel about code that it runs. */
export interface KernelMessage {
  readonly type: string;
  // deno-lint-ignore no-explicit-any -- depends on the type
  readonly content: any;
}

interface Server {
  /** URL with a slash at its end. */
  readonly base: string;
  readonly token: string;
  /** The page's only kernel, where the page says which. */
  readonly kernel?: string;
}

/** Server of this page; undefined where there is none, such as in a file or in VS Code. */
function serverOf(): Server | undefined {
  if (!/^https?:/.test(location.protocol)) return undefined;
  const config = document.getElementById("jupyter-config-data")?.textContent;
  if (config) {
    const { baseUrl, token = "" } = JSON.parse(config);
    return { base: new URL(baseUrl, location.href).href, token };
  }
  const { baseUrl, jupyterApiToken: token = "" } = document.body.dataset;
  if (baseUrl === undefined) return undefined;
  const { Jupyter } = globalThis as unknown as {
    Jupyter?: { notebook?: { kernel?: { id?: string } } };
  };
  return {
    base: new URL(baseUrl, location.href).href,
    token,
    kernel: Jupyter?.notebook?.kernel?.id,
  };
}

/** Whether a page belongs to a notebook whose kernel can be reached. */
export function hasKernel(): boolean {
  return serverOf() !== undefined;
}

/** Time after the kernel's last report within which it sends the remaining outputs. */
const LATE_OUTPUTS_MILLISECONDS = 600;

/**
 * Runs code in the Deno kernels of this page's server. The code must act only in the kernel for
 * which it is meant; other kernels send no message.
 * @param onMessage is called with each message of the one that acts
 * @returns whether any did
 */
export async function runInKernel(
  code: string,
  onMessage: (message: KernelMessage) => void,
): Promise<boolean> {
  const server = serverOf();
  if (!server) return false;
  const ids = server.kernel ? [server.kernel] : await denoKernels(server);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let open = ids.length;
  if (open === 0) return false;
  for (const id of ids) {
    runIn(server, id, code, onMessage).catch(() => false).then((acted) => {
      if (acted || --open === 0) resolve(acted);
    });
  }
  return await promise;
}

async function denoKernels({ base, token }: Server): Promise<string[]> {
  const headers: HeadersInit = token ? { authorization: `token ${token}` } : {};
  const answer = await fetch(`${base}api/kernels`, { headers });
  const all: { readonly id: string; readonly name: string }[] = answer.ok
    ? await answer.json()
    : [];
  return all.filter(({ name }) => /deno/i.test(name)).map(({ id }) => id);
}

function runIn(
  { base, token }: Server,
  id: string,
  code: string,
  onMessage: (message: KernelMessage) => void,
): Promise<boolean> {
  const session = newId(), messageId = newId();
  const query = new URLSearchParams({ session_id: session, ...(token ? { token } : {}) });
  const socket = new WebSocket(`${base.replace(/^http/, "ws")}api/kernels/${id}/channels?${query}`);
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  let acted = false;
  socket.onopen = () =>
    socket.send(JSON.stringify({
      channel: "shell",
      header: {
        msg_id: messageId,
        msg_type: "execute_request",
        session,
        username: "",
        version: "5.3",
        date: new Date().toISOString(),
      },
      parent_header: {},
      metadata: {},
      buffers: [],
      content: {
        code,
        silent: false,
        store_history: false,
        user_expressions: {},
        allow_stdin: false,
      },
    }));
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") return;
    const { channel, parent_header: parent, header, content } = JSON.parse(data);
    if (channel !== "iopub" || parent?.msg_id !== messageId) return;
    if (header.msg_type === "status") {
      if (content.execution_state !== "idle") return;
      setTimeout(() => {
        socket.close();
        resolve(acted);
      }, LATE_OUTPUTS_MILLISECONDS);
    } else if (header.msg_type !== "execute_input") {
      acted = true;
      onMessage({ type: header.msg_type, content });
    }
  };
  socket.onclose = () => reject(new Error("The kernel is gone"));
  return promise;
}
