import { assertEquals } from "@std/assert";
import { choosePiano } from "../../lib/midi/piano.ts";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";
import { readMidi } from "../../lib/midi/read.ts";
import {
  attributes,
  backup,
  bytesOf,
  document,
  mxl,
  note,
  notesIn,
  orderOf,
  played,
  zip,
} from "./documents.ts";

/** Habits of the programs that export MusicXML, each in a few bars of our own. */

const forward = (duration: number) => `<forward><duration>${duration}</duration></forward>`;
const words = (text: string, sound = "") =>
  `<direction placement="above"><direction-type><words>${text}</words></direction-type>${sound}</direction>`;
const sign = (what: string, sound = "") =>
  `<direction><direction-type><${what}/></direction-type>${sound}</direction>`;
const barline = (location: string, body: string) =>
  `<barline location="${location}">${body}</barline>`;
const tempos = (text: string) =>
  played(text).tempos.map(({ microsecondsPerBeat }) => Math.round(60e6 / microsecondsPerBeat));
const signatures = (text: string) =>
  played(text).timeSignatures.map(({ numerator, denominator }) => `${numerator}/${denominator}`);

Deno.test("Sibelius writes hidden rests as gaps, which fill a bar; without them it is short", () => {
  const hands = (first: string, second: string) =>
    attributes({ staves: 2 }) + first + backup(16) + second;
  const filled = document([
    hands(note("C4", 4) + forward(12), forward(16)),
    note("D4", 16) + backup(16) + note("D3", 16, { staff: 2 }),
  ]);
  assertEquals(notesIn(filled), ["60@0+1", "50@4+4", "62@4+4"]);
  assertEquals(signatures(filled), ["4/4"]);
  const upbeat = document([attributes() + note("C4", 4), note("D4", 16)]);
  assertEquals(notesIn(upbeat), ["60@0+1", "62@1+4"]);
});

Deno.test("a turn that spills over beside a full voice makes its bar no longer; a cadenza does", () => {
  const beside = (spilled: number) =>
    document([
      attributes({ divisions: 8, time: "2/4" }) + note("C4", 16) + backup(16) +
      note("R", 16 - 4, { voice: 2, head: ' print-object="no"' }) +
      note("E4", 4 + spilled, { voice: 2 }),
      note("G4", 16),
    ]);
  assertEquals(notesIn(beside(1)).at(-1), "67@2+2");
  assertEquals(notesIn(beside(4)).at(-1), "67@2.5+2");
});

Deno.test("Finale numbers bars X1, repeats its tempo in a bare sound, and hides upbeats' numbers", () => {
  const body = [
    `<measure implicit="yes" number="X1" width="120"><print page-number="1"/>${
      attributes({ divisions: 1024, time: "3/4" })
    }${sign('words default-y="20"', '<sound tempo="66"/>')}<sound tempo="66"/>${
      note("G4", 1024)
    }</measure>`,
    `<measure number="1">${
      note("C5", 3072, { head: ' dynamics="133" default-x="12.5"' })
    }</measure>`,
  ];
  const text = document([]).replace("</part>", `${body.join("")}</part>`);
  assertEquals(notesIn(text), ["67@0+1", "72@1+3"]);
  assertEquals([...new Set(tempos(text))], [66]);
  assertEquals(played(text).parts[0]!.notes.map(({ velocity }) => velocity), [80, 120]);
});

Deno.test("cut time, hidden metres, and metres of several staves are those of the first staff", () => {
  const time = (inner: string, head = "") =>
    attributes().replace(/<time>.*<\/time>/, `<time${head}>${inner}</time>`);
  const half = "<beats>2</beats><beat-type>2</beat-type>";
  assertEquals(signatures(document([time(half, ' symbol="cut"') + note("C4", 16)])), ["2/2"]);
  assertEquals(signatures(document([time(half, ' print-object="no"') + note("C4", 16)])), ["2/2"]);
  const both = attributes({ staves: 2 }).replace(
    /<key>.*<\/time>/,
    "<key number='1'><fifths>-1</fifths></key><key number='2'><fifths>2</fifths></key>" +
      "<time number='1'><beats>6</beats><beat-type>8</beat-type></time>" +
      "<time number='2'><beats>3</beats><beat-type>4</beat-type></time>",
  );
  const text = document([both + note("C4", 12)]);
  assertEquals(signatures(text), ["6/8"]);
  assertEquals(readScore(bytesOf(text)).bars[0]!.keys.map(({ fifths }) => fifths), [-1]);
});

