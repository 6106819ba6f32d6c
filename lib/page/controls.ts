/// <reference lib="dom" />
import { parseChords } from "../harmony/chord_text.ts";
import type { Duet } from "./duet.ts";

/** Dependencies of the controls. */
interface ControlsStage {
  /** Steps per quarter note. */
  readonly steps: number;
  /** Seconds. */
  now(): number;
}

const SHARES = ["not at all", "a little", "half", "most", "all"];

/** Longest pause between two taps of the beat, in seconds; most taps that count. */
const LONGEST_TAP = 2, MOST_TAPS = 8;

/** Connects the controls of answers and tempo with a duet. */
export function connectControls(
  duet: Duet,
  { steps, now }: ControlsStage,
): { tap(): void } {
  const $ = (id: string) => document.getElementById(id)!;
  const input = (id: string) => $(id) as HTMLInputElement;
  for (const radio of document.querySelectorAll<HTMLInputElement>("[name=boldness]")) {
    radio.onchange = () => duet.set({ boldness: Number(radio.value) as -1 | 0 | 1 });
  }
  input("follow").oninput = () => {
    const { value } = input("follow");
    duet.set({ follow: Number(value) });
    const share = SHARES[Math.round(4 * Number(value))]!;
    document.querySelector("output[for=follow]")!.textContent = share;
    input("follow").ariaValueText = `${share} of the bars`;
  };
  input("slower").onchange = () => duet.set({ slower: input("slower").checked ? 1.25 : 1 });
  input("chords").onchange = () => {
    const { value } = input("chords"), problem = problemOf(value);
    input("chords").ariaInvalid = String(problem !== "");
    $("chords-problem").textContent = problem;
    if (!problem) duet.set({ chords: value });
  };
  const bar = $("bar") as HTMLSelectElement;
  bar.onchange = () => duet.set({ stepsPerBar: bar.value ? Number(bar.value) * steps : undefined });
  $("hand").onclick = () => duet.handOver();
  $("end").onclick = () => duet.end();
  $("half").onclick = () => duet.correct({ times: 0.5 });
  $("twice").onclick = () => duet.correct({ times: 2 });
  $("tap").onclick = tap;
  const taps: number[] = [];
  return { tap };

  function tap(): void {
    const at = now();
    if (taps.length > 0 && at - taps.at(-1)! > LONGEST_TAP) taps.length = 0;
    taps.push(at);
    if (taps.length < 3) return;
    const last = taps.slice(-MOST_TAPS);
    duet.correct({ beatsPerMinute: 60 * (last.length - 1) / (last.at(-1)! - last[0]!) });
  }
}

/** Error in a text of chords; empty if there is none. */
function problemOf(chords: string): string {
  if (chords.trim() === "") return "";
  try {
    parseChords(chords, { key: { tonic: 0, mode: "major" } }); // any key will do
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
