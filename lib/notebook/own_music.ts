import { basename, extname, join } from "node:path";
import type { MusicFiles } from "../page/messages.ts";
import { STARTER, STARTER_MINUTES } from "../phases/settings/quickstart.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { show } from "../show/show.ts";
import { type Displayed, JUPYTER_DISPLAY } from "../show/summary.ts";
import { countText, escapeMarkup } from "../show/text.ts";
import { exists, requireNoLink } from "../store/files.ts";
import { KERNEL } from "./audition.ts";
import { inCell, note } from "./cell.ts";
import { isKeptShort } from "./sound.ts";

/** The music to learn from; after a choice in the page, that choice. */
export interface MusicChoice {
  /** Path of its folder. */
  readonly midi: string;
  /** Name for its corpus and model. */
  readonly name: string;
  /** Minutes of training that suit it. */
  readonly minutes: number;
}

/** Minutes of training for music of a person's own. */
const OWN_MINUTES = 2;

const choices = new Map<string, (files: MusicFiles) => Promise<void>>();

/**
 * Lets a person choose music: in a notebook, it shows a drop zone for a folder of MIDI files or
 * scores, which are copied to `data/midi`. Without a choice it is the starter music.
 * @returns the choice, which changes when files are dropped
 * @example
 * ```ts
 * import { chooseMusic, preprocess } from "../../mod.ts";
 * const music = await chooseMusic();
 * await preprocess({ midi: music.midi, name: music.name });
 * ```
 */
export async function chooseMusic(
  { data = "data" }: Pick<Roots, "data"> = {},
): Promise<MusicChoice> {
  const id = `music-${choices.size}`;
  let chosen = { midi: join(data, "midi", STARTER), name: STARTER, minutes: STARTER_MINUTES };
  let folder = "";
  choices.set(id, async (given) => {
    folder = await takeMusic(given, join(data, "midi"), folder);
    if (!given.last) return await show();
    const count = (await Array.fromAsync(Deno.readDir(folder))).length;
    chosen = { midi: folder, name: basename(folder), minutes: OWN_MINUTES };
    const others = given.others > 0 ? ` (${countText(given.others, "other file")} left out)` : "";
    await show(note(
      `${countText(count, "file")}${others} copied to ${folder}: run the cells below, and they ` +
        "learn from this music.",
    ));
  });
  await inCell({ work: () => dropZone(id), shows: (zone) => [zone] });
  return {
    get midi() {
      return chosen.midi;
    },
    get name() {
      return chosen.name;
    },
    get minutes() {
      return chosen.minutes;
    },
  };
}

/** Handles files that were chosen in a page. */
export async function musicChosen(given: MusicFiles): Promise<void> {
  if (given.kernel !== KERNEL) return;
  await inCell({ work: () => choices.get(given.choice)!(given) });
}

/**
 * Writes files of a page into a folder.
 * @param within where the folder of the first files is made, under a name that is free
 * @param folder of the files before these
 * @returns the folder
 */
export async function takeMusic(
  given: MusicFiles,
  within: string,
  folder = "",
): Promise<string> {
  const into = given.first ? await newFolder(within, given.folder) : folder;
  for (const { name, data } of given.files) {
    const path = await freePath(into, fileName(name));
    await Deno.writeFile(path, Uint8Array.fromBase64(data), { createNew: true });
  }
  return into;
}

async function dropZone(id: string): Promise<Displayed> {
  const { inScript, scriptOf } = await import("../page/link.ts");
  const script = inScript(await scriptOf(new URL("../page/drop.ts", import.meta.url)));
  const text = "Music: the starter, 15 old piano pieces.";
  const live = KERNEL === undefined || isKeptShort()
    ? ""
    : ` data-music="${id}" data-kernel="${escapeMarkup(KERNEL)}"`;
  const html = `<div${live} style="border:2px dashed rgba(128,136,144,0.6);border-radius:0.5em;` +
    `padding:0.8em 1em;max-width:44em">${text}</div>${live ? `<script>${script}</script>` : ""}`;
  return { [JUPYTER_DISPLAY]: () => ({ "text/html": html, "text/plain": text }) };
}

/** Longest name of a folder or file that is made. */
const LONGEST_NAME = 60;

/** A name without characters that are invisible or have a meaning in paths. */
function plainName(name: string): string {
  const plain = name.normalize().replace(/[^\p{L}\p{N}\p{M} ._()&+,'’-]/gu, " ")
    .replace(/\s+/g, " ").replace(/^[.\s-]+/, "").slice(0, LONGEST_NAME).replace(/[.\s]+$/, "");
  return plain || "music";
}

function fileName(name: string): string {
  const ending = extname(name);
  return `${plainName(name.slice(0, name.length - ending.length))}${ending.toLowerCase()}`;
}

/** Makes a folder of this name, or of the next free number. */
async function newFolder(within: string, name: string): Promise<string> {
  await requireNoLink(within);
  await Deno.mkdir(within, { recursive: true });
  const path = await freePath(within, plainName(name));
  await Deno.mkdir(path);
  return path;
}

/** Path with this name in a folder, or with the next free number. */
async function freePath(folder: string, name: string): Promise<string> {
  const ending = extname(name), bare = name.slice(0, name.length - ending.length);
  for (let number = 1;; number++) {
    const path = join(folder, number === 1 ? name : `${bare}-${number}${ending}`);
    if (!await exists(path)) return path;
  }
}