Deno.test("an octave line changes no pitch, a written transposition does", () => {
  const line = (type: string) =>
    `<direction><direction-type><octave-shift type="${type}" size="8"/></direction-type></direction>`;
  assertEquals(
    notesIn(
      document([attributes() + line("down") + note("C6", 16) + line("stop"), note("C5", 16)]),
    ),
    ["84@0+4", "72@4+4"],
  );
  const more = "<transpose><diatonic>-7</diatonic><chromatic>-12</chromatic></transpose>";
  assertEquals(notesIn(document([attributes({ more }) + note("C5", 16)])), ["60@0+4"]);
});

Deno.test("trills, tremolos, slurs and arpeggios change no duration", () => {
  const notations = (inner: string) => `<notations>${inner}</notations>`;
  const trill = notations(
    '<ornaments><trill-mark/><wavy-line type="start" number="1"/><wavy-line type="stop" number="1"/></ornaments>',
  );
  const tremolo = (type: string) =>
    "<time-modification><actual-notes>2</actual-notes><normal-notes>1</normal-notes></time-modification>" +
    notations(`<ornaments><tremolo type="${type}">3</tremolo></ornaments>`);
  assertEquals(
    notesIn(document([
      attributes() + note("C4", 8, { more: trill }) +
      note("E4", 4, { more: tremolo("start") }) + note("G4", 4, { more: tremolo("stop") }),
    ])),
    ["60@0+2", "64@2+1", "67@3+1"],
  );
});

Deno.test("bars under a multiple rest last as long as any", () => {
  const rest = "<note><rest measure='yes'/><duration>16</duration><voice>1</voice></note>";
  const style =
    "<attributes><measure-style><multiple-rest>2</multiple-rest></measure-style></attributes>";
  assertEquals(
    notesIn(document([attributes() + note("C4", 16), style + rest, rest, note("D4", 16)])),
    ["60@0+4", "62@12+4"],
  );
  assertEquals(notesIn(document([attributes() + note("C4", 16), "", note("D4", 16)])), [
    "60@0+4",
    "62@8+4",
  ]);
});

Deno.test("a bar with only a repeat sign is played as the bar that it repeats", () => {
  const style = (sign: string) =>
    `<attributes><measure-style><measure-repeat ${sign}</measure-repeat></measure-style></attributes>`;
  const rest = "<note><rest measure='yes'/><duration>16</duration><voice>1</voice></note>";
  const one = document([
    attributes() + note("C4", 16),
    style('type="start" slashes="1">1') + rest,
    rest,
    style('type="stop">') + rest,
    note("E4", 16),
  ]);
  assertEquals(notesIn(one), ["60@0+4", "60@4+4", "60@8+4", "64@16+4"]);
  const two = document([
    attributes() + note("C4", 16),
    note("D4", 16),
    style('type="start" slashes="2">2') + rest,
    note("F4", 16), // written out
  ]);
  assertEquals(notesIn(two), ["60@0+4", "62@4+4", "60@8+4", "65@12+4"]);
});

Deno.test("endings without a repeat are all played, and grace notes may end a bar", () => {
  const volta = (number: number) =>
    barline("left", `<ending number="${number}" type="start"/>`) +
    note(number === 1 ? "D4" : "E4", 16) +
    barline("right", `<ending number="${number}" type="stop"/>`);
  assertEquals(orderOf(document([attributes() + note("C4", 16), volta(1), volta(2)])), "ACE");
  const grace = note("D4", 0, { more: "<grace/>" });
  assertEquals(
    notesIn(document([
      attributes() + note("C4", 16) + grace + backup(16) + grace + note("E3", 16, { voice: 2 }),
      note("G4", 16),
    ])),
    ["52@0+4", "60@0+4", "62@3.87+0.13", "67@4+4"],
  );
});

Deno.test("a title is that of the work, the movement, or a credit", () => {
  const titled = (before: string) =>
    readScore(bytesOf(document([attributes() + note("C4", 16)], before))).title;
  const credit = "<credit><credit-type>title</credit-type><credit-words>C</credit-words></credit>";
  assertEquals(titled(`<work><work-title>A</work-title></work>${credit}`), "A");
  assertEquals(titled(credit), "C");
});

Deno.test("endings that Sibelius closes late, and Dorico's, lead through the same bars", () => {
  const repeat = (direction: string) => `<repeat direction="${direction}"/>`;
  const text = document([
    attributes() + barline("left", `<bar-style>heavy-light</bar-style>${repeat("forward")}`) +
    note("C4", 16),
    barline("left", '<ending number="1." type="start" print-object="yes">1.</ending>') +
    note("D4", 16),
    note("E4", 16) + barline("right", `<ending number="1." type="stop"/>${repeat("backward")}`),
    barline("left", '<ending number="2." type="start"/>') + note("F4", 16),
    note("G4", 16) + barline("right", '<ending number="2." type="discontinue"/>'),
    note("A4", 16),
  ]);
  assertEquals(orderOf(text), "ACEAFHJ");
});

