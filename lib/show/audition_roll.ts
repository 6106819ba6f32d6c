import { type Heard, type HeardNote, heardOf } from "./sounding.ts";
import { FIRST, INK, SECOND } from "./theme.ts";

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
export function auditionRoll(
  heard: Heard,
  { primerSeconds = 0, source, firstBar = 1 }: RollContent,
): string {
  const place = ({ pitch, start }: HeardNote) => `${pitch} ${start.toFixed(2)}`;
  const own = new Set(source ? heardOf(source).notes.map(place) : []);
  const end = Math.max(0.001, heard.seconds);
  const pitches = heard.notes.map(({ pitch }) => pitch);
  const low = pitches.reduce((a, b) => Math.min(a, b), 60);
  const high = pitches.reduce((a, b) => Math.max(a, b), 72);
  const row = (HEIGHT - FOOT - 2 * EDGE) / (high - low + 1);
  const x = (time: number) => Math.round(WIDTH * Math.min(end, time) / end * 10) / 10;
  const y = (pitch: number) => Math.round((EDGE + (high - pitch) * row) * 10) / 10;
  const bars = (isNew: boolean) =>
    heard.notes
      .filter((note) => (note.start >= primerSeconds - 1e-6 && !own.has(place(note))) === isNew)
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
