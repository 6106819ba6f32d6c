import { binomialAtMost, blindVerdict, chanceBounds } from "../evaluate/binomial.ts";
import { escapeMarkup } from "./text.ts";

/** An excerpt on the page of a blind test. */
export interface BlindSound {
  /** Name of its piece, told at the end only. */
  readonly piece: string;
  /** Number of its first bar. */
  readonly bar: number;
  /** Whether a model made it. */
  readonly isGenerated: boolean;
  /** Its sound, MP3. */
  readonly mp3: Uint8Array;
}

/**
 * A blind test as one HTML page that needs nothing besides: one excerpt after the other is heard and
 * said to be a person's or the model's; then the page says how sure the result is, and gives the
 * answers as JSON. Answers stay in the browser until the test is begun anew.
 * @param id tells this test from others in the same browser
 */
export function blindPage(sounds: readonly BlindSound[], title: string, id: string): string {
  const excerpts = sounds.map(({ mp3, ...told }) => ({
    ...told,
    sound: `data:audio/mpeg;base64,${mp3.toBase64()}`,
  }));
  const json = (value: unknown) => JSON.stringify(value).replace(/</g, "\\u003c");
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>` +
    `<h1>${escapeMarkup(title)}</h1>` +
    `<p>You hear ${sounds.length} excerpts, in random order, about half of them made by the model. ` +
    `Loudness, instrument and playing are the same for all. Who made each?</p>` +
    `<p id="place" aria-live="polite"></p><audio id="sound" controls></audio>` +
    `<p id="choice"><button id="person">A person</button> <button id="model">The model</button></p>` +
    `<p id="verdict" aria-live="polite"></p><table id="answers" hidden></table>` +
    `<p><a id="save" download="blind-test.json" hidden>Save the answers (JSON)</a> ` +
    `<button id="stop">Show the result</button> <button id="again">Begin anew</button></p>` +
    `<script>${binomialAtMost}\n${chanceBounds}\n${blindVerdict}\n` +
    `(${SCRIPT})(${json(excerpts)}, ${json({ title, id })})</script></body></html>\n`;
}

const STYLE =
  `:root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;max-width:42em;` +
  `margin:2em auto;padding:0 1em}button{font:inherit;padding:.4em 1.2em;margin-right:.5em}` +
  `audio{width:100%}td,th{text-align:left;padding:.1em 1em .1em 0}`;

// Runs in the page. What is right is not shown before the result, so that nobody learns from it.
const SCRIPT = String.raw`function (excerpts, test) {
  const at = (id) => document.getElementById(id), key = "blind-test " + test.id;
  const load = () => {
    try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; }
  };
  const keep = () => { try { localStorage.setItem(key, JSON.stringify(answers)); } catch {} };
  let answers = load(), stopped = false;
  const isRight = (answer, i) => (answer === "model") === excerpts[i].isGenerated;
  const show = () => {
    const next = answers.length, done = next >= excerpts.length || stopped;
    at("place").textContent = done ? next + " of " + excerpts.length + " answered."
      : "Excerpt " + (next + 1) + " of " + excerpts.length;
    at("choice").hidden = at("sound").hidden = done;
    at("stop").hidden = done || next === 0;
    at("answers").hidden = at("save").hidden = at("verdict").hidden = !done;
    if (!done) {
      at("sound").src = excerpts[next].sound;
      return;
    }
    at("sound").pause();
    const right = answers.filter(isRight).length;
    at("verdict").textContent = blindVerdict(right, next);
    const rows = answers.map((answer, i) => ({
      excerpt: i + 1, piece: excerpts[i].piece, bar: excerpts[i].bar,
      made: excerpts[i].isGenerated ? "model" : "person", answer, right: isRight(answer, i),
    }));
    at("answers").replaceChildren(...[["", "Made by", "You said", "Piece, from bar"],
      ...rows.map((row) => [row.right ? "✓" : "✗", row.made, row.answer, row.piece + ", " + row.bar])]
      .map((cells, i) => {
        const line = document.createElement("tr");
        for (const cell of cells) {
          const box = document.createElement(i === 0 ? "th" : "td");
          box.textContent = cell;
          line.append(box);
        }
        return line;
      }));
    const saved = { kind: "blind test", formatVersion: 1, test: test.title, right, answers: rows,
      verdict: blindVerdict(right, next) };
    URL.revokeObjectURL(at("save").href);
    at("save").href = URL.createObjectURL(new Blob([JSON.stringify(saved, null, 1)],
      { type: "application/json" }));
  };
  const answer = (made) => () => { answers.push(made); keep(); show(); at("sound").play?.().catch(() => {}); };
  at("person").onclick = answer("person");
  at("model").onclick = answer("model");
  at("stop").onclick = () => { stopped = true; show(); };
  at("again").onclick = () => { answers = []; stopped = false; keep(); show(); };
  show();
}`;