Deno.test("jumps are found in signs, words and sounds, however they are mixed", () => {
  const bars = (...marks: readonly (readonly [before: string, after?: string])[]) =>
    orderOf(document(marks.map(([before, after = ""], i) =>
      (i === 0 ? attributes() : "") + before +
      note(["C4", "C#4", "D4", "D#4", "E4"][i]!, 16) + after
    )));
  // Finale: everything in sounds, numbered
  assertEquals(
    bars(
      [""],
      [sign("segno", '<sound segno="1"/>')],
      ["", words("To Coda", '<sound tocoda="2"/>')],
      ["", words("D.S. al Coda", '<sound dalsegno="1"/>')],
      [sign("coda", '<sound coda="2"/>')],
    ),
    "ABCDBCE",
  );
  // Sibelius: the words of the jump with its sign beside them, the departure as words and a sign
  assertEquals(
    bars(
      [""],
      [sign("segno")],
      ["", words("To Coda") + sign("coda")],
      [
        "",
        "<direction><direction-type><words>D.S.</words></direction-type><direction-type><segno/>" +
        "</direction-type><direction-type><words>al Coda</words></direction-type></direction>",
      ],
      [sign("coda") + words("Coda")],
    ),
    "ABCDBCE",
  );
  // names that do not agree, as where a score was edited by hand
  assertEquals(
    bars(
      [""],
      [sign("segno", '<sound segno="segno"/>')],
      ["", sign("coda", '<sound tocoda="coda"/>')],
      ["", words("DS al Coda")],
      [sign("coda")],
    ),
    "ABCDBCE",
  );
  assertEquals(
    bars([""], ["", words("Fine", '<sound fine="yes"/>')], ["", words("D. C. al Fine")]),
    "ABCAB",
  );
  // a repeat whose beginning is written as a sound only
  assertEquals(
    bars([""], ['<sound forward-repeat="yes"/>'], [
      "",
      barline("right", '<repeat direction="backward"/>'),
    ]),
    "ABCBC",
  );
});

Deno.test("Dorico's and others' two parts for two hands are both the piano; drums are not", () => {
  const part = (id: string, body: string) =>
    `<part id="${id}"><measure number="1">${attributes({ divisions: 1 })}${body}</measure></part>`;
  const listed = (id: string, name: string, channel = 1) =>
    `<score-part id="${id}"><part-name>${name}</part-name><score-instrument id="${id}-I1">` +
    `<instrument-name>${name}</instrument-name></score-instrument><midi-instrument id="${id}-I1">` +
    `<midi-channel>${channel}</midi-channel><midi-program>1</midi-program></midi-instrument></score-part>`;
  const unpitched = "<note><unpitched><display-step>E</display-step><display-octave>4" +
    "</display-octave></unpitched><duration>4</duration></note>";
  const text = `<score-partwise version="4.0"><part-list>${
    [listed("P1", "Piano (R.H.)"), listed("P2", "Piano (L.H.)"), listed("P3", "Kit", 10)].join("")
  }${listed("P4", "Blocks")}</part-list>${part("P1", note("E5", 4))}${part("P2", note("C3", 4))}${
    part("P3", note("C2", 4))
  }${part("P4", unpitched)}</score-partwise>`;
  const { midi, remarks } = midiOfScore(readScore(bytesOf(text))), music = readMidi(midi);
  assertEquals(
    choosePiano(music, "piano").parts.map(({ name, notes }) => [name, notes[0]!.pitch]),
    [["Piano (R.H.)", 76], ["Piano (L.H.)", 48]],
  );
  assertEquals(music.parts.map(({ drum }) => drum), [false, false, true]);
  assertEquals(remarks, ["1 note of percussion left out"]);
});

Deno.test("notes of one voice on both staves belong to the hand whose staff they are on", () => {
  const { parts } = played(document([
    attributes({ staves: 2 }) + note("C4", 4, { staff: 2, voice: 1 }) +
    note("E4", 4, { staff: 1, voice: 1 }) + note("G4", 8, { staff: 1, voice: 1 }),
  ]));
  assertEquals(parts.map(({ notes }) => notes.map(({ pitch }) => pitch)), [[64, 67], [60]]);
});

