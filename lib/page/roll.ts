/// <reference lib="dom" />
import type { Duet } from "./duet.ts";

/** Seconds shown before and after now. */
const BEFORE = 7, AFTER = 4;
const LOWEST = 24, HIGHEST = 102;

/**
 * Draws the scrolling piano roll of both players: the person's notes are filled, the model's
 * hollow.
 */
export function drawRoll(canvas: HTMLCanvasElement, duet: Duet, now: number): void {
  const pen = canvas.getContext("2d")!, style = getComputedStyle(canvas);
  const scale = devicePixelRatio, { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  const x = (at: number) => (at - now + BEFORE) / (BEFORE + AFTER) * width;
  const row = height / (HIGHEST - LOWEST + 1), thick = Math.max(7, row * 2);
  const y = (pitch: number) =>
    height - (Math.min(HIGHEST, Math.max(LOWEST, pitch)) - LOWEST + 1) * row;
  const colour = (name: string) => style.getPropertyValue(name);
  const { pulse, span, history: { session }, showing } = duet;
  pen.fillStyle = colour("--line");
  if (pulse) {
    const { step, stepsPerBar, stepsPerBeat } = pulse, from = span?.from ?? pulse.origin;
    const beat = step * stepsPerBeat, perBar = Math.round(stepsPerBar / stepsPerBeat);
    for (let k = Math.ceil((now - BEFORE - from) / beat); from + k * beat < now + AFTER; k++) {
      const isBar = (k % perBar + perBar) % perBar === 0;
      pen.globalAlpha = isBar ? 1 : 0.4;
      pen.fillRect(x(from + k * beat), 0, isBar ? 1.5 : 1, height);
    }
    pen.globalAlpha = 1;
  }
  const note = (who: string, pitch: number, start: number, end: number) => {
    if (end < now - BEFORE || start > now + AFTER) return;
    const left = x(start), wide = Math.max(4, x(end) - left - 1), top = y(pitch) - thick / 4;
    if (who === "person") {
      pen.fillStyle = colour("--you");
      pen.fillRect(left, top, wide, thick);
    } else {
      pen.strokeStyle = colour("--model");
      pen.lineWidth = 2;
      pen.strokeRect(left + 1, top + 1, Math.max(2, wide - 2), Math.max(2, thick - 2));
    }
  };
  for (const { who, pitch, start, end } of session.notes.slice(-600)) note(who, pitch, start, end);
  for (const { pitch, start, end } of showing.planned) note("model", pitch, start, end);
  for (const { pitch, start } of showing.held) note("person", pitch, start, now);
  pen.fillStyle = colour("--now");
  pen.fillRect(x(now) - 1, 0, 2, height);
}
