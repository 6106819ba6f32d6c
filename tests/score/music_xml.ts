/** A note of a MusicXML file, ties joined. */
export interface XmlNote {
  readonly pitch: number;
  /** Divisions from the beginning. */
  readonly start: number;
  end: number;
}

const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/**
 * Reads the notes of a MusicXML file of one part as its standard says: what has no chord element
 * begins where the one before ended; backup and forward move; ties are joined by pitch.
 */
export function notesOf(xml: string): { notes: XmlNote[]; divisions: number } {
  const notes: XmlNote[] = [];
  const open = new Map<number, XmlNote>(); // tied notes by pitch
  let measureStart = 0;
  const tag = (text: string, name: string) =>
    new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(text)?.[1];
  for (const [, measure] of xml.matchAll(/<measure [^>]*>(.*?)<\/measure>/gs)) {
    let at = measureStart, last = measureStart, longest = measureStart;
    const found: { note: XmlNote; stop: boolean; start: boolean }[] = [];
    for (const [element, name] of measure!.matchAll(/<(note|backup|forward)>.*?<\/\1>/gs)) {
      const duration = Number(tag(element, "duration"));
      if (name === "backup") at -= duration;
      else if (name === "forward") at += duration;
      else {
        const start = element.includes("<chord/>") ? last : at;
        if (!element.includes("<chord/>")) [last, at] = [at, at + duration];
        const step = tag(element, "step");
        if (step !== undefined) {
          const alter = Number(tag(element, "alter") ?? 0);
          const pitch = 12 * (Number(tag(element, "octave")) + 1) + SEMITONES[step]! + alter;
          found.push({
            note: { pitch, start, end: start + duration },
            stop: element.includes('<tie type="stop"/>'),
            start: element.includes('<tie type="start"/>'),
          });
        }
      }
      longest = Math.max(longest, at);
    }
    for (const { note, stop, start } of found.sort((a, b) => a.note.start - b.note.start)) {
      const before = stop ? open.get(note.pitch) : undefined;
      if (stop && before?.end !== note.start) {
        throw new Error(`a tie from nowhere at ${note.start}`);
      }
      if (before) before.end = note.end;
      else notes.push(note);
      if (start) open.set(note.pitch, before ?? note);
      else open.delete(note.pitch);
    }
    measureStart = longest;
  }
  return { notes, divisions: Number(tag(xml, "divisions")) };
}