Deno.test("grace notes tied to their chord sound on and are not struck again", () => {
  const grace = (name: string) =>
    note(name, 0, { more: "<grace slash='no'/>" }).replace("<voice>", '<tie type="start"/><voice>');
  const stop = '<tie type="stop"/>';
  assertEquals(
    notesIn(document([
      attributes() + note("R", 8) + grace("C4") + grace("E4") + note("C4", 8, { more: stop }) +
      note("E4", 8, { more: `<chord/>${stop}` }) + note("G4", 8, { more: "<chord/>" }),
    ])),
    ["60@1.74+2.26", "64@1.87+2.13", "67@2+2"],
  );
});

Deno.test("tempo in words with a note, metric modulations, and pedal lines that go on", () => {
  assertEquals(tempos(document([attributes() + words("Allegro (♩ = 96)") + note("C4", 16)])), [96]);
  assertEquals(tempos(document([attributes() + words("q = c. 72") + note("C4", 16)])), [72]);
  const pedal = (type: string) =>
    `<direction><direction-type><pedal type="${type}" line="yes"/></direction-type></direction>`;
  const { parts: [part], ticksPerBeat } = played(document([
    attributes() + pedal("start") + note("C4", 8) + pedal("continue") + note("D4", 4) +
    pedal("stop") + note("E4", 4),
  ]));
  assertEquals(
    part!.pedal.map(({ ticks, down }) => [ticks / ticksPerBeat, down]),
    [[0, true], [3, false]],
  );
});

Deno.test("chord symbols whose degrees stand beside the kind keep them; functions are no chords", () => {
  const chords = (inner: string) =>
    midiSymbols(
      document([attributes() + `<harmony>${inner}</harmony>` + note("C4", 16)]),
    );
  const root = "<root><root-step>G</root-step></root>";
  const degree = (value: number, alter: number, type: string) =>
    `<degree><degree-value>${value}</degree-value><degree-alter>${alter}</degree-alter>` +
    `<degree-type>${type}</degree-type></degree>`;
  assertEquals(chords(`${root}<kind text="7">dominant</kind>${degree(9, -1, "add")}`), ["G7b9"]);
  assertEquals(chords(`${root}<kind text="7(♭9)">dominant</kind>`), ["G7b9"]);
  assertEquals(chords(`${root}<kind>major</kind>${degree(9, 0, "add")}`), ["Gadd9"]);
  assertEquals(chords("<function>V7</function><kind>dominant</kind>"), []);
  assertEquals(chords("<kind>none</kind>"), ["N.C."]);
});

function midiSymbols(text: string): string[] {
  return (readMidi(midiOfScore(readScore(bytesOf(text))).midi).chords ?? [])
    .map(({ symbol }) => symbol);
}

Deno.test("lyrics with entities and CDATA, and wrongly declared encodings are no hindrance", () => {
  const lyric = "<lyric number='1'><syllabic>single</syllabic><text>O&#x2019; &eacute; &amp;" +
    "<![CDATA[ <3 ]]></text></lyric>";
  const text = document([attributes() + note("C4", 16, { more: lyric })]);
  assertEquals(notesIn(text), ["60@0+4"]);
  assertEquals(notesIn(text.replace('encoding="UTF-8"', 'encoding="UTF-16"')), ["60@0+4"]);
  const bigEndian = new Uint8Array([
    0xfe,
    0xff,
    ...[...text].flatMap((c) => {
      const code = c.charCodeAt(0);
      return [code >> 8, code & 255];
    }),
  ]);
  assertEquals(readScore(bigEndian).bars[0]!.notes.length, 1);
});

Deno.test("archives name the score in any place, with any kind of slash, or hold it alone", () => {
  const text = document([attributes() + note("C4", 16)]), { notes } = readScore(mxl(text)).bars[0]!;
  const archive = (rootfiles: string, name: string) =>
    zip({
      "cover.pdf": "%PDF",
      "META-INF/container.xml":
        `<?xml version="1.0"?><container><rootfiles>${rootfiles}</rootfiles></container>`,
      [name]: text,
    });
  const pdf = '<rootfile full-path="cover.pdf" media-type="application/pdf"/>';
  const score = (path: string) =>
    `<rootfile full-path="${path}" media-type="application/vnd.recordare.musicxml+xml"/>`;
  for (
    const bytes of [
      archive(pdf + score("scores/a.xml"), "scores/a.xml"),
      archive(score("scores\\a.xml"), "scores/a.xml"),
      archive(score("./a.musicxml"), "a.musicxml"),
      zip({ "a.musicxml": text, "__MACOSX/._a.musicxml": "\0" }),
    ]
  ) assertEquals(readScore(bytes).bars[0]!.notes, notes);
});
