import { characters } from "./character.ts";
import { ONE_AT_A_TIME } from "./one_at_a_time.ts";
import { type Heard, heardOf, placeOf } from "./sounding.ts";
import { durationText, escapeMarkup, htmlPage } from "./text.ts";
import { FIRST, INK, SECOND } from "./theme.ts";

/** A variant of a piece for side-by-side listening. */
export interface Variant {
  /** Name, such as `mine-2`; also the file name of the downloads. */
  readonly name: string;
  /** Settings that made it, in a few words: `seed 2, temperature 1.1`. */
  readonly made: string;
  /** Bytes of the MIDI file. */
  readonly midi: Uint8Array;
  /** Audio as MP3; undefined if no piano was available to render it. */
  readonly mp3?: Uint8Array;
  /** Duration of the audio in seconds, if it was cut off, and of the whole. */
  readonly cut?: { readonly seconds: number; readonly of: number };
  /** Seconds of empty bars before the music that the audio leaves out. */
  readonly skippedSeconds?: number;
  /** Duration of the primer in seconds. */
  readonly primerSeconds?: number;
  /** Address of a page in which its bars can be made anew. */
  readonly bars?: string;
  /** Bytes of the MIDI file that was changed; notes taken from it are drawn in their own colour. */
  readonly source?: Uint8Array;
  /** Number of the first bar. Default 1. */
  readonly firstBar?: number;
  /** Whether it follows a plan, so that more can be asked for. */
  readonly isPlanned?: boolean;
  /** Whether its model was adapted from another one, so that its style can be weighed. */
  readonly isAdapted?: boolean;
}

/** Surroundings of an audition in a page. */
interface AuditionPlace {
  /** Distinguishes this output from others of its kernel. */
  readonly id: string;
  /** Code of its script: that of `lib/page/cards.ts`. */
  readonly script: string;
  /** Identifier of the kernel that the cards' buttons speak to. Default: no buttons. */
  readonly kernel?: string | undefined;
}

const STYLE = `<style>
[data-audition] { display: flex; flex-wrap: wrap; gap: 1.2em; }
[data-audition] figure { margin: 0; flex: 1 1 20em; min-width: 0; max-width: 44em; }
[data-audition] button, [data-audition] input { font: inherit; font-size: 0.9em; color: inherit; }
[data-audition] button { background: rgba(128,136,144,0.15); border: 1px solid
  rgba(128,136,144,0.5); border-radius: 0.4em; padding: 0.15em 0.7em; margin: 0.2em 0.4em 0.2em 0;
  cursor: pointer; }
[data-audition] button:disabled { opacity: 0.5; cursor: default; }
[data-wishes] { flex: 1 1 100%; min-width: 0; border: 1px solid rgba(128,136,144,0.5);
  border-radius: 0.4em; display: flex; flex-wrap: wrap; gap: 0.3em 1.5em; align-items: center; }
[data-wishes] legend { font-size: 1em; width: auto; margin: 0; padding: 0 0.4em; border: 0;
  color: inherit; }
[data-wishes] label { display: flex; gap: 0.5em; align-items: center; font-weight: normal;
  margin: 0; font-size: 0.9em; }
[data-wishes] input { width: 7em; } [data-wishes] output { min-width: 6.5em; padding: 0; opacity: 0.75;
  color: inherit; font-size: 1em; display: inline; }
[data-made] .error { white-space: pre-wrap; } [data-made] .stream { white-space: pre-wrap; }
</style>`;

/**
 * Self-contained HTML of the variants side by side: for each its piano roll, a player with a moving
 * cursor, its distinguishing traits, and MIDI and audio downloads. Without scripts, roll, player
 * and MIDI remain.
 */
export function auditionHtml(
  variants: readonly Variant[],
  { id, script, kernel }: AuditionPlace,
): string {
  const heard = variants.map(({ midi }) => heardOf(midi));
  const lines = characters(heard);
  const cards = variants.map((variant, at) => card(variant, heard[at]!, lines[at]!, at + 1));
  const from = kernel === undefined ? "" : ` data-kernel="${escapeMarkup(kernel)}"`;
  return `${STYLE}<div data-audition="${escapeMarkup(id)}"${from} ` +
    `style="display:flex;flex-wrap:wrap;gap:1.2em">${cards.join("")}</div>` +
    `${ONE_AT_A_TIME}<script>${script}</script>`;
}

/** The same HTML as a complete page. @param script code of `lib/page/cards.ts` */
export function auditionPage(variants: readonly Variant[], title: string, script: string): string {
  const style = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;" +
    "max-width:76em;margin:2em auto;padding:0 1em}";
  return htmlPage(title, style, auditionHtml(variants, { id: "page", script }));
}

/** One line of text per variant, for output without pictures. */
export function auditionText(variants: readonly Variant[]): string {
  const lines = characters(variants.map(({ midi }) => heardOf(midi)));
  return variants.map(({ name, made }, at) => `${at + 1}  ${name} (${made}): ${lines[at]}`)
    .join("\n");
}

