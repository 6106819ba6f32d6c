import type { TimedNote } from "../midi/music.ts";
import { escapeMarkup, htmlPage } from "./text.ts";
import { FIRST, SECOND } from "./theme.ts";

/** A transcribed recording. */
export interface TranscribedPiece {
  readonly name: string;
  /** URL of the recording, relative to the page. */
  readonly recording: string;
  readonly seconds: number;
  /** Notes in seconds. */
  readonly notes: readonly TimedNote[];
}

/**
 * Page for hearing recordings and their transcriptions together, with a slider that fades between
 * them and a piano roll. The recordings stay where they are; the notes are played by the browser's
 * own oscillators.
 */
export function transcriptionsPage(pieces: readonly TranscribedPiece[]): string {
  const sections = pieces.map(({ name, recording, notes, seconds }) => {
    const data = notes.map(({ pitch, start, end }) => [pitch, round(start), round(end)]);
    return `<section data-notes="${escapeMarkup(JSON.stringify(data))}" data-seconds="${
      round(seconds)
    }">` +
      `<h2>${escapeMarkup(name)}</h2><canvas width="1200" height="176" role="img" ` +
      `aria-label="${notes.length} notes"></canvas>` +
      `<audio controls preload="metadata" src="${escapeMarkup(recording)}"></audio>` +
      `<label>recording <input type="range" min="0" max="1" step="0.01" value="0.5"> transcription` +
      `</label></section>`;
  });
  return htmlPage(
    "Transcriptions",
    STYLE,
    `<p>Play a recording; the slider fades to the transcribed notes. Loudness and pedal ` +
      `are not transcribed.</p>\n${sections.join("\n")}\n<script>(${SCRIPT})()</script>`,
  );
}

function round(seconds: number): number {
  return Number(seconds.toFixed(3));
}

const STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:76em;margin:2em auto;" +
  "padding:0 1em}:root{color-scheme:light dark}canvas{width:100%;height:176px;display:block}" +
  "audio{width:24em;max-width:100%;vertical-align:middle}label{margin-left:1em}";

/** Script of the page; it schedules notes on the synthesizer shortly before they begin. */
const SCRIPT = `function () {
  let context;
  for (const section of document.querySelectorAll("section")) {
    const notes = JSON.parse(section.dataset.notes), all = Number(section.dataset.seconds);
    const audio = section.querySelector("audio"), canvas = section.querySelector("canvas");
    const fader = section.querySelector("input"), draw = canvas.getContext("2d");
    let gain, next = 0;
    const paint = () => {
      const { width, height } = canvas;
      draw.clearRect(0, 0, width, height);
      draw.fillStyle = "${FIRST}";
      for (const [pitch, start, end] of notes) {
        draw.fillRect(start / all * width, height - 2 * (pitch - 20), Math.max(1, (end - start) / all * width), 2);
      }
      draw.fillStyle = "${SECOND}";
      draw.fillRect(audio.currentTime / all * width, 0, 2, height);
    };
    const balance = () => {
      const share = Number(fader.value);
      audio.volume = Math.cos(share * Math.PI / 2);
      if (gain) gain.gain.value = Math.sin(share * Math.PI / 2);
    };
    const sound = () => {
      if (audio.paused) return;
      const now = audio.currentTime;
      for (; next < notes.length && notes[next][1] < now + 0.3; next++) {
        const [pitch, start, end] = notes[next];
        if (start < now - 0.05) continue;
        const at = context.currentTime + Math.max(0, start - now), until = at + end - start;
        const string = context.createOscillator(), hammer = context.createGain();
        string.type = "triangle";
        string.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
        hammer.gain.setValueAtTime(0, at);
        hammer.gain.linearRampToValueAtTime(0.15, at + 0.005);
        hammer.gain.setTargetAtTime(0, until, 0.05);
        string.connect(hammer).connect(gain);
        string.start(at);
        string.stop(until + 0.4);
      }
      paint();
      requestAnimationFrame(sound);
    };
    const restart = () => {
      if (gain) gain.disconnect();
      if (!context) context = new AudioContext();
      gain = context.createGain();
      gain.connect(context.destination);
      balance();
      next = notes.findIndex((note) => note[1] >= audio.currentTime);
      if (next < 0) next = notes.length;
      sound();
    };
    audio.addEventListener("play", restart);
    audio.addEventListener("seeked", () => audio.paused ? paint() : restart());
    audio.addEventListener("pause", () => { if (gain) gain.disconnect(); });
    fader.addEventListener("input", balance);
    canvas.addEventListener("click", (event) => {
      audio.currentTime = event.offsetX / canvas.clientWidth * all;
    });
    paint();
  }
}`;
