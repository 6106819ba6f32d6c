import type { Baselines } from "../evaluate/baselines.ts";
import type { Evaluation } from "../evaluate/report.ts";
import { insteadOf } from "./critic.ts";
import { BASELINE_NAMES } from "./evaluation.ts";
import { choicesText, percentText } from "./text.ts";

/** Share by which copying may exceed that of people's music without being called more. */
const AS_PEOPLE_DO = 0.01;

/**
 * An evaluation in three sentences: the prediction of unseen music, the amount of copying, and the
 * features that give the model's music away.
 */
export function verdict(evaluation: Evaluation): string[] {
  return [foresight(evaluation), copying(evaluation), telling(evaluation)];
}

function foresight({ natsPerFrame, baselines, music }: Evaluation): string {
  if (!music.heldOut) {
    return "Its prediction of unseen music was not measured: no pieces were held out, and no folder of " +
      "others was given.";
  }
  if (natsPerFrame === null) {
    return "It cannot predict unseen music: some of it has probability zero, as this model can only play " +
      "combinations that it has seen.";
  }
  const guesses = Object.entries(baselines ?? {}).flatMap(([key, { natsPerFrame }]) =>
    natsPerFrame === null ? [] : [{ name: BASELINE_NAMES[key as keyof Baselines], natsPerFrame }]
  ).sort((a, b) => a.natsPerFrame - b.natsPerFrame);
  const [best] = guesses;
  const own = `it is as surprised as by ${choicesText(natsPerFrame)} equally likely choices`;
  if (!best) return `At each step of unseen music ${own}.`;
  const worse = guesses.filter((guess) => guess.natsPerFrame < natsPerFrame);
  const whom = worse.length === 0
    ? "better than every baseline"
    : worse.length === guesses.length
    ? "worse than every baseline"
    : `worse than some baselines (${worse.map(({ name }) => name).join(", ")})`;
  return `It predicts unseen music ${whom}: at each step ${own}, the best baseline (${best.name}) as ` +
    `by ${choicesText(best.natsPerFrame)}.`;
}

function copying({ copying: { generated, heldOut } }: Evaluation): string {
  if (!generated || generated.copiedShare === null) {
    return "Its copying was not measured, which needs music that it generated, and the corpus.";
  }
  const own = `Of its own music ${percentText(generated.copiedShare)} of the passages are in ` +
    "the training music, in this or another key";
  if (!heldOut || heldOut.copiedShare === null) return `${own}.`;
  const more = generated.copiedShare > heldOut.copiedShare + AS_PEOPLE_DO
    ? "so it copies more than human music does"
    : "so it copies no more than human music does";
  return `${own}; of unseen human music ${percentText(heldOut.copiedShare)}: ${more}.`;
}

function telling({ critic: { generated } }: Evaluation): string {
  if (!generated?.told) {
    return "Whether a critic can recognise its music was not measured, which needs the corpus and more of its music.";
  }
  const share = Math.round(100 * Math.max(0.5, generated.told.area));
  const how = share < 60 ? "hardly tells" : share < 80 ? "often tells" : "nearly always tells";
  const [first, second] = generated.features;
  const away = [first, second].flatMap((one) => one ? [`${one.words} (${insteadOf(one)})`] : []);
  return `A critic ${how} its music from the training music (${share} of 100 times; 50 is ` +
    `chance); most telling: ${away.join("; ")}.`;
}
