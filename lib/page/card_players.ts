/// <reference lib="dom" />
import { buttonFor, downloadFrom } from "./element.ts";
import { prepareEach } from "./prepare_each.ts";

/** Delay of the encoder, by which the MP3 is late. */
const LATE_SECONDS = 1105 / 44_100;

/** Starts the players of all auditions in the page. @param more is called with each of them */
export function startCards(more?: (all: HTMLElement) => void): void {
  prepareEach("audition", (all) => {
    for (const figure of all.querySelectorAll("figure")) prepare(figure);
    more?.(all);
  });
}

function prepare(figure: HTMLElement): void {
  const audio = figure.querySelector("audio");
  if (!audio) return;
  const roll = figure.querySelector<HTMLElement>("[data-roll]")!;
  const line = figure.querySelector<HTMLElement>("[data-playhead]")!;
  const seconds = Number(figure.dataset.seconds);
  const skipped = Number(figure.dataset.skipped ?? 0), late = LATE_SECONDS - skipped;
  const move = () => {
    line.style.display = "block";
    const heard = Math.max(0, audio.currentTime - late);
    line.style.left = `${Math.min(100, 100 * heard / seconds)}%`;
    if (!audio.paused && figure.isConnected) requestAnimationFrame(move);
  };
  audio.addEventListener("play", move);
  audio.addEventListener("seeked", move);
  roll.addEventListener("click", (event) => {
    const { left, width } = roll.getBoundingClientRect();
    audio.currentTime = seconds * (event.clientX - left) / width + late;
    void audio.play();
  });
  const { name = "music" } = figure.dataset, downloads = figure.querySelector("[data-downloads]")!;
  downloads.append(
    downloadButton("MP3", () => [audio.src, `${name}.mp3`]),
    downloadButton("WAV", async () => [await wavOf(audio.src), `${name}.wav`]),
  );
}

/** Address and name of a file. */
type FileAt = readonly [url: string, name: string];

/**
 * Button that downloads a file. It is no link: notebooks rewrite the addresses of links, some after
 * the script has run.
 */
function downloadButton(
  text: string,
  file: () => FileAt | Promise<FileAt>,
): HTMLButtonElement {
  return buttonFor(text, { "data-download": text }, async () => downloadFrom(...await file()));
}

const SAMPLE_RATE = 44_100;

/** URL of a mono WAV file, decoded from an MP3 within a page, so that it needs no network. */
async function wavOf(mp3: string): Promise<string> {
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const bytes = Uint8Array.from(atob(mp3.slice(mp3.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  const samples = (await context.decodeAudioData(bytes.buffer)).getChannelData(0);
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at: number, letters: string) =>
    [...letters].forEach((c, index) => view.setUint8(at + index, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, 2 * SAMPLE_RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, index) =>
    view.setInt16(44 + 2 * index, Math.max(-1, Math.min(1, value)) * 32_767, true)
  );
  return URL.createObjectURL(new Blob([view], { type: "audio/wav" }));
}
