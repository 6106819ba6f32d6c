/// <reference lib="dom" />
import { wavOf } from "./page_wav.ts";
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

/**
 * Button that downloads a file. It is no link: notebooks rewrite the addresses of links, some after
 * the script has run.
 */
function downloadButton(
  text: string,
  file: () => Promise<readonly [url: string, name: string]> | readonly [url: string, name: string],
): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset.download = text;
  button.onclick = async () => {
    const [url, name] = await file(), link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  };
  return button;
}
