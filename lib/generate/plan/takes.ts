/** Parts of the content that bars taken from a second piece contribute. */
export const TAKES = ["bars", "harmony", "texture"] as const;

/** One of {@linkcode TAKES}. */
export type Take = typeof TAKES[number];
