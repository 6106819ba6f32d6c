import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { sheetOfPiece } from "../../lib/harmony/piece_chords.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { generate } from "../../lib/phases/generate.ts";
import { chordSheetFor } from "../../lib/phases/generate/chords.ts";
import { chordFile } from "../../lib/phases/settings/generate.ts";
import { chordSymbol } from "../../lib/tokens/chord_symbol.ts";
import { GRID } from "../harmony/music.ts";

const STYLE = {
  timeSignature: [4, 4],
  tokenize: { grid: GRID, tracks: "piano", melody: false, pedal: false },
} as unknown as Parameters<typeof chordSheetFor>[1];

const QUICK = { model: "base", candidates: 1, barCandidates: 4, seed: 3 } as const;

Deno.test("chords that are asked for are heard in the music, over their basses", async () => {
  const data = await Deno.makeTempDir();
  try {
    const asked = "C/E F7 Dm7 G7";
    const { pieces } = await generate({ ...QUICK, data, chords: asked, bars: 4 });
    const { bars } = sheetOfPiece(pieces[0]!.piece, GRID, 4);
    assertEquals(bars.map(([first]) => first?.chord && chordSymbol(first.chord)), asked.split(" "));
    const { chords: written, ticksPerBeat } = readMidi(await Deno.readFile(pieces[0]!.midi));
    assertEquals(written?.map(({ symbol }) => symbol), asked.split(" "));
    assertEquals(written?.map(({ ticks }) => ticks / ticksPerBeat), [0, 4, 8, 12]);

    // Chords found in one piece are asked of another, and a recipe makes it again.
    const chords = `from:${pieces[0]!.midi}`;
    const again = await generate({ ...QUICK, data, chords, bars: 4, seed: 9 });
    const found = sheetOfPiece(again.pieces[0]!.piece, GRID, 4).bars;
    assertEquals(found.map(([first]) => first?.chord?.root), [0, 5, 2, 7]);
    const same = await generate({ recipe: again.pieces[0]!.recipe, data });
    assertEquals(same.pieces[0]!.piece.frames, again.pieces[0]!.piece.frames);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("what a lead sheet does not say, or is not followed, is told once for all pieces", async () => {
  const data = await Deno.makeTempDir(), messages: string[] = [];
  try {
    const chords = join(data, "song.cho");
    await Deno.writeTextFile(chords, "{title: Song}\n{capo: 2}\n[Am]One [F]two [C]three [G]four\n");
    await generate(
      { ...QUICK, data, chords, bars: 4, count: 2 },
      { onMessage: (line) => messages.push(line) },
    );
    const said = messages.filter((line) => line.includes("each chord lasts one bar"));
    assertEquals(said.length, 1);
    assertEquals(said[0]!.includes("transposed by 2 semitones"), true);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("chords come from lead sheets of every kind, which are told by their content", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const sheets = {
      "plain.txt": "| Am | F G | C |",
      "song.cho": "{title: A}\n[Am]La [F]la",
      "song.html": '<a href="irealbook://A=B C=Pop=C=n=[T34C |F  ]">A</a>',
      "song.musicxml": `<?xml version="1.0"?><score-partwise><part-list><score-part id="P1">
        <part-name>P</part-name></score-part></part-list><part id="P1"><measure number="1">
        <attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>
        </attributes><harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>
        <kind>minor-seventh</kind></harmony><note><pitch><step>C</step><octave>4</octave></pitch>
        <duration>2</duration></note><harmony><root><root-step>E</root-step></root>
        <kind>suspended-fourth</kind><bass><bass-step>B</bass-step></bass></harmony>
        <note><pitch><step>C</step><octave>4</octave></pitch><duration>2</duration></note>
        </measure></part></score-partwise>`,
    };
    const read: Record<string, string> = {};
    for (const [name, content] of Object.entries(sheets)) {
      const path = join(folder, name);
      await Deno.writeTextFile(path, content);
      const sheet = await chordSheetFor({ chords: path }, STYLE);
      read[name] = `${sheet!.beatsPerBar}: ` +
        sheet!.bars.map((bar) =>
          bar.map(({ beat, chord }) => `${chordSymbol(chord!)}@${beat}`).join(" ")
        ).join(" | ");
    }
    assertEquals(read, {
      "plain.txt": "4: Am@0 | F@0 G@2 | C@0",
      "song.cho": "4: Am@0 | F@0",
      "song.html": "3: C@0 | F@0",
      "song.musicxml": "4: Bbm7@0 Esus4/B@2",
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("chords that cannot be read, or followed, are refused with the reason", async () => {
  const refused: [Parameters<typeof generate>[0], string][] = [
    [{ ...QUICK, chords: "Am Xm" }, 'Cannot read chords at "Xm" (column 4)'],
    [{ ...QUICK, chords: "no-such.cho" }, "Cannot read the chords of no-such.cho"],
    [{ ...QUICK, chords: "from:no-such.mid" }, "Cannot find chords in no-such.mid"],
    [{ ...QUICK, chords: "1 4", form: "none" }, "without a form there is no plan to follow"],
    [{ ...QUICK, chords: "C", vary: { midi: "a.mid", distance: 1 } }, "Cannot use --chords with"],
  ];
  for (const [settings, says] of refused) {
    await assertRejects(() => generate(settings), Error, says);
  }
  assertEquals(chordFile("Am F"), undefined);
  assertEquals(chordFile("from:a b.mid"), "a b.mid");
});

Deno.test("what chooses bars is refused where none are chosen, unless it is off", async () => {
  const data = await Deno.makeTempDir(), free = { ...QUICK, data, form: "none", bars: 1 } as const;
  const refused: [Parameters<typeof generate>[0], string][] = [
    [free, "Cannot use --bar-candidates: without a plan"],
    [{ ...free, barCandidates: 1, discriminator: 0.4 }, "--discriminator: without a plan"],
    [{ ...QUICK, data, barCandidates: 1, discriminator: 0.4 }, "each bar is sampled only once"],
  ];
  try {
    for (const [settings, says] of refused) {
      await assertRejects(() => generate(settings), TypeError, says);
    }
    await generate({ ...free, barCandidates: 1, discriminator: 0 });
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
