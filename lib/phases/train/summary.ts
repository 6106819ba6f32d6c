import type { Progress } from "../../progress.ts";
import { inWords } from "../../show/gain.ts";
import { nextStep } from "../../show/next_step.ts";
import { type Shown, shown } from "../../show/summary.ts";
import { choicesText, numberText } from "../../show/text.ts";
import type { TrainSummary } from "../../train/history.ts";
import type { Budget, StepReport } from "../../train/loop.ts";
import type { Trainer } from "../../train/trainer.ts";
import type { TrainSettings } from "../settings/train.ts";

/** Result of training. */
export type Learned = Pick<
  TrainSummary,
  "history" | "heldOutLoss" | "ended" | "adaptedFrom" | "lossAfter"
>;

/** Progress report of a training step. */
export function progressOf(
  { epoch, step, progress, loss, stepLoss, heldOutLoss, learningRate, examplesPerSecond }:
    StepReport,
  budget: Budget,
): Progress {
  const heldOut: Record<string, number> = heldOutLoss === undefined ? {} : { heldOutLoss };
  return {
    task: "train",
    done: progress,
    total: 1,
    detail:
      `epoch ${epoch}${"epochs" in budget ? `/${budget.epochs}` : ""}  loss ${loss.toFixed(3)}` +
      (heldOutLoss === undefined ? "" : `  held-out ${heldOutLoss.toFixed(3)}`) +
      `  ${numberText(Math.round(examplesPerSecond))} examples/s`,
    measures: { step, loss: stepLoss, learningRate, ...heldOut },
  };
}

/** The result of a run, and its display. */
export function summarize(
  folder: string,
  { layers, parameters }: Pick<Trainer, "layers" | "parameters">,
  learned: Learned,
  settings: TrainSettings,
): TrainSummary & Shown {
  const { name, corpus } = settings;
  const { history, heldOutLoss, ended, adaptedFrom, lossAfter } = learned;
  const last = history.epochs.at(-1);
  const loss = last?.loss ?? history.steps.at(-1)?.loss ?? NaN;
  const goOn = nextStep("train", { corpus, name, resume: true }, settings);
  const why = {
    budget: "",
    enough: ` (${
      last ? "little music needs no more epochs" : "it knows such music already"
    }, so it stopped before its time was up)`,
    "no improvement": " (the held-out loss no longer fell)",
    stopped: ` (stopped; continue with: ${goOn})`,
    over: " (it has had all its time before; resume it with more minutes or epochs in all)",
  }[ended];
  return shown({
    folder,
    layers,
    parameters,
    loss,
    ...learned,
  }, {
    title: `Model "${name}"${why}`,
    rows: [
      ["parameters", numberText(parameters)],
      ["epochs", `${history.epochs.length}`],
      ...(adaptedFrom && lossAfter !== undefined
        ? [
          [
            "before",
            `${natsText(adaptedFrom.loss)} (${inWords(adaptedFrom.name)})`,
          ] as const,
          ["now", `${natsText(lossAfter)}, at the same music`] as const,
        ]
        : [["loss", natsText(loss)] as const]),
      ...(heldOutLoss === undefined ? [] : [
        [
          "held-out loss",
          `${natsText(heldOutLoss)}, of the best epoch, which was kept`,
        ] as const,
      ]),
      ["folder", folder],
      ["next", nextStep("generate", { model: name }, settings)],
    ],
  });
}

/** A loss and its perplexity. */
function natsText(loss: number): string {
  return `${loss.toFixed(3)} nats per frame, like ${choicesText(loss)} choices`;
}
