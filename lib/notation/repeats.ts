/** Repeat and jump instructions of a bar. */
export interface Course {
  /** Whether a repeated section begins at this bar. */
  readonly begins: boolean;
  /** Number of times the section ending here is played; 0 where none ends. */
  readonly times: number;
  /** Passes on which the bar is played; undefined for all. */
  readonly endings: ReadonlySet<number> | undefined;
  /** Jump from the end of the bar: to the beginning, or to the named sign. */
  readonly jump?: { readonly to: "beginning" } | { readonly to: "sign"; readonly name: string };
  /** Name of the sign at the beginning of the bar, the target of a dal segno. */
  readonly sign?: string;
  /** Name of the coda that begins at this bar. */
  readonly coda?: string;
  /** Name of the coda to go to after a jump. */
  readonly toCoda?: string;
  /** Whether the music ends after this bar once a jump has been made. */
  readonly fine: boolean;
}

/** Instructions of a jump: whence, whither, and where it ends. */
export type Marks = Partial<Pick<Course, "jump" | "sign" | "coda" | "toCoda" | "fine">>;

/** Words of a jump: to the sign, or to the beginning (then with a second group). */
const JUMP = /^((D\.?\s?C\b\.?|da\s?capo)|D\.?\s?S\b\.?|dal\s?segno)/i;

/** Jump instructions written as words. */
export function marksIn(words: string): Marks {
  const [jump, , capo] = JUMP.exec(words) ?? [];
  if (jump) return { jump: capo ? { to: "beginning" } : { to: "sign", name: "" } };
  if (/^(to\s?coda|da\s?coda)/i.test(words)) return { toCoda: "" };
  if (/^coda$/i.test(words)) return { coda: "" };
  return /^fine\.?$/i.test(words) ? { fine: true } : {};
}

/**
 * Courses in which, of two coda signs without words or names, the first is the point of departure
 * for the second.
 */
export function withDepartures(bars: readonly Course[]): readonly Course[] {
  const codas = bars.filter(({ coda, toCoda }) => coda === "" && toCoda === undefined);
  if (codas.length !== 2 || !bars.some(({ jump }) => jump)) return bars;
  return bars.map((bar) => {
    if (bar !== codas[0]) return bar;
    const { coda: _, ...rest } = bar;
    return { ...rest, toCoda: "" };
  });
}

/** A bar without repeats or jumps. */
export const PLAIN_COURSE: Course = { begins: false, times: 0, endings: undefined, fine: false };

/**
 * Playing order of bars: repeats, endings, da capo, dal segno, to coda and fine. After a jump,
 * sections already played are not repeated and take their last ending. Each jump is made once.
 * @param most bars in that order, after which it ends
 */
export function playOrder(bars: readonly Course[], most: number): number[] {
  const order: number[] = [], groups = endingGroups(bars);
  const played = new Set<number>(), playedGroups = new Set<number>(), jumped = new Set<number>();
  const left = new Set<number>(); // bars that were left for a coda
  let at = 0, start = 0, pass = 1, afterJump = false;
  while (at < bars.length && order.length < most) {
    const bar = bars[at]!, group = groups[at];
    if (bar.begins && start !== at) [start, pass] = [at, 1];
    const isOld = afterJump && group !== undefined && playedGroups.has(group.from);
    if (group && !bar.endings!.has(isOld ? group.last : pass)) {
      at++;
      continue;
    }
    const wasPlayed = played.has(at), last = group?.last ?? 0;
    order.push(at);
    played.add(at);
    if (group && !afterJump) playedGroups.add(group.from);
    if (afterJump && bar.fine) break;
    const coda = afterJump && bar.toCoda !== undefined && !left.has(at)
      ? codaOf(bar.toCoda, bars)
      : -1;
    if (coda >= 0) {
      left.add(at);
      [at, start, pass] = [coda, coda, 1];
      continue;
    }
    if (bar.times > 0 && pass < Math.max(bar.times, last) && !(afterJump && wasPlayed)) {
      pass++;
      at = start;
      continue;
    }
    const next = bars[at + 1]?.endings;
    if (bar.times > 0 ? !next?.has(pass) : bar.endings && !next) [start, pass] = [at + 1, 1];
    const target = bar.jump && !jumped.has(at) ? placeOf(bar.jump, bars) : -1;
    if (target >= 0) {
      jumped.add(at);
      afterJump = true;
      [at, start, pass] = [target, target, 1];
    } else at++;
  }
  return order;
}

function placeOf(jump: NonNullable<Course["jump"]>, bars: readonly Course[]): number {
  if (jump.to === "beginning") return 0;
  const named = bars.findIndex(({ sign }) => sign === jump.name);
  return named >= 0 ? named : bars.findIndex(({ sign }) => sign !== undefined);
}

/** The coda of a name; of another, where none is called so; -1 where there is none. */
function codaOf(name: string, bars: readonly Course[]): number {
  const named = bars.findIndex(({ coda }) => coda === name);
  return named >= 0 ? named : bars.findIndex(({ coda }) => coda !== undefined);
}

/**
 * For each bar of an ending: the group of adjacent endings it belongs to, and their last pass.
 * Endings from which nothing leads back are all played, one after the other.
 */
function endingGroups(
  bars: readonly Course[],
): (Readonly<{ from: number; last: number }> | undefined)[] {
  let group: { from: number; last: number; back: boolean } | undefined;
  const groups = bars.map(({ endings, begins, times, jump }, index) => {
    if (!endings || begins) group = undefined;
    if (!endings) return undefined;
    group ??= { from: index, last: 0, back: false };
    group.last = Math.max(group.last, ...endings);
    group.back ||= times > 0 || jump !== undefined;
    return group;
  });
  return groups.map((group) => group?.back ? group : undefined);
}

/** Passes named by a text such as `1`, `1, 2`, `1.-3.`; 1 to 64. */
export function passesOf(text: string): Set<number> {
  const passes = new Set<number>();
  for (const [, from, to] of text.matchAll(/(\d{1,2})(?:[\s.]*[-–][\s.]*(\d{1,2}))?/g)) {
    for (let pass = Number(from); pass <= Math.min(64, Number(to ?? from)); pass++) {
      passes.add(pass);
    }
  }
  return passes;
}
