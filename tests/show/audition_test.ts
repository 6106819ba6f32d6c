import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { cardScript } from "../../lib/phases/audition.ts";
import { auditionHtml, auditionPage, auditionText, type Variant } from "../../lib/show/audition.ts";
import { characters, keyOf } from "../../lib/show/character.ts";
import tone from "@tonejs/midi";
import { readMidi } from "../../lib/midi/read.ts";
import { placeOnGrid } from "../../lib/tokens/placed.ts";
import { heardOf } from "../../lib/show/sounding.ts";
import type { PlayedNote } from "../../lib/midi/music.ts";
import { noteAt, songOf } from "../midi/song.ts";

/** A MIDI file in 3/4: [pitch, start, end] in beats. */
function midiOf(notes: readonly (readonly [number, number, number])[]): Uint8Array {
  const timeSignature = { numerator: 3, denominator: 4 };
  return songOf(notes.map(([pitch, start, end]) => noteAt(pitch, start, end - start)), {
    timeSignature,
  });
}

const scale = (from: number, length: number) =>
  [0, 2, 4, 5, 7, 9, 11, 12].map((step, at) =>
    [from + step, at * length, (at + 1) * length] as const
  );

const variants: Variant[] = [
  { name: "low", made: "seed 1", midi: midiOf(scale(36, 2)), mp3: Uint8Array.of(1, 2, 3) },
  { name: "high & <b>", made: "seed 2", midi: midiOf(scale(84, 0.25)), primerSeconds: 0.2 },
];

const script = await cardScript(), place = { id: "a", script };

Deno.test("What is heard of a MIDI file are its notes and bars in seconds", () => {
  const { notes, bars, seconds } = heardOf(midiOf([[60, 0, 1], [64, 4, 6]]));
  assertEquals(notes.map(({ pitch }) => pitch), [60, 64]);
  assertAlmostEquals(notes[1]!.start, 2, 1e-6);
  assertAlmostEquals(seconds, 3, 1e-6);
  assertEquals(bars.map((bar) => Math.round(bar * 1000)), [0, 1500]);
});

Deno.test("The bars of a file have the numbers by which they are changed: an upbeat is 0", () => {
  const grid = { unit: "beat", steps: 4, attacks: true } as const;
  const numberOf = (onset: number, metres: [ticks: number, metre: [number, number]][]) => {
    const midi = new tone.Midi();
    for (const [ticks, timeSignature] of metres) {
      midi.header.timeSignatures.push({ ticks, timeSignature });
    }
    const track = midi.addTrack();
    for (let beat = onset; beat < 24; beat++) {
      track.addNote({ midi: 60, ticks: 480 * beat, durationTicks: 480 });
    }
    const bytes = midi.toArray(), { firstBar } = heardOf(bytes);
    assertEquals(firstBar, placeOnGrid(readMidi(bytes), { grid, tracks: "piano" }).firstBar);
    return firstBar;
  };
  assertEquals(numberOf(0, [[0, [4, 4]]]), 1);
  assertEquals(numberOf(0, [[0, [1, 4]], [480, [4, 4]]]), 0, "a short bar");
  assertEquals(numberOf(3, [[0, [4, 4]]]), 0, "a bar silent up to its last beat");
  assertEquals(numberOf(1.9, [[0, [4, 4]]]), 0, "a bar whose second half begins a little early");
  assertEquals(numberOf(1, [[0, [4, 4]]]), 1, "a bar that begins with a rest");
  assertEquals(numberOf(8, [[0, [4, 4]]]), -1, "two empty bars");
  assertEquals(numberOf(7.95, [[0, [4, 4]]]), -1, "two empty bars, and a note a little early");
});

Deno.test("The key is the one whose scale and chord sound longest", () => {
  const notes = (pitches: number[]): PlayedNote[] =>
    pitches.map((pitch, at) => ({ pitch, start: at, end: at + 1, velocity: 80 }));
  const heard = (pitches: number[]) => ({
    notes: notes(pitches),
    bars: [0, 4, 8],
    firstBar: 1,
    seconds: 11,
  });
  assertEquals(keyOf(heard([60, 62, 64, 65, 67, 69, 71, 60, 64, 67])), "C major");
  assertEquals(keyOf(heard([69, 71, 72, 74, 76, 77, 68, 69, 72, 76, 69])), "A minor");
});

