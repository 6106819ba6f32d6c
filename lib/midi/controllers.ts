import { type PedalChange, SUSTAIN_PEDAL } from "./music.ts";

/** A control change of a channel, with a value of 0 to 127. */
export interface ControllerChange {
  readonly ticks: number;
  readonly value: number;
}

/** Control changes of a channel that are kept, each kind in file order. */
export interface Controllers {
  /** Sustain pedal. */
  readonly pedal: ControllerChange[];
  /** Sostenuto pedal. */
  readonly sostenuto: ControllerChange[];
  readonly volume: ControllerChange[];
  readonly expression: ControllerChange[];
}

const NUMBERS = new Map<number, keyof Controllers>([
  [7, "volume"],
  [11, "expression"],
  [SUSTAIN_PEDAL, "pedal"],
  [66, "sostenuto"],
]);

const RESET_ALL = 121;

/** Empty lists of control changes. */
export function noControllers(): Controllers {
  return { pedal: [], sostenuto: [], volume: [], expression: [] };
}

/**
 * Records a control change if its controller is one of those kept. "Reset All Controllers" releases
 * both pedals and sets expression to its maximum; it leaves the volume (MMA, RP-015).
 */
export function addControl(into: Controllers, ticks: number, number: number, value: number): void {
  const name = NUMBERS.get(number);
  if (name) into[name].push({ ticks, value });
  if (number !== RESET_ALL) return;
  into.pedal.push({ ticks, value: 0 });
  into.sostenuto.push({ ticks, value: 0 });
  into.expression.push({ ticks, value: 127 });
}

/** Value from which a pedal counts as down, by the standard. */
const DOWN_FROM = 64;

/**
 * Release threshold (hysteresis) of a continuous pedal, so that a hovering one does not flutter,
 * and the most distinct values of a switch.
 */
const UP_BELOW = 45, VALUES_OF_A_SWITCH = 4;

/** Presses and releases of a pedal, alternating. @param positions in any order */
export function pedalChanges(positions: readonly ControllerChange[]): PedalChange[] {
  const values = new Set(positions.map(({ value }) => value));
  const upBelow = values.size > VALUES_OF_A_SWITCH ? UP_BELOW : DOWN_FROM;
  const changes: PedalChange[] = [];
  let isDown = false;
  for (const { ticks, value } of positions.toSorted((a, b) => a.ticks - b.ticks)) {
    const down: boolean = value >= (isDown ? upBelow : DOWN_FROM);
    if (down !== isDown) changes.push({ ticks, down });
    isDown = down;
  }
  return changes;
}

/** Union of several pedals: down whenever at least one of them is. */
export function anyPedal(pedals: readonly (readonly PedalChange[])[]): PedalChange[] {
  if (pedals.length === 1) return [...pedals[0]!];
  const all = pedals.flat().sort((a, b) => a.ticks - b.ticks || Number(b.down) - Number(a.down));
  const changes: PedalChange[] = [];
  let held = 0;
  for (const { ticks, down } of all) {
    const before = held;
    held += down ? 1 : -1;
    if ((before > 0) !== (held > 0)) changes.push({ ticks, down });
  }
  return changes;
}

/** Level of a channel from a tick on, 0 (silent) to 1. */
interface LevelChange {
  readonly ticks: number;
  readonly level: number;
}

/** Channel volume where the file sets none. */
const USUAL_VOLUME = 100;

/**
 * Levels that volume and expression give a channel, from tick 0 on, relative to its loudest volume.
 */
export function levelsOf(
  { volume, expression }: Pick<Controllers, "volume" | "expression">,
): LevelChange[] {
  const changes = [
    ...volume.map((change) => ({ ...change, isVolume: true })),
    ...expression.map((change) => ({ ...change, isVolume: false })),
  ].sort((a, b) => a.ticks - b.ticks);
  const loudest = Math.max(
    1,
    ...volume.length > 0 ? volume.map(({ value }) => value) : [USUAL_VOLUME],
  );
  let ofVolume = volume.length > 0 ? Math.min(USUAL_VOLUME, loudest) : USUAL_VOLUME,
    ofExpression = 127;
  const levels: LevelChange[] = [{ ticks: 0, level: ofVolume / loudest }];
  for (const { ticks, value, isVolume } of changes) {
    if (isVolume) ofVolume = value;
    else ofExpression = value;
    const level = ofVolume / loudest * ofExpression / 127;
    if (levels.at(-1)!.ticks === ticks) levels.pop();
    if (levels.at(-1)?.level !== level) levels.push({ ticks, level });
  }
  return levels;
}
