import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  decodePassageFilter,
  passageFilter,
  passageHashes,
} from "../../lib/evaluate/passage_filter.ts";
import { momentsOf, PASSAGE_FRAMES, passageIndex } from "../../lib/evaluate/passages.ts";
import { Random } from "../../lib/random.ts";
import { type Frame, HELD } from "../../lib/tokens/frame.ts";
import { pieceOf, transposed, WITH_ATTACKS, WITHOUT_ATTACKS } from "./music.ts";

/** Frames of one to three notes, held notes, and rests, from few pitches: much comes back. */
function letters(length: number, random: Random, pitches = 3): Frame[] {
  const from = 40 + random.below(20);
  return Array.from({ length }, () => {
    const pitch = from + random.below(pitches);
    return [[], [pitch], [pitch], [pitch, pitch + 4], [pitch + HELD]][random.below(5)]!;
  });
}

/** A stretch as text, the first sounding note of it as 64, so that the key does not matter. */
function inOneKey(frames: readonly Frame[]): string {
  const lowest = frames.find((frame) => frame.length > 0)?.[0] ?? 0;
  return JSON.stringify(transposed(frames, 64 - lowest % HELD));
}

/** All stretches of some frames that begin with a sounding one, as texts. */
function stretches(frames: readonly Frame[]): string[] {
  return frames.flatMap((frame, first) =>
    frame.length === 0
      ? []
      : frames.slice(first).map((_, at) => inOneKey(frames.slice(first, first + at + 1)))
  );
}

Deno.test("passageIndex finds what a search through all places and keys finds", () => {
  const random = new Random(1);
  let found = 0;
  for (let round = 0; round < 100; round++) {
    const sources = [letters(40, random), letters(30, random)];
    const query = letters(20, random);
    const stand = new Set(sources.flatMap(stretches));
    const moments = momentsOf(query, WITH_ATTACKS);
    let longest = 0;
    for (let first = 0; first < query.length; first++) {
      for (let last = first; last < query.length; last++) {
        const passage = moments.passage(first, last);
        if (!passage || passage.start !== first || passage.frames <= longest) continue;
        const stretch = query.slice(first, first + passage.frames);
        if (stand.has(inOneKey(stretch))) longest = passage.frames;
      }
    }
    const index = passageIndex(sources.map((frames) => pieceOf(frames)), WITH_ATTACKS);
    const passage = index.longest(query);
    assertEquals(passage?.frames ?? 0, longest);
    if (!passage) continue;
    found++;
    const { start, frames, source, sourceStart, semitones } = passage;
    assertEquals(
      transposed(sources[source]!.slice(sourceStart, sourceStart + frames), semitones),
      query.slice(start, start + frames),
    );
  }
  assert(found > 30, `only ${found} rounds had a passage to find`);
});

Deno.test("passageIndex says per frame how long the stretch is that ends there", () => {
  const index = passageIndex([pieceOf([[60], [62], [60, 64], [67]])], WITH_ATTACKS);
  const query = [[50], [72], [74], [72, 76], [71]];
  assertEquals([...index.runs(query)], [1, 1, 2, 3, 1]);
  assertEquals([...index.runs([[60, 65], [50], []])], [0, 1, 0]);
});

Deno.test("a passage counts only where notes begin, and others than the time before", () => {
  const counts = (frames: Frame[], grid = WITH_ATTACKS) =>
    momentsOf(frames, grid).counts(0, frames.length - 1);
  const chord = [60, 64], held = [60 + HELD, 64 + HELD];
  assertEquals(counts([chord, held, held, held]), false);
  assertEquals(counts([chord, held, [62], [62 + HELD]]), false);
  assertEquals(counts([chord, [62], [62 + HELD], [64]]), true);
  assertEquals(counts([chord, held, chord, chord, held, chord]), false);
  assertEquals(counts([[60], [60], [62], [62]], WITHOUT_ATTACKS), false);
  assertEquals(counts([[60], [62], [62], [64]], WITHOUT_ATTACKS), true);
  const silence = momentsOf([[], [], [60], [62], [64], [], []], WITH_ATTACKS);
  assertEquals(silence.passage(0, 6), { start: 2, frames: 3, beats: 3 / 4, notes: 3 });
  assertEquals(silence.passage(0, 3), null);
});

