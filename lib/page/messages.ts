/** Name of the symbol under which a kernel keeps the function that handles messages of its pages. */
export const PAGE = "yamg.page";

/** A message from a page to its kernel. */
export type PageMessage = CardPress | MusicFiles;

/** Code by which a kernel handles a message; in another kernel it does nothing. */
export function codeFor(message: PageMessage): string {
  return `await globalThis[Symbol.for(${JSON.stringify(PAGE)})]?.(${JSON.stringify(message)});`;
}

/** A press of a button on a card of an audition. */
export interface CardPress {
  /** Identifier of the audition, and of the kernel that made it. */
  readonly card: string;
  readonly kernel: string;
  /** The button: `from` and `refill` are of a bar, `ask` is of all cards, `page` opens a page. */
  readonly what: "keep" | "bolder" | "calmer" | "again" | "from" | "refill" | "ask" | "page";
  /** Index of the variant, from 0. */
  readonly variant: number;
  /** Bar number, as counted in the music. */
  readonly bar?: number;
  readonly wishes?: Wishes;
}

/** Positions of the sliders, 0 in the middle. */
export interface Wishes {
  /** Fewer or more notes: -1, 0, 1. */
  readonly density?: number;
  /** Lower or higher: -1, 0, 1. */
  readonly register?: number;
  /** Likelier or less likely notes: -2 to 2. */
  readonly boldness?: number;
  /** Less or more of the style that the model was adapted to: -2 to 2. */
  readonly style?: number;
}

/** Some of the files that a person chose in a page. */
export interface MusicFiles {
  /** Identifier of the choice, and of the kernel that asked for it. */
  readonly choice: string;
  readonly kernel: string;
  readonly what: "music";
  /** Name of the folder that they were in. */
  readonly folder: string;
  /** Files by name, in base 64. */
  readonly files: readonly { readonly name: string; readonly data: string }[];
  /** Whether these are the first ones, and the last. */
  readonly first: boolean;
  readonly last: boolean;
  /** Number of the person's files that are not music. */
  readonly others: number;
}
