import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { score } from "../../lib/phases/score.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import { Random } from "../../lib/random.ts";
import { noteAt, songOf } from "../midi/song.ts";
import { assertWellFormed } from "../show/xml.ts";
import { inFolder } from "../store/support.ts";

function midi(pitches: readonly number[]): Uint8Array {
  const timeSignature = { numerator: 3, denominator: 4 };
  return songOf(pitches.map((pitch, i) => noteAt(pitch, i, 1)), { timeSignature });
}

Deno.test("A score is engraved as SVG, one head for each note, the same bytes each time", () =>
  inFolder(async (folder) => {
    const pitches = [67, 69, 71, 72, 74, 78, 79, 74, 71, 67, 66, 67];
    await Deno.writeFile(`${folder}/a.mid`, midi(pitches));
    const summary = await score({ midi: `${folder}/a.mid`, title: "Ländler & <Co>" });
    assertEquals(summary.pages, [`${folder}/a.svg`]);
    assertEquals([summary.bars, summary.notes], [4, 12]);
    assertEquals(summary.keys, [{ bar: 1, key: "G major" }]);
    assertEquals(summary.metres, [{ bar: 1, metre: "3/4" }]);
    const svg = await Deno.readTextFile(`${folder}/a.svg`);
    assertWellFormed(svg.replace(/<style.*?<\/style>/gs, ""));
    assertEquals(svg.match(/class="notehead"/g)?.length, pitches.length);
    assertEquals(svg.match(/class="measure"/g)?.length, 4);
    assertStringIncludes(svg, "Ländler &amp; &lt;Co&gt;");
    assert(!/@font-face|https?:\/\/(?!www\.w3\.org)/.test(svg), "something to be fetched");
    const again = await score({ midi: `${folder}/a.mid`, title: "Ländler & <Co>" });
    assertEquals(again.pages, summary.pages);
    assertEquals(await Deno.readTextFile(again.pages[0]!), svg);
    assertStringIncludes(
      String(summary[JUPYTER_DISPLAY]()["text/html"]),
      "data:image/svg+xml;base64,",
    );
  }));

Deno.test("A score takes the next free name where another file stands, and replaces nothing", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.mid`, midi([60, 62, 64]));
    await Deno.writeTextFile(`${folder}/a.svg`, "mine");
    const summary = await score({ midi: `${folder}/a.mid` });
    assertEquals(summary.pages, [`${folder}/a-2.svg`]);
    assertEquals(summary.musicXml, `${folder}/a-2.musicxml`);
    assertEquals(await Deno.readTextFile(`${folder}/a.svg`), "mine");
  }));

Deno.test("A score of what has no notes, or is no MIDI file, is refused with the reason", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/empty.mid`, midi([]));
    await Deno.writeTextFile(`${folder}/bad.mid`, "no MIDI file");
    await assertRejects(
      () => score({ midi: `${folder}/empty.mid` }),
      Error,
      "Cannot engrave",
    );
    await assertRejects(() => score({ midi: `${folder}/bad.mid` }), Error, "Cannot engrave");
    await assertRejects(() => score({ midi: `${folder}/none.mid` }), Error, "does not exist");
    await Deno.writeFile(`${folder}/a.mid`, midi([60]));
    await assertRejects(
      () => score({ midi: `${folder}/a.mid`, stepsPerBeat: 99 }),
      RangeError,
      "1 to 48",
    );
  }));

Deno.test("Bars are counted as on the page, and a score that says little, or is for four hands, says so", () =>
  inFolder(async (folder) => {
    const messages: string[] = [];
    const run = { onMessage: (message: string) => messages.push(message) };
    const timeSignature = { numerator: 3, denominator: 4 };
    const upbeat = [67, ...[60, 62, 64], ...[65, 67, 69]].map((pitch, i) =>
      noteAt(pitch, i + 2, 1)
    );
    await Deno.writeFile(`${folder}/upbeat.mid`, songOf(upbeat, { timeSignature }));
    const summary = await score({ midi: `${folder}/upbeat.mid` }, run);
    assertEquals(summary.metres, [{ bar: 0, metre: "3/4" }]);
    assertEquals(summary.bars, 3);
    assertStringIncludes(await Deno.readTextFile(summary.musicXml), '<measure number="0"');
    assertEquals(messages, []);

    const random = new Random(1);
    const free = Array.from(
      { length: 200 },
      (_, i) => noteAt(60 + i % 12, i / 3 + random.next() / 3, 0.2),
    );
    await Deno.writeFile(`${folder}/free.mid`, songOf(free));
    await score({ midi: `${folder}/free.mid` }, run);
    assertStringIncludes(messages.join(), "follow no beat of the file");
  }));