Deno.test("What is special about a variant is what tells it from the others", () => {
  const [low, high] = characters(variants.map(({ midi }) => heardOf(midi)));
  assertStringIncludes(low!, "C major");
  assert(/deepest|longest notes|calmest/.test(low!), low);
  assert(/highest|shortest notes|busiest|off the bass/.test(high!), high);
  assertEquals(characters([heardOf(variants[0]!.midi)])[0], "C major"); // alone, nothing is special
});

Deno.test("An audition is HTML with roll, player, downloads and the moving line, names as text", () => {
  const html = auditionHtml(variants, place);
  assertEquals(html.match(/<figure /g)?.length, 2);
  assertEquals(html.match(/<audio /g)?.length, 1); // no sound, no player
  assertEquals(html.match(/data-playhead/g)!.length >= 2, true);
  assertEquals(html.match(/href="data:audio\/midi;base64,/g)?.length, 2);
  assertStringIncludes(html, "high &#38; &#60;b&#62;");
  assert(!html.includes("<b>high"));
  const [, roll] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)!;
  const svg = new TextDecoder().decode(Uint8Array.fromBase64(roll!));
  assert(!/NaN|undefined/.test(svg));
});

Deno.test("Of a piece that was changed, the notes that are its own and the new ones are told apart", () => {
  const { midi, name, made } = variants[0]!;
  const source = midiOf(scale(36, 2).map((note, at) => at === 3 ? [50, note[1], note[2]] : note));
  const [, roll] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(
    auditionHtml([{ name, made, midi, source }], place),
  )!;
  const svg = new TextDecoder().decode(Uint8Array.fromBase64(roll!));
  const notes = [...svg.matchAll(/<path d="([^"]*)" fill="/g)].map(([, path]) =>
    path!.split("z").length - 1
  );
  assertEquals(notes, [7, 1]);
});

Deno.test("An audition page needs nothing from elsewhere", () => {
  const page = auditionPage(variants, "Two <pieces>", script);
  assertStringIncludes(page, "<title>Two &#60;pieces&#62;</title>");
  assert(!/(src|href)="(?!data:|#)/.test(page), "a link to elsewhere");
  assert(!/https?:/.test(page.replaceAll("http://www.w3.org/2000/svg", "")));
  assertEquals(auditionText(variants).split("\n").length, 2);
});

Deno.test("No link of an audition leads nowhere until a script has set it: notebooks rewrite such", () => {
  const html = auditionHtml(variants, place);
  for (const [, href] of html.matchAll(/<a [^>]*href="([^"]*)"/g)) {
    assertStringIncludes(href!, "data:audio/midi;base64,");
  }
});

Deno.test("A piece that is cut says so, a whole one does not; the picture shows all of either", () => {
  const [variant] = variants;
  const cutOff = auditionHtml([{ ...variant!, cut: { seconds: 3, of: 47.4 } }], place);
  assertStringIncludes(cutOff, ">the first 3 s of 47 s</div>");
  const whole = auditionHtml([variant!], place);
  assert(!whole.includes("data-cut"));
  const roll = (html: string) => /src="(data:image[^"]+)"/.exec(html)![1];
  assertEquals(roll(cutOff), roll(whole));
});

Deno.test("Cards name a kernel only where one listens, and bars as they are counted in print", () => {
  assert(!auditionHtml(variants, place).includes("data-kernel="));
  assertStringIncludes(auditionHtml(variants, { ...place, kernel: "k-1" }), 'data-kernel="k-1"');
  const upbeat = auditionHtml([{ ...variants[0]!, firstBar: 0 }], place);
  assertStringIncludes(upbeat, 'data-first-bar="0"');
  const [, roll] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(upbeat)!;
  const svg = new TextDecoder().decode(Uint8Array.fromBase64(roll!));
  assertEquals([...svg.matchAll(/>(\d+)<\/text>/g)].map(([, number]) => number).slice(0, 2), [
    "0",
    "1",
  ]);
});

Deno.test("A card that stands alone is not drawn larger than one beside others", () => {
  const [, style] = /<figure [^>]*style="([^"]*)"/.exec(auditionHtml(variants.slice(0, 1), place))!;
  assertStringIncludes(style!, "max-width:44em");
});
