import { join } from "node:path";
import { soundOf } from "../../audio/player.ts";
import type { CorpusStyle } from "../../corpus/corpus.ts";
import { blindExcerpts } from "../../evaluate/blind.ts";
import { pieceToMidi } from "../../generate/output.ts";
import type { Random } from "../../random.ts";
import { blindPage, type BlindSound } from "../../show/blind.ts";
import { removeIfThere, sha256 } from "../../store/files.ts";
import { writeTogether } from "../../store/write.ts";
import { listen } from "../listen.ts";
import type { Run } from "../run.ts";
import type { MusicToMeasure } from "./measured_music.ts";

/** Bit rate of the audio in thousands of bits per second. */
const KILOBITS = 64;

/** Mean velocity of all excerpts. */
const VELOCITY = 80;

/**
 * Writes the page of a blind test, on which a listener says whether a person or the model made each
 * excerpt. All are put on the grid and performed by the same rules, each at its piece's own tempo.
 * @param music people's pieces and the model's
 * @param folder folder of the page
 * @returns the page's path: `NAME-blind.html`, or the next free number
 */
export async function writeBlindTest(
  { people, generated }: { readonly people: MusicToMeasure; readonly generated: MusicToMeasure },
  style: CorpusStyle,
  { folder, name, count, random }: {
    readonly folder: string;
    readonly name: string;
    readonly count: number;
    readonly random: Random;
  },
  run: Run,
): Promise<string> {
  const { grid } = style.tokenize;
  const excerpts = blindExcerpts(people.pieces, generated.pieces, grid, count, random);
  const sounds: BlindSound[] = [],
    work = await Deno.makeTempDir({ dir: folder, prefix: ".blind-" });
  try {
    for (const [index, { piece, bar, isGenerated }] of excerpts.entries()) {
      run.onProgress?.({ task: "play", done: index, total: excerpts.length });
      const { beatsPerMinute = style.beatsPerMinute } = piece;
      const bytes = pieceToMidi(piece, {
        grid,
        beatsPerMinute,
        timeSignature: style.timeSignature,
        velocity: VELOCITY,
        touch: 1,
        style,
        name: "excerpt",
      });
      const midi = join(work, `${index}.mid`);
      await Deno.writeFile(midi, bytes);
      const { file } = await listen({ midi }, { signal: run.signal });
      const { mp3 } = await soundOf(file, { kilobits: KILOBITS });
      sounds.push({ piece: piece.name, bar: bar + 1, isGenerated, mp3 });
      await Deno.remove(midi);
      await Deno.remove(file);
    }
  } finally {
    await removeIfThere(work, true);
  }
  const id = sha256(sounds.map(({ mp3 }) => sha256(mp3)).join()).slice(0, 16);
  const page = blindPage(sounds, `Who made it: a person, or "${name}"?`, id);
  return `${await writeTogether(folder, `${name}-blind`, { ".html": page })}.html`;
}
