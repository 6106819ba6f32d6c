/** A chunk of a RIFF file; its contents are from `start` to before `end`. */
interface Chunk {
  /** Name of the list that contains it. */
  readonly parent: string;
  /** Four-character code; for a list, its list type. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes per record in the lists of a SoundFont 2 (specification 2.04, section 7). */
const RECORD_BYTES: Readonly<Record<string, number>> = {
  phdr: 38,
  pbag: 4,
  pmod: 10,
  pgen: 4,
  inst: 22,
  ibag: 4,
  imod: 10,
  igen: 4,
  shdr: 46,
};

/** Maximum number of records in all lists; the largest free SoundFonts have a third of this. */
const MOST_RECORDS = 1_000_000;
/** Maximum number of zones of one preset, including those of all its instruments. */
const MOST_ZONES = 50_000;
/**
 * Limit on overlapping samples: their total length, as a multiple of the recorded data,
 * plus a fixed allowance.
 */
const MOST_SHARED = 4, SHARED_FREELY = 2 ** 24;
/** Maximum nesting of lists: DLS has four levels. */
const DEEPEST = 8;

/**
 * Validates a SoundFont before it is parsed: chunks must be nested properly, and the size of its
 * records is bounded by the file, so that a small one cannot fill the memory.
 * @throws {Error} if it is none, or damaged, or needs too much memory
 */
export function checkSoundFont(bytes: Uint8Array): void {
  const kind = letters(bytes, 8);
  if (letters(bytes, 0) !== "RIFF" || kind !== "sfbk" && kind !== "DLS ") {
    throw new Error("it is not a SoundFont: needed SF2, SF3 or DLS");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  walk(bytes, view, { parent: "", name: kind, start: 12, end: bytes.length }, 0, chunks);
  if (kind === "sfbk") checkRecords(view, chunks);
  else checkInstruments(view, chunks);
}

/** Lists all chunks, including nested ones. */
function walk(
  bytes: Uint8Array,
  view: DataView,
  { name: parent, start: first, end: last }: Chunk,
  depth: number,
  chunks: Chunk[],
): void {
  for (let at = first; at + 8 <= last;) {
    const name = letters(bytes, at), start = at + 8, end = start + view.getUint32(at + 4, true);
    if (end > last) throw damaged(`its chunk "${name}" is longer than the chunk that contains it`);
    if (chunks.length === MOST_RECORDS) throw tooMuch(`${MOST_RECORDS} chunks`);
    if (name === "LIST" || name === "RIFF") {
      if (end - start < 4 || depth === DEEPEST) {
        throw damaged("a list in it is too short or nested too deeply");
      }
      const list = { parent, name: letters(bytes, start), start: start + 4, end };
      chunks.push(list);
      walk(bytes, view, list, depth + 1, chunks);
    } else chunks.push({ parent, name, start, end });
    at = end + (end & 1);
  }
}

/** Checks the records of a SoundFont 2. */
function checkRecords(view: DataView, chunks: readonly Chunk[]): void {
  const find = (name: string) => chunks.find((chunk) => chunk.name === name);
  let all = 0;
  const counts: Record<string, number> = {};
  for (const [name, size] of Object.entries(RECORD_BYTES)) {
    const chunk = find(name);
    if (!chunk) throw damaged(`it has no chunk "${name}"`);
    const length = chunk.end - chunk.start;
    if (length === 0 || length % size !== 0) throw damaged(`its chunk "${name}" is cut`);
    counts[name] = length / size;
    all += counts[name];
  }
  if (all > MOST_RECORDS) throw tooMuch(`${MOST_RECORDS.toLocaleString("en-US")} records`);
  /** Values of a 16-bit field of each record. */
  const field = (name: string, offset: number): Uint16Array => {
    const { start } = find(name)!, size = RECORD_BYTES[name]!;
    return Uint16Array.from(
      { length: counts[name]! },
      (_, i) => view.getUint16(start + i * size + offset, true),
    );
  };
  const rising = (name: string, offset: number, into: string): Uint16Array => {
    const indexes = field(name, offset);
    let before = 0;
    for (const index of indexes) {
      if (index < before || index >= counts[into]!) {
        throw damaged(`its chunk "${name}" refers to a missing entry of "${into}"`);
      }
      before = index;
    }
    return indexes;
  };
  const presets = rising("phdr", 24, "pbag"), instruments = rising("inst", 20, "ibag");
  const generators = rising("pbag", 0, "pgen");
  rising("pbag", 2, "pmod");
  rising("ibag", 0, "igen");
  rising("ibag", 2, "imod");
  checkZones({
    presets,
    instruments,
    generators,
    operators: field("pgen", 0),
    amounts: field("pgen", 2),
  });
  checkSamples(view, find("shdr")!, find("smpl"));
}

const INSTRUMENT = 41;

/** Checks the number of zones that one key may trigger. */
function checkZones({ presets, instruments, generators, operators, amounts }: {
  readonly presets: Uint16Array;
  readonly instruments: Uint16Array;
  readonly generators: Uint16Array;
  readonly operators: Uint16Array;
  readonly amounts: Uint16Array;
}): void {
  for (let preset = 0; preset + 1 < presets.length; preset++) {
    let zones = 0;
    for (let at = generators[presets[preset]!]!; at < generators[presets[preset + 1]!]!; at++) {
      if (operators[at] !== INSTRUMENT) continue;
      const index = amounts[at]!;
      if (index + 1 >= instruments.length) throw damaged("a preset refers to a missing instrument");
      zones += instruments[index + 1]! - instruments[index]!;
    }
    if (zones > MOST_ZONES) {
      throw tooMuch(`${MOST_ZONES.toLocaleString("en-US")} zones in a preset`);
    }
  }
}

const COMPRESSED = 0x10;

/** Checks the lengths of samples against the recorded data. */
function checkSamples(view: DataView, headers: Chunk, recorded: Chunk | undefined): void {
  const bytes = recorded ? recorded.end - recorded.start : 0;
  let asked = 0;
  const last = headers.end - RECORD_BYTES.shdr!; // the terminal record
  for (let at = headers.start; at < last; at += RECORD_BYTES.shdr!) {
    const start = view.getUint32(at + 20, true), end = view.getUint32(at + 24, true);
    const isCompressed = (view.getUint16(at + 44, true) & COMPRESSED) !== 0;
    if (end < start || end > (isCompressed ? bytes : bytes / 2)) {
      throw damaged("a sample lies outside the recorded data");
    }
    asked += isCompressed ? (end - start) / 2 : end - start;
  }
  if (asked > MOST_SHARED * bytes / 2 + SHARED_FREELY) {
    throw tooMuch(`${MOST_SHARED} times the recorded data`);
  }
}

/** Positions of the length fields in lists of a DLS file: the bytes before, and of each entry. */
const COUNTED: Readonly<Record<string, readonly [count: number, before: number, each: number]>> = {
  art1: [4, 8, 12],
  art2: [4, 8, 12],
  wsmp: [16, 20, 16],
  ptbl: [4, 8, 4],
};

/** Checks the instruments of a DLS file: their names and their lists. */
function checkInstruments(view: DataView, chunks: readonly Chunk[]): void {
  for (const { parent, name, start, end } of chunks) {
    if (name === "INFO" && parent === "ins ") { // the synthesizer searches until it finds one
      const named = chunks.some((chunk) =>
        chunk.name === "INAM" && chunk.start > start && chunk.end <= end
      );
      if (!named) throw damaged("an instrument of it has no name");
    }
    const counted = COUNTED[name];
    if (!counted) continue;
    const [at, before, each] = counted;
    if (end - start < before || before + each * view.getUint32(start + at, true) > end - start) {
      throw damaged(`its chunk "${name}" has fewer entries than it says`);
    }
  }
}

/** Four bytes as text; non-letters become question marks, since an error may quote them. */
function letters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4)).replace(/[^ -~]/g, "?");
}

function damaged(how: string): Error {
  return new Error(`it is damaged: ${how}`);
}

function tooMuch(what: string): Error {
  return new Error(`it asks for more than ${what}, the limit`);
}
