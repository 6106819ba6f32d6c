import { dirname } from "node:path";
import * as phases from "../phases/on_demand.ts";
import { beatsTable } from "../phases/settings/beats.ts";
import { cleanTable } from "../phases/settings/clean.ts";
import { duetTable } from "../phases/settings/duet.ts";
import { evaluateTable, recipeBeside } from "../phases/settings/evaluate.ts";
import { listenTable } from "../phases/settings/listen.ts";
import { preprocessTable } from "../phases/settings/preprocess.ts";
import { quickstartTable } from "../phases/settings/quickstart.ts";
import { scoreTable } from "../phases/settings/score.ts";
import { trainTable } from "../phases/settings/train.ts";
import { transcribeTable } from "../phases/settings/transcribe.ts";
import type { Command } from "./command.ts";
import { given, rootsOf, taskOf } from "./flags.ts";
import { generate } from "./generate.ts";

/** All tasks that call a phase, in the order of the phases. Each phase is loaded when it is called. */
export const commands: readonly Command[] = [
  taskOf({
    name: "quickstart",
    summary: "The whole way with the starter music: preprocess, train, generate, listen.",
    table: quickstartTable,
    example: "deno task quickstart",
    saves: true,
    needs: (settings) => ({ read: [], write: Object.values(rootsOf(settings)) }),
    run: phases.quickstart,
  }),
  taskOf({
    name: "preprocess",
    summary: "Makes a corpus (frames, combinations, vocabulary) from a folder of MIDI files.",
    table: preprocessTable,
    example: "deno task preprocess --midi ~/Music/piano --name favourites",
    needs: (settings) => ({ read: [settings.midi], write: [rootsOf(settings).data] }),
    run: phases.preprocess,
  }),
  taskOf({
    name: "train",
    summary: "Trains a model on a corpus.",
    table: trainTable,
    example: "deno task train --corpus favourites --name favourites --minutes 10",
    saves: true,
    needs: (settings) => ({ read: [rootsOf(settings).data], write: [rootsOf(settings).models] }),
    run: phases.train,
  }),
  generate,
  taskOf({
    name: "duet",
    summary: "Makes a page that plays duets with you: open it in a browser, at a piano.",
    table: duetTable,
    example: "deno task duet --model favourites",
    saves: true,
    needs: (settings) => ({
      read: [rootsOf(settings).models, ...given(settings.midi)],
      write: [
        settings.pageFile ? dirname(settings.pageFile) : `${rootsOf(settings).data}/generated`,
      ],
      ...(settings.serve ? { net: ["127.0.0.1"] } : {}),
    }),
    run: async (settings, run) => {
      const { duet, servePage } = await import("../phases/duet.ts");
      const summary = await duet(settings, run);
      if (!settings.serve) return summary;
      await servePage(summary.page, run, (address) => {
        run.onMessage?.(`${summary}\n  served  ${address} until Ctrl-C`);
      });
      return "No longer served";
    },
  }),
  taskOf({
    name: "listen",
    summary: "Turns a MIDI file into sound: a WAV file.",
    table: listenTable,
    example: "deno task listen data/generated/starter.mid",
    needs: ({ midi, out, soundFont }) => ({
      read: given(`${midi}`, soundFont),
      write: [dirname(out ?? `${midi}`)],
    }),
    run: phases.listen,
  }),
  taskOf({
    name: "score",
    summary: "Engraves the piano part of a MIDI file: SVG pages, and MusicXML for MuseScore.",
    table: scoreTable,
    example: "deno task score data/generated/starter.mid",
    needs: ({ midi, out }) => ({ read: [midi], write: [dirname(out ?? midi)] }),
    run: phases.score,
  }),
  taskOf({
    name: "beats",
    summary:
      "Finds the beats of a performance, and writes a MIDI file with tempos and bars that follow them.",
    table: beatsTable,
    example: "deno task beats recording.mid",
    needs: ({ midi, out }) => ({ read: [midi], write: [dirname(out ?? midi)] }),
    run: phases.beats,
  }),
  taskOf({
    name: "transcribe",
    summary: "Transcribes piano recordings to MIDI files, with a page to hear both.",
    table: transcribeTable,
    example: "deno task transcribe ~/Music/recordings --out ~/Music/transcribed",
    needs: ({ audio, out }) => ({ read: [audio], write: [out] }),
    run: phases.transcribe,
  }),
  taskOf({
    name: "evaluate",
    summary:
      "Measures how well a model predicts unseen music, and how its own music differs from it.",
    table: evaluateTable,
    extra: [{ name: "json", type: "switch", help: "Prints the report as JSON" }],
    example: "deno task evaluate --model favourites --midi ~/Music/unseen",
    needs: (settings) => {
      const music = given(settings.midi, settings.generated);
      return {
        read: [...Object.values(rootsOf(settings)), ...music, ...music.map(recipeBeside)],
        write: [`${rootsOf(settings).data}/evaluations`],
      };
    },
    run: async ({ blind, excerpts, ...settings }, run, { json }) => {
      const { blindTest, evaluate } = await import("../phases/evaluate.ts");
      if (blind) return await blindTest({ ...settings, excerpts }, run);
      const summary = await evaluate(settings, run);
      return json ? JSON.stringify(summary, null, 1) : summary;
    },
  }),
  taskOf({
    name: "clean",
    summary: "Removes what the phases wrote; never your MIDI files.",
    table: cleanTable,
    example: "deno task clean",
    needs: (settings) => ({ read: [], write: Object.values(rootsOf(settings)) }),
    run: async (settings, { confirm }) =>
      await (await import("../phases/clean.ts")).clean(settings, { confirm }),
  }),
];
