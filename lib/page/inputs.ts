/// <reference lib="dom" />
import { element } from "./element.ts";

/** Actions of keys and pedals. Times are in seconds of `performance.now()`. */
export interface Playing {
  press(pitch: number, velocity: number, at: number): void;
  release(pitch: number, at: number): void;
  /** The sustain pedal. */
  sustain(down: boolean, at: number): void;
  /** Hands the turn over: the space bar, or the left or middle pedal. */
  handOver(): void;
}

/** The computer's keys from C upwards, in two rows. */
const KEYS = "awsedftgyhujkolp;";
const KEYS_VELOCITY = 80;

const SUSTAIN = 64, SOSTENUTO = 66, SOFT = 67;

/** Computer keyboard input: letters play notes, `z` and `x` shift them by an octave. */
export function listenToKeys(playing: Playing, onOctave: (c: number) => void): void {
  let c = 60;
  const down = new Map<string, number>();
  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const key = event.key.toLowerCase(), index = KEYS.indexOf(key);
    if (index >= 0 && key.length === 1) {
      down.set(key, c + index);
      playing.press(c + index, KEYS_VELOCITY, event.timeStamp / 1000);
    } else if (key === "z" || key === "x") {
      c = Math.max(24, Math.min(96, c + (key === "z" ? -12 : 12)));
      onOctave(c);
    } else if (key === " " && !isControl(event)) {
      event.preventDefault();
      playing.handOver();
    }
  });
  addEventListener("keyup", (event) => {
    const pitch = down.get(event.key.toLowerCase());
    if (pitch === undefined) return;
    down.delete(event.key.toLowerCase());
    playing.release(pitch, event.timeStamp / 1000);
  });
  addEventListener("blur", () => {
    for (const pitch of down.values()) playing.release(pitch, performance.now() / 1000);
    down.clear();
  });
}

function isTyping({ target }: Event): boolean {
  return target instanceof HTMLInputElement && target.type !== "range" && target.type !== "radio" &&
    target.type !== "checkbox";
}

/** Whether the space bar has another function on the focused element. */
function isControl({ target }: Event): boolean {
  return target instanceof Element &&
    target.closest("button, input, select, a, summary") !== null &&
    target.closest("[data-keys]") === null;
}

/** Lowest and highest key of the drawn keyboard. */
const LOWEST = 48, HIGHEST = 84;
const NAMES = "C,C sharp,D,E flat,E,F,F sharp,G,A flat,A,B flat,B".split(",");

/** Draws a keyboard to be played by mouse, touch, or with Enter while focused. */
export function drawKeyboard(
  place: HTMLElement,
  playing: Playing,
): (pitch: number, who: string) => void {
  const keys = new Map<number, HTMLButtonElement>();
  const white = (pitch: number) => ![1, 3, 6, 8, 10].includes(pitch % 12);
  const whites = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, i) => LOWEST + i).filter(white);
  for (let pitch = LOWEST; pitch <= HIGHEST; pitch++) {
    const key = element("button", {
      type: "button",
      class: white(pitch) ? "white" : "black",
      "aria-label": `${NAMES[pitch % 12]} ${Math.floor(pitch / 12) - 1}`,
      tabindex: pitch === 60 ? "0" : "-1",
    });
    const left = whites.filter((other) => other < pitch).length;
    key.style.left = `${100 * (white(pitch) ? left : left - 0.3) / whites.length}%`;
    key.style.width = `${100 * (white(pitch) ? 1 : 0.6) / whites.length}%`;
    const now = () => performance.now() / 1000;
    key.onpointerdown = (event) => {
      key.setPointerCapture(event.pointerId);
      playing.press(pitch, KEYS_VELOCITY, now());
    };
    key.onpointerup = key.onpointercancel = () => playing.release(pitch, now());
    key.onkeydown = (event) => {
      const to = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (to) keys.get(pitch + to)?.focus();
      if (event.key === "Enter" && !event.repeat) playing.press(pitch, KEYS_VELOCITY, now());
    };
    key.onkeyup = (event) => event.key === "Enter" && playing.release(pitch, now());
    keys.set(pitch, key);
    place.append(key);
  }
  return (pitch, who) => keys.get(pitch)?.setAttribute("data-who", who);
}

/**
 * Listens to all MIDI keyboards, including those connected later. Nothing waits for it: the browser
 * may ask for permission, or may never respond.
 * @param say is called with the status
 */
export async function listenToMidi(playing: Playing, say: (text: string) => void): Promise<void> {
  if (typeof navigator.requestMIDIAccess !== "function") {
    const where = location.protocol === "file:" && /Firefox/.test(navigator.userAgent)
      ? "Firefox has MIDI only on served pages (deno task duet --serve)"
      : "this browser has no MIDI";
    return say(`Computer keys and mouse only: ${where}`);
  }
  say("Asking the browser for MIDI …");
  try {
    const access = await navigator.requestMIDIAccess();
    const listen = () => {
      const inputs = [...access.inputs.values()];
      for (const input of inputs) input.onmidimessage = (event) => heard(playing, event);
      say(
        inputs.length === 0
          ? "No MIDI keyboard yet: plug one in, or use the computer's keys"
          : `MIDI: ${inputs.map(({ name }) => name ?? "keyboard").join(", ")}`,
      );
    };
    access.onstatechange = listen;
    listen();
  } catch (error) {
    const refused = (error as Error).name === "NotAllowedError" ||
      (error as Error).name === "SecurityError";
    say(`Computer keys and mouse only: MIDI ${refused ? "was not allowed" : "does not work here"}`);
  }
}

/** Handles a message of a MIDI keyboard. */
function heard(playing: Playing, { data, timeStamp }: MIDIMessageEvent): void {
  if (!data || data.length < 3) return;
  const [status, first, second] = data as unknown as [number, number, number];
  const kind = status & 0xf0, at = (timeStamp || performance.now()) / 1000;
  if (kind === 0x90 && second > 0) playing.press(first, second, at);
  else if (kind === 0x90 || kind === 0x80) playing.release(first, at);
  else if (kind === 0xb0 && first === SUSTAIN) playing.sustain(second >= 64, at);
  else if (kind === 0xb0 && (first === SOFT || first === SOSTENUTO) && second >= 64) {
    playing.handOver();
  }
}
