/**
 * Damaged scores: MusicXML, plain and compressed, Humdrum and ABC.
 * @module
 */
import { deflateRawSync } from "node:zlib";
import { readMidi } from "../../lib/midi/read.ts";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";
import { Random } from "../../lib/random.ts";
import type { FuzzInput } from "./inputs.ts";
import { type FuzzTarget, isReason } from "./target.ts";

/** File extension of kept failures. */
export const ending = "score";

/** Limits low enough that each is exceeded now and then. */
const LIMITS = {
  bytes: 50_000,
  documentBytes: 20_000,
  elements: 2000,
  depth: 12,
  bars: 200,
  notes: 1000,
};

const NOTE = (step: string, octave: number, duration: number, more = "") =>
  `<note><pitch><step>${step}</step><alter>0</alter><octave>${octave}</octave></pitch>` +
  `<duration>${duration}</duration>${more}<voice>1</voice><staff>1</staff></note>`;

const MUSIC_XML = `<?xml version="1.0" encoding="UTF-8"?>
<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Piano</part-name></score-part>
</part-list><part id="P1">
<measure number="1"><attributes><divisions>4</divisions><key><fifths>-3</fifths><mode>minor</mode></key>
<time><beats>3</beats><beat-type>4</beat-type></time><staves>2</staves></attributes>
<barline location="left"><repeat direction="forward"/></barline>
<direction><direction-type><metronome><beat-unit>half</beat-unit><per-minute>60</per-minute></metronome>
</direction-type><sound tempo="120" dynamics="80"/></direction>
<harmony><root><root-step>C</root-step></root><kind text="m">minor</kind></harmony>
${NOTE("C", 5, 4, '<tie type="start"/>')}<note><chord/><pitch><step>E</step><alter>-1</alter>
<octave>5</octave></pitch><duration>4</duration><voice>1</voice></note>${
  NOTE("C", 5, 8, '<tie type="stop"/>')
}
<backup><duration>12</duration></backup>${
  NOTE("C", 3, 12).replace("<staff>1", "<staff>2")
}</measure>
<measure number="2"><barline location="left"><ending number="1" type="start"/></barline>
<note><grace/><pitch><step>D</step><octave>5</octave></pitch><voice>1</voice></note>${
  NOTE("G", 4, 12)
}
<barline location="right"><ending number="1" type="stop"/><repeat direction="backward" times="2"/></barline>
</measure><measure number="3"><barline location="left"><ending number="2" type="start"/></barline>
<direction><direction-type><words>D.C. al Fine</words></direction-type><sound dacapo="yes" fine="yes"/>
</direction>${NOTE("A", 4, 6)}<forward><duration>2</duration></forward>${NOTE("F", 4, 4)}
<barline location="right"><ending number="2" type="discontinue"/></barline></measure></part></score-partwise>`;

const HUMDRUM = `!!!OTL: A piece
**kern	**dynam	**kern
*>[A,A,B]	*	*>[A,A,B]
*k[b-e-]	*	*k[b-e-]
*M3/4	*	*M3/4
*MM96	*	*MM96
*>A	*	*>A
=1	=1	=1
2.BB-	p	4d 4f
.	.	8g[
.	.	8g]
.	.	8qa
.	.	4b-
*>B	*	*>B
=2	=2	=2
*	*	*^
4C 4E-	f	12c	4ee-
.	.	12d	.
.	.	12e-	.
2r	.	2f	2ff
*	*	*v	*v
==	==	==
*-	*-	*-
`;

const ABC = `X:1
T:A tune
M:6/8
L:1/8
Q:3/8=80
V:1
V:2 clef=bass
K:Ador
[V:1] |: "Am7"A>B(3cde- {g}e2 z | [CEG]2 ^f_B'' (3:2:2 cd |1 A6 :|2 Z |]
[V:2] |: A,,3- A,,3 | E,2 E, x3 |1 A,6 :|2 [M:3/4] A,6 |]
`;

