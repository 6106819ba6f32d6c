import { assertEquals, assertThrows } from "@std/assert";
import { whyForeign } from "../../lib/notation/kinds.ts";
import { type ScoreLimits, scoreLimits } from "../../lib/notation/limits.ts";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";
import { attribute, parseXml } from "../../lib/notation/xml.ts";
import { attributes, bytesOf, document, mxl, note, zip } from "./documents.ts";

const good = document([attributes() + note("C4", 16), note("D4", 16)]);

function refused(input: Uint8Array | string, reason: string, limits: Partial<ScoreLimits> = {}) {
  const bytes = typeof input === "string" ? bytesOf(input) : input;
  assertThrows(() => midiOfScore(readScore(bytes, limits), limits), Error, reason);
}

Deno.test("each limit lets through what is at it, and refuses what is past it", () => {
  const elements = good.split(/<\w/).length - 1, depth = 6, size = bytesOf(good).length;
  const at = {
    elements,
    depth,
    bytes: size,
    documentBytes: size,
    bars: 2,
    notes: 2,
    beats: 8,
    staves: 1,
  };
  midiOfScore(readScore(bytesOf(good), at), at);
  const units = {
    elements: "XML elements",
    depth: "nested XML elements",
    bytes: "bytes",
    documentBytes: "bytes",
    bars: "bars",
    notes: "notes, repeats written out",
    beats: "beats, repeats written out",
  };
  for (const [name, unit] of Object.entries(units)) {
    const limit = at[name as keyof typeof at] - 1;
    refused(good, `it has more than ${limit.toLocaleString("en-US")} ${unit}`, {
      ...at,
      [name]: limit,
    });
  }
  refused(document([attributes({ staves: 3 }) + note("C4", 16)]), "2 staves", { staves: 2 });
});

Deno.test("bar lines within a bar are bounded", () => {
  const sign = (at: number) =>
    note("C4", 1) +
    `<barline location="middle"><repeat direction="${at ? "backward" : "forward"}"/></barline>`;
  const signs = (count: number) =>
    document([attributes(), "", ...[
      Array.from({ length: count }, (_, i) => sign(i % 2)).join(""),
    ]]);
  assertEquals(readScore(bytesOf(signs(100))).bars.length, 103);
  refused(signs(101), "more than 100 repeat signs within a bar");
  refused(signs(100), "more than 50 bars", { bars: 50 });
  const own = (count: number) =>
    document([attributes() + note("C4", 1), ...new Array(count).fill(note("C4", 1))])
      .replaceAll(/number="(?!1")\d+"/g, 'number="X" non-controlling="yes"');
  assertEquals(readScore(bytesOf(own(99))).bars.length, 1);
  refused(own(100), "more than 100 bar lines of a single part within a bar");
});

Deno.test("archives are bounded by what they state, and held to it", () => {
  const packed = mxl(good), documentBytes = bytesOf(good).length;
  readScore(packed, { documentBytes, archiveEntries: 2 });
  refused(packed, `more than ${(documentBytes - 1).toLocaleString("en-US")} bytes`, {
    documentBytes: documentBytes - 1,
  });
  refused(packed, "more than 1 files in its archive", { archiveEntries: 1 });
  const container = '<container><rootfiles><rootfile full-path="a"/></rootfiles></container>';
  refused(mxl(good, container.length), "does not unpack to the");
  refused(mxl(good, 10 * documentBytes), "does not unpack to the");
  refused(packed.subarray(0, packed.length - 30), "damaged or cut off");
  refused(zip({ "a.mscx": "" }), "MuseScore's own format");
  refused(zip({ "a.txt": "" }), "no META-INF/container.xml");
  refused(zip({ "META-INF/container.xml": container }), 'names the score "a", which is not in it');
});

Deno.test("entities are refused before any is expanded, also those of other files", () => {
  const laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>';
  refused(laughs, "declares entities");
  refused(
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    "declares entities",
  );
  const reading = { limits: scoreLimits };
  assertEquals(parseXml("<a b='&#65;'>&amp;&#x42;&unknown;</a>", reading).text, "&B&unknown;");
  assertEquals(attribute(parseXml("<a bb='1' b='&#65;>'/>", reading), "b"), "A>");
});

Deno.test("broken documents are refused, and the reason names the line", () => {
  const cases: [string, string][] = [
    ["", "it is not XML"],
    ["MThd", "it is not XML"],
    ["<a>\n<b></a>", "<b> is closed by </a> (line 2)"],
    ["<a><b>", "breaks off within <b>"],
    ["<a></a><a></a>", "several root elements"],
    ["<a></a>x", "text after its root"],
    ["<a", "breaks off within a tag"],
    ["<a b='>", "breaks off within a tag"],
    ["<!-- ", "breaks off within a comment"],
    ["<a><![CDATA[x</a>", "breaks off within a CDATA section"],
    ["</a>", "<nothing> is closed by </a>"],
    ["<1/>", "is not an XML tag"],
    ["<rss/>", "no score: its root element is <rss>"],
    ["<museScore/>", "MuseScore's own format"],
    ["<opus/>", "a list of scores"],
    ["<mei/>", "MEI"],
    ["<score-partwise/>", "it has no bars"],
    [document([attributes() + note("R", 16)]), "it has no notes"],
    ['<?xml version="1.0" encoding="ebcdic-klingon"?><a/>', "unknown encoding"],
  ];
  for (const [text, reason] of cases) refused(text, reason);
});

Deno.test("a piece that repeats without end is bounded by its bars", () => {
  const bars = Array.from({ length: 50 }, (_, i) =>
    (i === 0 ? attributes() : "") + note("C4", 16) +
    '<barline location="right"><repeat direction="backward" times="999999"/></barline>');
  refused(document(bars), "more than 1,000 bars, repeats written out", { bars: 1000 });
});

Deno.test("a recording names the way to MIDI, by another format where it cannot be decoded", () => {
  const ways = ["song.mp3", "song.M4A", "song.opus"].map((name) => whyForeign(name));
  const transcribe = '"deno task transcribe FOLDER --out FOLDER" converts it to MIDI';
  const converted =
    `it is a recording: convert it to MP3, FLAC, Ogg Vorbis or WAV; then ${transcribe}`;
  assertEquals(ways, [`it is a recording: ${transcribe}`, converted, converted]);
});

Deno.test("a bar with very many rests is read like any other", () => {
  const rests = "<note><rest/><duration>1</duration></note>".repeat(130_000);
  const { bars } = readScore(bytesOf(document([attributes() + note("C4", 16) + rests])));
  assertEquals(bars.map(({ length }) => length), [4 + 130_000 / 4]);
});
