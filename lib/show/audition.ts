import { escapeMarkup } from "./text.ts";
import { characters } from "./character.ts";
import { type Heard, type HeardNote, heardOf } from "./sounding.ts";
import { FIRST, SECOND } from "./theme.ts";

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
  /** Duration of the audio in seconds, if it was cut off. */
  readonly seconds?: number;
  /** Duration of the primer in seconds. */
  readonly primerSeconds?: number;
  /** Address of a page in which its bars can be made anew. */
  readonly bars?: string;
  /** Bytes of the MIDI file that was changed; notes taken from it are drawn in their own colour. */
  readonly source?: Uint8Array;
}

/**
 * Self-contained HTML of the variants side by side: for each its piano roll, a player with a moving
 * cursor, its distinguishing traits, and MIDI and audio downloads. Without scripts, roll, player
 * and MIDI remain.
 * @param id distinguishes this output from others on the page
 */
export function auditionHtml(variants: readonly Variant[], id: string): string {
  const heard = variants.map(({ midi }) => heardOf(midi));
  const lines = characters(heard);
  const cards = variants.map((variant, at) => card(variant, heard[at]!, lines[at]!, at + 1));
  return `<div data-audition="${escapeMarkup(id)}" style="display:flex;flex-wrap:wrap;gap:1.2em">` +
    `${cards.join("")}</div><script>(${SCRIPT})(${JSON.stringify(id).replace(/</g, "\\u003c")})` +
    `</script>`;
}

/** The same HTML as a complete page. */
export function auditionPage(variants: readonly Variant[], title: string): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeMarkup(title)}</title>` +
    `<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;` +
    `max-width:76em;margin:2em auto;padding:0 1em}</style></head><body>` +
    `<h1>${escapeMarkup(title)}</h1>${auditionHtml(variants, "page")}</body></html>\n`;
}

/** One line of text per variant, for output without pictures. */
export function auditionText(variants: readonly Variant[]): string {
  const lines = characters(variants.map(({ midi }) => heardOf(midi)));
  return variants.map(({ name, made }, at) => `${at + 1}  ${name} (${made}): ${lines[at]}`)
    .join("\n");
}

function card(variant: Variant, heard: Heard, line: string, number: number): string {
  const { name, made, midi, mp3, bars } = variant;
  const seconds = Math.min(heard.seconds, variant.seconds ?? Infinity);
  const sound = mp3 && `data:audio/mpeg;base64,${mp3.toBase64()}`;
  const link = (href: string, ending: string, more = "") =>
    `<a href="${href}" download="${escapeMarkup(name)}.${ending}"${more} ` +
    `style="margin-right:1em">${ending === "mid" ? "MIDI" : ending.toUpperCase()}</a>`;
  return `<figure data-seconds="${
    seconds.toFixed(3)
  }" style="margin:0;flex:1 1 20em;min-width:0">` +
    `<figcaption><b>${number} · ${escapeMarkup(name)}</b> ` +
    `<span style="opacity:0.7">${escapeMarkup(made)}</span><br>${escapeMarkup(line)}` +
    `</figcaption><div data-roll style="position:relative;margin:0.4em 0;cursor:pointer">` +
    `<img alt="Piano roll of ${escapeMarkup(name)}" src="${rollUri(heard, variant)}" ` +
    `style="display:block;width:100%;max-width:100%;margin:0">` +
    `<div data-playhead style="position:absolute;top:0;bottom:0;left:0;width:2px;` +
    `background:#d1242f;display:none"></div></div>` +
    (sound ? `<audio controls preload="metadata" src="${sound}" style="width:100%"></audio>` : "") +
    `<div style="font-size:0.9em">` +
    link(`data:audio/midi;base64,${midi.toBase64()}`, "mid") +
    (sound ? link("#", "mp3", " data-mp3 hidden") + link("#", "wav", " data-wav hidden") : "") +
    (bars ? `<a data-bars href="${escapeMarkup(bars)}">Make bars anew</a>` : "") +
    `</div></figure>`;
}

const WIDTH = 640, HEIGHT = 200, FOOT = 20, EDGE = 5;

