import { assertEquals } from "@std/assert";
import { barText, readScore } from "../../lib/notation/read.ts";
import { passesOf } from "../../lib/notation/repeats.ts";
import { attributes, bytesOf, document, note, notesIn, orderOf } from "./documents.ts";

const FORWARD = '<barline location="left"><repeat direction="forward"/></barline>';
const BACKWARD = '<barline location="right"><repeat direction="backward"/></barline>';
const sound = (what: string) => `<direction><sound ${what}/></direction>`;
const words = (what: string) => `<direction><direction-type>${what}</direction-type></direction>`;

/** An ending of one bar. */
function ending(number: string, bar: string, { back = true, stop = "stop" } = {}): string {
  return `<barline location="left"><ending number="${number}" type="start"/></barline>${bar}` +
    `<barline location="right"><ending number="${number}" type="${stop}"/>` +
    `${back ? '<repeat direction="backward"/>' : ""}</barline>`;
}

/** Order of bars A, B, C … where each has what `marks` says before (`<`) or after its note. */
function order(...marks: readonly ((bar: string) => string)[]): string {
  const names = ["C4", "C#4", "D4", "D#4", "E4", "F4", "F#4", "G4"];
  return orderOf(
    document(marks.map((mark, i) => (i === 0 ? attributes() : "") + mark(note(names[i]!, 16)))),
  );
}

const plain = (bar: string) => bar;
const from = (bar: string) => FORWARD + bar;
const back = (bar: string) => bar + BACKWARD;
const with_ = (mark: string) => (bar: string) => mark + bar;

Deno.test("repeats lead to their beginning, or to that of the piece", () => {
  assertEquals(order(plain, back, plain), "ABABC");
  assertEquals(order(plain, from, back, plain), "ABCBCD");
  assertEquals(order(back, from, back), "AABCBC");
  const thrice = (bar: string) =>
    bar + '<barline location="right"><repeat direction="backward" times="3"/></barline>';
  assertEquals(order(thrice, plain), "AAAB");
});

Deno.test("endings are played on their passes", () => {
  const first = (bar: string) => ending("1", bar),
    second = (bar: string) => ending("2", bar, { back: false, stop: "discontinue" });
  assertEquals(order(plain, first, second, plain), "ABACD");
  assertEquals(order(from, first, second, from, first, second), "ABACDEDF");
  const both = (bar: string) => ending("1, 2", bar),
    third = (bar: string) => ending("3", bar, { back: false });
  assertEquals(order(plain, both, third, plain), "ABABACD");
  assertEquals(order(plain, first, plain, plain), "ABACD"); // no second ending: the music goes on
});

Deno.test("da capo and dal segno are followed once, without repeats of what was played", () => {
  const fine = with_(sound('fine="yes"')), capo = with_(sound('dacapo="yes"'));
  assertEquals(order(back, fine, plain, capo), "AABCDAB");
  assertEquals(
    order(plain, with_(sound('segno="s"')), fine, with_(sound('dalsegno="s"'))),
    "ABCDBC",
  );
  const first = (bar: string) => ending("1", bar),
    second = (bar: string) => ending("2", bar, { back: false });
  assertEquals(order(plain, first, second, capo), "ABACDACD");
});

Deno.test("a coda is left for after the jump, and its own repeat is played", () => {
  const leave = with_(sound('tocoda="c"')), coda = with_(sound('coda="c"'));
  assertEquals(
    order(plain, leave, with_(sound('dacapo="yes"')), (bar) => coda(back(bar))),
    "ABCABDD",
  );
});

Deno.test("signs and words without sound elements are understood, as older programs write them", () => {
  const capo = with_(words("<words>D.C. al Fine</words>")),
    fine = with_(words("<words>Fine</words>"));
  assertEquals(order(plain, fine, capo), "ABCAB");
  const segno = with_(words("<segno/>")), leave = with_(words("<coda/>"));
  const toSegno = with_(words("<words>D.S. al Coda</words>"));
  assertEquals(order(plain, segno, leave, toSegno, leave), "ABCDBCE");
  assertEquals(order(plain, with_(words("<words>Fine espressivo, D.C.</words>")), plain), "ABC");
});