function card(variant: Variant, heard: Heard, line: string, number: number): string {
  const { name, made, midi, mp3, cut, skippedSeconds = 0, firstBar = 1 } = variant;
  const sound = mp3 && `data:audio/mpeg;base64,${mp3.toBase64()}`;
  const data = {
    name,
    seconds: heard.seconds.toFixed(3),
    ...(skippedSeconds > 0 ? { skipped: skippedSeconds.toFixed(3) } : {}),
    bars: JSON.stringify(heard.bars.map((bar) => Number(bar.toFixed(2)))),
    "first-bar": `${firstBar}`,
    ...(variant.isPlanned ? { planned: "" } : {}),
    ...(variant.isAdapted ? { adapted: "" } : {}),
  };
  const attributes = Object.entries(data).map(([key, value]) =>
    ` data-${key}="${escapeMarkup(value)}"`
  );
  return `<figure${
    attributes.join("")
  } style="margin:0;flex:1 1 20em;min-width:0;max-width:44em">` +
    `<figcaption><b>${number} · ${escapeMarkup(name)}</b> ` +
    `<span style="opacity:0.7">${escapeMarkup(made)}</span><br>${escapeMarkup(line)}` +
    `</figcaption><div data-roll style="position:relative;margin:0.4em 0;cursor:pointer">` +
    `<img alt="Piano roll of ${escapeMarkup(name)}" src="${auditionRoll(heard, variant)}" ` +
    `style="display:block;width:100%;max-width:100%;margin:0">` +
    `<div data-playhead style="position:absolute;top:0;bottom:0;left:0;width:2px;` +
    `background:#d1242f;display:none"></div></div>` +
    (sound ? `<audio controls preload="metadata" src="${sound}" style="width:100%"></audio>` : "") +
    (cut
      ? `<div data-cut style="font-size:0.9em;opacity:0.75">the first ` +
        `${durationText(cut.seconds)} of ${durationText(cut.of)}</div>`
      : "") +
    `<div data-downloads style="font-size:0.9em"><a href="data:audio/midi;base64,` +
    `${midi.toBase64()}" download="${escapeMarkup(name)}.mid" style="margin-right:1em">MIDI</a>` +
    (variant.bars
      ? `<a data-bars-page href="${escapeMarkup(variant.bars)}" style="margin-right:1em">` +
        `Make bars anew</a>`
      : "") +
    `</div></figure>`;
}

const WIDTH = 640, HEIGHT = 200, FOOT = 20, EDGE = 5;

/** Contents of a roll beside its notes. */
interface RollContent {
  /** Duration of the primer in seconds; its notes have the colour of music by people. */
  readonly primerSeconds?: number | undefined;
  /** Bytes of the MIDI file that was changed; notes taken from it have that colour, too. */
  readonly source?: Uint8Array | undefined;
  /** Number of the first bar. Default 1. */
  readonly firstBar?: number | undefined;
}

/**
 * Piano roll of a MIDI file as an image URI, which untrusted pages display; its width is the time
 * from the beginning to the end.
 */
function auditionRoll(
  heard: Heard,
  { primerSeconds = 0, source, firstBar = 1 }: RollContent,
): string {
  const own = new Set(source ? heardOf(source).notes.map(placeOf) : []);
  const end = Math.max(0.001, heard.seconds);
  const pitches = heard.notes.map(({ pitch }) => pitch);
  const low = pitches.reduce((a, b) => Math.min(a, b), 60);
  const high = pitches.reduce((a, b) => Math.max(a, b), 72);
  const row = (HEIGHT - FOOT - 2 * EDGE) / (high - low + 1);
  const x = (time: number) => Math.round(WIDTH * Math.min(end, time) / end * 10) / 10;
  const y = (pitch: number) => Math.round((EDGE + (high - pitch) * row) * 10) / 10;
  const bars = (isNew: boolean) =>
    heard.notes
      .filter((note) => (note.start >= primerSeconds - 1e-6 && !own.has(placeOf(note))) === isNew)
      .map((note) => {
        const width = Math.max(2, x(note.end) - x(note.start) - 1).toFixed(1);
        const height = Math.max(2, row * 0.85).toFixed(1);
        return `M${x(note.start)} ${y(note.pitch)}h${width}v${height}h-${width}z`;
      }).join("");
  const every = [1, 2, 4, 8, 16, 32].find((step) => heard.bars.length / step <= 12) ?? 64;
  const lines = heard.bars.map((bar) => `M${x(bar)} 0v${HEIGHT - FOOT}`).join("");
  const numbers = heard.bars.flatMap((bar, at) =>
    at % every === 0 ? [`<text x="${x(bar) + 3}" y="${HEIGHT - 5}">${at + firstBar}</text>`] : []
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `width="${WIDTH}" height="${HEIGHT}"><path d="${lines}" stroke="${INK}" ` +
    `stroke-opacity="0.45"/><path d="${bars(false)}" fill="${FIRST}"/><path d="${bars(true)}" ` +
    `fill="${SECOND}"/><g font-family="sans-serif" font-size="14" fill="${INK}">` +
    `${numbers.join("")}</g></svg>`;
  return `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
}