/** Piano roll as an image, which sanitised pages keep; its width is the time from 0 to the end. */
function rollUri(heard: Heard, { seconds, primerSeconds = 0, source }: Variant): string {
  const place = ({ pitch, start }: HeardNote) => `${pitch} ${start.toFixed(2)}`;
  const own = new Set(source ? heardOf(source).notes.map(place) : []);
  const end = Math.max(0.001, Math.min(heard.seconds, seconds ?? Infinity));
  const notes = heard.notes.filter(({ start }) => start < end);
  const pitches = notes.map(({ pitch }) => pitch);
  const low = Math.min(60, ...pitches), high = Math.max(72, ...pitches);
  const row = (HEIGHT - FOOT - 2 * EDGE) / (high - low + 1);
  const x = (time: number) => Math.round(WIDTH * Math.min(end, time) / end * 10) / 10;
  const y = (pitch: number) => Math.round((EDGE + (high - pitch) * row) * 10) / 10;
  const bars = (isNew: boolean) =>
    notes.filter((note) => (note.start >= primerSeconds - 1e-6 && !own.has(place(note))) === isNew)
      .map((note) => {
        const width = Math.max(2, x(note.end) - x(note.start) - 1).toFixed(1);
        const height = Math.max(2, row * 0.85).toFixed(1);
        return `M${x(note.start)} ${y(note.pitch)}h${width}v${height}h-${width}z`;
      }).join("");
  const shown = heard.bars.filter((bar) => bar < end);
  const every = [1, 2, 4, 8, 16, 32].find((step) => shown.length / step <= 12) ?? 64;
  const lines = shown.map((bar) => `M${x(bar)} 0v${HEIGHT - FOOT}`).join("");
  const numbers = shown.flatMap((bar, at) =>
    at % every === 0 ? [`<text x="${x(bar) + 3}" y="${HEIGHT - 5}">${at + 1}</text>`] : []
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `width="${WIDTH}" height="${HEIGHT}"><path d="${lines}" stroke="#8b949e" ` +
    `stroke-opacity="0.45"/><path d="${bars(false)}" fill="${FIRST}"/><path d="${bars(true)}" ` +
    `fill="${SECOND}"/><g font-family="sans-serif" font-size="14" fill="#8b949e">` +
    `${numbers.join("")}</g></svg>`;
  return `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
}

// Runs in the page: the cursor follows the audio, a click on the roll seeks, and one player sounds
// at a time; the WAV is made from the audio in the page, so that it works offline.
const SCRIPT = String.raw`function (id) {
  const bytesOf = (uri) => Uint8Array.from(atob(uri.slice(uri.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  const wavOf = async (uri) => {
    const context = new OfflineAudioContext(1, 1, 44100);
    const sound = await context.decodeAudioData(bytesOf(uri).buffer);
    const samples = sound.getChannelData(0), view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
    const text = (at, letters) => [...letters].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, 44100, true); view.setUint32(28, 88200, true); view.setUint16(32, 2, true);
    view.setUint16(34, 16, true); text(36, "data"); view.setUint32(40, 2 * samples.length, true);
    samples.forEach((value, i) => view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, value)) * 32767, true));
    return URL.createObjectURL(new Blob([view], { type: "audio/wav" }));
  };
  const start = () => document.querySelectorAll('[data-audition="' + id + '"]').forEach((all) => {
    if (all.dataset.ready) return;
    all.dataset.ready = "yes";
    const players = [...all.querySelectorAll("audio")];
    all.querySelectorAll("figure").forEach((figure) => {
      const audio = figure.querySelector("audio"), head = figure.querySelector("[data-playhead]");
      const roll = figure.querySelector("[data-roll]"), wav = figure.querySelector("[data-wav]");
      const seconds = Number(figure.dataset.seconds), late = 1105 / 44100;
      if (!audio) return;
      const move = () => {
        head.style.display = "block";
        const heard = Math.max(0, audio.currentTime - late); // the MP3's own delay taken off
        head.style.left = Math.min(100, 100 * heard / seconds) + "%";
        if (!audio.paused && figure.isConnected) requestAnimationFrame(move);
      };
      audio.addEventListener("play", () => {
        players.forEach((other) => other !== audio && other.pause());
        move();
      });
      audio.addEventListener("seeked", move);
      roll.addEventListener("click", (event) => {
        const box = roll.getBoundingClientRect();
        audio.currentTime = seconds * (event.clientX - box.left) / box.width + late;
        audio.play();
      });
      const mp3 = figure.querySelector("[data-mp3]");
      mp3.href = audio.src;
      mp3.hidden = wav.hidden = false;
      wav.addEventListener("click", async (event) => {
        if (wav.dataset.made) return;
        event.preventDefault();
        wav.href = await wavOf(audio.src);
        wav.dataset.made = "yes";
        wav.click();
      });
    });
  });
  start();
  setTimeout(start, 300);
}`;