/** An archive whose one entry after the container is the score. */
function compressed(text: string): Uint8Array {
  const encode = (one: string) => new TextEncoder().encode(one);
  const little = (value: number, bytes: number) =>
    Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255);
  const entries = {
    "META-INF/container.xml":
      '<container><rootfiles><rootfile full-path="s.xml"/></rootfiles></container>',
    "s.xml": text,
  };
  const local: number[] = [], directory: number[] = [];
  for (const [name, content] of Object.entries(entries)) {
    const bytes = encode(content), packed = deflateRawSync(bytes), at = local.length;
    const common = [
      ...[...little(0, 2), ...little(8, 2), ...little(0, 8)],
      ...[...little(packed.length, 4), ...little(bytes.length, 4), ...little(name.length, 2), 0, 0],
    ];
    local.push(...little(0x04034b50, 4), 20, 0, ...common, ...encode(name), ...packed);
    directory.push(...little(0x02014b50, 4), 20, 0, 20, 0, ...common, ...little(0, 10));
    directory.push(...little(at, 4), ...encode(name));
  }
  const sizes = [...little(directory.length, 4), ...little(local.length, 4), 0, 0];
  return new Uint8Array([
    ...local,
    ...directory,
    ...little(0x06054b50, 4),
    0,
    0,
    0,
    0,
    2,
    0,
    2,
    0,
    ...sizes,
  ]);
}

/** A small score in each format. */
export function goodFiles(): Promise<Uint8Array[]> {
  const encoder = new TextEncoder();
  return Promise.resolve([
    encoder.encode(MUSIC_XML),
    encoder.encode(HUMDRUM),
    encoder.encode(ABC),
    compressed(MUSIC_XML),
  ]);
}

const NUMBERS = ["0", "-1", "1e9", "0.5", "999999999999", "NaN", "", "64", "128"];

/**
 * Makes damaged file number `index`: numbers changed, parts lost, duplicated or moved, bytes
 * flipped.
 */
export function makeInput(seed: number, index: number, good: readonly Uint8Array[]): FuzzInput {
  const random = new Random(seed * 2 ** 32 + index), which = index % good.length;
  let bytes = good[which]!.slice();
  for (let left = 1 + random.below(4); left > 0; left--) {
    bytes = which < 3 && random.below(4) > 0
      ? changedText(bytes, random)
      : changedBytes(bytes, random);
  }
  return { kind: ["xml", "krn", "abc", "mxl"][which]!, bytes };
}

function changedText(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(bytes), at = random.below(text.length + 1);
  const span = text.slice(at, at + 1 + random.below(random.below(2) ? 20 : 300));
  const to = random.below(text.length + 1);
  const numbers = [...text.matchAll(/\d+/g)],
    number = numbers[random.below(Math.max(1, numbers.length))];
  const changed = [
    () => text.slice(0, at) + text.slice(at + span.length),
    () => text.slice(0, to) + span + text.slice(to),
    () => text.slice(0, at) + span.repeat(1 + random.below(60)) + text.slice(at + span.length),
    () =>
      number
        ? text.slice(0, number.index) + NUMBERS[random.below(NUMBERS.length)] +
          text.slice(number.index + number[0].length)
        : text,
  ][random.below(4)]!();
  return new TextEncoder().encode(changed);
}

function changedBytes(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  if (random.below(10) === 0) return bytes.slice(0, random.below(bytes.length + 1));
  const changed = bytes.slice();
  if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
  return changed;
}

/**
 * Fuzz targets that read a score and convert it to MIDI, which must be valid, or refused with a
 * reason.
 */
export const fuzzTargets: readonly FuzzTarget[] = [{
  name: "score",
  check({ bytes }) {
    let music;
    let said: readonly string[] = [];
    try {
      const { midi, remarks } = midiOfScore(readScore(bytes, LIMITS), LIMITS);
      said = remarks;
      music = readMidi(midi);
    } catch (error) {
      if (isReason(error)) return "skipped";
      throw error;
    }
    if (music.repairs.some((repair) => !/tempos? or metre|held too long/.test(repair))) {
      throw new Error(`it became MIDI that has to be repaired: ${music.repairs.join("; ")}`);
    }
    for (const { notes } of music.parts) {
      for (const { pitch, startTicks, endTicks } of notes) {
        const isNote = pitch >= 0 && pitch < 128 && startTicks >= 0 && endTicks > startTicks;
        if (!isNote) throw new Error(`no note: ${pitch} from ${startTicks} to ${endTicks}`);
      }
    }
    return said.length > 0 ? "repaired" : "used";
  },
}];
