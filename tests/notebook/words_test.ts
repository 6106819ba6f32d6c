import { assertEquals } from "@std/assert";
import { inCode, messageInCell } from "../../lib/notebook/words.ts";

Deno.test("messages speak of settings, not of flags, in a cell", () => {
  const said: [shell: string, cell: string][] = [
    [
      'Make it with "deno task preprocess --midi DIR --name mine"',
      'Make it with await preprocess({ midi: "DIR", name: "mine" })',
    ],
    ['Make it with "deno task train"', "Make it with await train(…)"],
    [
      'train one with "deno task train --model combination --minutes 5"',
      'train one with await train({ model: "combination", minutes: 5 })',
    ],
    [
      "it exists; --resume continues it, --overwrite replaces it, another --name leaves it",
      "it exists; resume: true continues it, overwrite: true replaces it, another name leaves it",
    ],
    ['train with "--from nothing" to do without', 'train with from: "nothing" to do without'],
    ["or train it with --holdout 0.1", "or train it with holdout: 0.1"],
    ["say which bars with --bars 5-8", 'say which bars with bars: "5-8"'],
    ["give one of --primer-note, --primer-midi", "give one of primerNote, primerMidi"],
    [
      'it is a recording: "deno task transcribe FOLDER --out FOLDER" converts it to MIDI',
      'it is a recording: await transcribe({ audio: "FOLDER", out: "FOLDER" }) converts it to MIDI',
    ],
    ['--chords "none" leaves them out', 'chords: "none" leaves them out'],
    ["Cannot read a-b -- it is not there", "Cannot read a-b -- it is not there"],
  ];
  for (const [shell, cell] of said) assertEquals(inCode(shell), cell);
});

Deno.test("an error in a cell says its reasons once each, whatever was thrown", () => {
  const deepest = new Error("there is no such file");
  const middle = new Error("Cannot read x.mid: there is no such file", { cause: deepest });
  const top = new Error("Cannot play music", { cause: middle });
  assertEquals(messageInCell(top), "Cannot play music: Cannot read x.mid: there is no such file");
  assertEquals(messageInCell(middle), "Cannot read x.mid: there is no such file");
  assertEquals(messageInCell("a text"), "a text");
  const circle = new Error("one");
  circle.cause = new Error("two", { cause: circle });
  assertEquals(messageInCell(circle), "one: two");
});