Deno.test("passageFilter knows every passage of its music in any key, and few others", () => {
  const random = new Random(2);
  const wander = (length: number) =>
    Array.from({ length }, (): Frame => [40 + random.below(30), 75 + random.below(4)]);
  const music = [1, 2, 3, 4].map(() => wander(2000));
  const filter = passageFilter(music.map((frames) => pieceOf(frames)), WITH_ATTACKS);
  const known = (frames: readonly Frame[]) => filter.known(frames).filter((each) => each).length;
  for (const frames of music) {
    assertEquals(known(transposed(frames, -5)), 2000 - PASSAGE_FRAMES + 1);
  }
  assert(filter.knows(transposed(music[2]!.slice(500, 700), 4)));
  assert(!filter.knows([...music[2]!.slice(500, 600), ...wander(150)]));
  assert(!filter.knows([]));
  const others = known(wander(20_000));
  assert(others > 20 && others < 400, `${others} of 20,000 taken for known`); // 0.8 % expected
  assert(filter.encode().length <= 4 + 10 / 8 * 8000);
});

Deno.test("passageFilter finds the longest stretch as passageIndex does, also after encoding", () => {
  const random = new Random(4);
  const wander = (length: number) =>
    Array.from({ length }, (): Frame => [40 + random.below(30), 75 + random.below(4)]);
  const source = wander(300);
  const query = [...wander(40), ...transposed(source.slice(70, 100), 3), ...wander(40)];
  const filter = passageFilter([pieceOf(source)], WITH_ATTACKS);
  const exact = passageIndex([pieceOf(source)], WITH_ATTACKS).longest(query)!;
  const { start, frames, beats, notes } = exact;
  assert(frames >= 30 && frames < 34);
  assertEquals(filter.longest(query), { start, frames, beats, notes });
  const again = decodePassageFilter(filter.encode(), WITH_ATTACKS);
  assertEquals(again.longest(query), filter.longest(query));
  assertEquals(again.encode(), filter.encode());
  assertEquals(passageFilter([], WITH_ATTACKS).longest(query), null);
  assertThrows(
    () => decodePassageFilter(new Uint8Array([1, 2, 3]), WITH_ATTACKS),
    Error,
    "Cannot read a passage filter",
  );
});

Deno.test("passageFilter finds the same in music that begins like the music before", () => {
  const random = new Random(6);
  const wander = (length: number) =>
    Array.from({ length }, (): Frame => [40 + random.below(30), 75 + random.below(4)]);
  const source = wander(300), bytes = passageFilter([pieceOf(source)], WITH_ATTACKS).encode();
  const filter = decodePassageFilter(bytes, WITH_ATTACKS);
  const begin = [...wander(20), ...source.slice(40, 60)];
  const endings = [
    source.slice(60, 70),
    wander(10),
    source.slice(60, 66),
    [],
    source.slice(200, 212),
  ];
  for (const ending of endings) {
    const query = [...begin, ...ending], fresh = decodePassageFilter(bytes, WITH_ATTACKS);
    assertEquals(filter.known(query), fresh.known(query));
    assertEquals(filter.longest(query), fresh.longest(query));
  }
});

Deno.test("passageHashes are the same in any key only if asked for", () => {
  const frames = Array.from({ length: 9 }, (_, t): Frame => [60 + t * t % 7, 70]);
  const higher = transposed(frames, 2);
  assertEquals(passageHashes(frames), passageHashes(higher));
  assertEquals(passageHashes(frames).length, 2);
  const hash = (frames: Frame[]) => passageHashes(frames, { anyKey: false })[0];
  assert(hash(frames) !== hash(higher));
  const held = frames.map((frame, t) => t === 3 ? [frame[0]!, 70 + HELD] : frame);
  assert(passageHashes(frames)[0] !== passageHashes(held)[0]);
  assertEquals(passageHashes(frames.slice(0, 7)).length, 0);
});
