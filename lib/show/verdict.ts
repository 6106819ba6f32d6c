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
    return "How well it foresees music that it has not met was not asked: no pieces were kept " +
      "from it, and no folder of others was given.";
  }
  if (natsPerFrame === null) {
    return "It cannot foresee unseen music: some of it is impossible to it, as it can only play " +
      "what it has met.";
  }
  const guesses = Object.entries(baselines ?? {}).flatMap(([key, { natsPerFrame }]) =>
    natsPerFrame === null ? [] : [{ name: BASELINE_NAMES[key as keyof Baselines], natsPerFrame }]
  ).sort((a, b) => a.natsPerFrame - b.natsPerFrame);
  const [best] = guesses;
  const own = `it is as surprised as by ${choicesText(natsPerFrame)} equally likely choices`;
  if (!best) return `At each step of unseen music ${own}.`;
  const worse = guesses.filter((guess) => guess.natsPerFrame < natsPerFrame);
  const whom = worse.length === 0
    ? "better than every plain guess"
    : worse.length === guesses.length
    ? "worse than every plain guess"
    : `worse than some plain guesses (${worse.map(({ name }) => name).join(", ")})`;
  return `It foresees unseen music ${whom}: at each step ${own}, the best guess (${best.name}) as ` +
    `by ${choicesText(best.natsPerFrame)}.`;
}

function copying({ copying: { generated, heldOut } }: Evaluation): string {
  if (!generated || generated.copiedShare === null) {
    return "How much it copies is not known: that takes music that it made, and the corpus.";
  }
  const own = `Of its own music ${percentText(generated.copiedShare)} of the passages stand in ` +
    "what it learned from, in this or another key";
  if (!heldOut || heldOut.copiedShare === null) return `${own}.`;
  const more = generated.copiedShare > heldOut.copiedShare + AS_PEOPLE_DO
    ? "so it copies more than people do"
    : "so it copies no more than people do";
  return `${own}; of unseen music by people ${percentText(heldOut.copiedShare)}: ${more}.`;
}

function telling({ critic: { generated } }: Evaluation): string {
  if (!generated?.told) {
    return "What gives its music away is not known: that takes the corpus and more of its music.";
  }
  const share = Math.round(100 * Math.max(0.5, generated.told.area));
  const how = share < 60 ? "hardly tells" : share < 80 ? "often tells" : "nearly always tells";
  const [first, second] = generated.features;
  const away = [first, second].flatMap((one) => one ? [`${one.words} (${insteadOf(one)})`] : []);
  return `A critic ${how} its music from what it learned from (${share} of 100 times; 50 would be ` +
    `by chance); most telling: ${away.join("; ")}.`;
}
