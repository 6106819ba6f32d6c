import { basename, dirname, extname } from "node:path";
import { pageEncoder } from "../audio/encoder.ts";
import { pagePiano } from "../audio/page_piano.ts";
import { PIANO_CREDIT } from "../audio/samples.ts";
import { loadModel } from "../model/load.ts";
import { pageModelOf } from "../page/bundle.ts";
import { duetPage, type PagePiece } from "../page/page.ts";
import { type Shown, shown } from "../show/summary.ts";
import { attempt, requireNoLink } from "../store/files.ts";
import { readAsMidi } from "../store/music_files.ts";
import { writeTogether } from "../store/write.ts";
import { modelHash } from "./generate/pieces.ts";
import { generatedFolder, modelFolder, type Run, takeBreath } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import { type DuetSettings, duetTable } from "./settings/duet.ts";

/** Result of {@linkcode duet}. */
export interface DuetSummary {
  /** Path of the page. */
  readonly page: string;
  /** Size of the page. */
  readonly bytes: number;
}

/** Height of the page in a cell, in pixels. */
const CELL_HEIGHT = 900;

/**
 * Makes a page that plays a duet with you: one HTML file containing the model, its kernels and a
 * piano, which opens from disk and uses no network. It answers your playing; bars of a piece can be
 * made anew.
 * @throws {Error} if the model cannot be read, is not pitchwise or not on a grid in beats, or the piano
 *   is missing and cannot be fetched
 */
export async function duet(settings: DuetSettings, run: Run = {}): Promise<DuetSummary & Shown> {
  checkSettings("make a duet", duetTable, settings);
  const { model, midi, pageFile } = settings;
  const pieces = midi === undefined ? [] : [await pieceOf(midi)];
  const html = await pageFor(settings, pieces, run);
  const folder = pageFile ? dirname(pageFile) : generatedFolder(settings);
  if (!pageFile) await requireNoLink(folder);
  const name = pageFile ? basename(pageFile, extname(pageFile)) : `${model}-duet`;
  const page = `${await writeTogether(folder, name, { ".html": html })}.html`;
  const bytes = new TextEncoder().encode(html).length;
  return shown({ page, bytes }, {
    title: `Duet with model "${model}"`,
    rows: [
      ["page", page],
      ["size", `${(bytes / 1e6).toFixed(1)} MB, the model and a piano in it`],
      ["next", "open it in a browser, and play"],
    ],
  }, () => frameOf(html));
}

/**
 * Builds the page for a model and some pieces.
 * @throws {Error} as {@linkcode duet}
 */
export async function pageFor(
  settings: Pick<DuetSettings, "model" | "data" | "models">,
  pieces: readonly PagePiece[],
  run: Run,
): Promise<string> {
  const { model: name } = settings, folder = modelFolder(settings, name, "--model");
  const loaded = await loadModel(folder, { threads: 1 });
  loaded.model.dispose();
  const { kind, grid } = loaded.model;
  if (kind !== "pitchwise" || grid.unit !== "beat" || !loaded.files.has("plans.txt")) {
    throw new TypeError(
      `Cannot make a duet with model "${name}": it is a ${kind} model on a grid in ${grid.unit}s; ` +
        `needed a pitchwise one in beats: train it with "deno task train"`,
    );
  }
  const model = await pageModelOf({ name, hash: modelHash(loaded) }, loaded);
  const piano = await pagePiano(async (done, total) => {
    run.onProgress?.({ task: "duet", done, total });
    await takeBreath(run);
  });
  return await duetPage({
    model,
    piano,
    credit: PIANO_CREDIT,
    encoder: await pageEncoder(),
    pieces,
  });
}

async function pieceOf(path: string): Promise<PagePiece> {
  return await attempt(`open ${path}`, async () => ({ name: path, midi: await readAsMidi(path) }));
}

/** The page embedded in another one. */
function frameOf(html: string): string {
  const quoted = html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe title="Duet" allow="midi; autoplay" srcdoc="${quoted}" ` +
    `style="width:100%;height:${CELL_HEIGHT}px;border:0"></iframe>`;
}

/**
 * Serves a page, and nothing else, at 127.0.0.1 until the run is stopped.
 * @param onListen is called with its address
 */
export async function servePage(
  page: string,
  { signal }: Run,
  onListen: (address: string) => void,
): Promise<void> {
  const html = await Deno.readFile(page);
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => onListen(`http://127.0.0.1:${port}/`),
  }, (request) => {
    const isPage = new URL(request.url).pathname === "/" && request.method === "GET";
    return isPage ? new Response(html, { headers }) : new Response("Not found", { status: 404 });
  });
  signal?.addEventListener("abort", () => void server.shutdown(), { once: true });
  await server.finished;
}