Deno.test("ties go on into each ending", () => {
  const text = document([
    attributes() + note("C4", 16, { more: '<tie type="start"/>' }),
    ending("1", note("C4", 16, { more: '<tie type="stop"/>' })),
    ending("2", note("C4", 16, { more: '<tie type="stop"/>' }), { back: false }),
  ]);
  assertEquals(orderOf(text), "AA");
});

Deno.test("a key and a tempo are those of the bar that is jumped to", async () => {
  const { played } = await import("./documents.ts");
  const { tempos } = played(document([
    attributes() + '<sound tempo="100"/>' + note("C4", 16),
    '<sound tempo="60"/>' + note("D4", 16) + BACKWARD,
  ]));
  assertEquals(
    tempos.map(({ microsecondsPerBeat }) => Math.round(60e6 / microsecondsPerBeat)),
    [100, 60, 100, 60],
  );
});

Deno.test("passesOf reads lists and ranges, and bounds them", () => {
  assertEquals([...passesOf("1, 2")], [1, 2]);
  assertEquals([...passesOf("1.-3.")], [1, 2, 3]);
  assertEquals([...passesOf("")], []);
  assertEquals(passesOf("1-99").size, 64);
});

Deno.test("barText gives the measure that is played", () => {
  const text = document([attributes() + note("C4", 16), note("D4", 16) + BACKWARD, note("E4", 16)]);
  const numbers = [0, 1, 2, 3, 4].map((index) =>
    /number="(\d)"/.exec(barText(bytesOf(text), index))![1]
  );
  assertEquals(numbers.join(""), "12123");
});

const middle = (what: string) => `<barline location="middle">${what}</barline>`;
const REPEAT = '<repeat direction="backward"/>';

Deno.test("repeats begin and end within a bar, in all parts and with endings", () => {
  const [c, d, e, f] = ["C4", "D4", "E4", "F4"].map((name) => note(name, 8));
  const long = attributes() + note("C4", 16);
  const played = (...bars: string[]) => orderOf(document(bars));
  assertEquals(played(attributes() + c + middle(REPEAT) + d, e! + f), "AACEF");
  assertEquals(
    played(long, d! + middle('<repeat direction="forward"/>') + e, f! + f + BACKWARD),
    "ACEFFEFF",
  );
  const first = '<ending number="1" type="start"/>', second = '<ending number="2" type="start"/>';
  const stop = '<ending number="1" type="stop"/>';
  assertEquals(
    played(attributes() + c + middle(first) + d, e! + middle(stop + REPEAT + second) + f),
    "ACEAF",
  );
});

Deno.test("barText gives the measure of a bar cut at a repeat", () => {
  const text = document([
    attributes() + note("C4", 8) + middle(REPEAT) + note("D4", 8),
    note("E4", 16),
  ]);
  const numbers = [0, 1, 2, 3].map((index) =>
    /number="(\d)"/.exec(barText(bytesOf(text), index))![1]
  );
  assertEquals(numbers.join(""), "1112");
});

Deno.test("bar lines that other parts do not have are none, and parts stay together", () => {
  const own = '<measure number="X" non-controlling="yes">' + note("E4", 8) + "</measure>";
  const upper = document([
    attributes() + note("C4", 8) + `</measure>${own.slice(0, -10)}`,
    note("F4", 16),
  ]);
  const lower = `<part id="P2"><measure number="1">${attributes()}${note("D4", 16)}</measure>` +
    `<measure number="2">${note("G4", 16)}</measure></part>`;
  const text = upper.replace("</part></score", `</part>${lower}</score`);
  assertEquals(notesIn(text), ["60@0+2", "62@0+4", "64@2+2", "65@4+4", "67@4+4"]);
});

Deno.test("swing is read as written, and said", () => {
  const sign =
    "<direction><sound><swing><first>2</first><second>1</second></swing></sound></direction>";
  const text = document([attributes() + sign + note("C4", 2) + note("D4", 2)]);
  assertEquals(notesIn(text), ["60@0+0.5", "62@0.5+0.5"]);
  assertEquals(readScore(bytesOf(text)).remarks, ["swing read as written, with even notes"]);
});
