/** Builds MIDI files byte by byte, well made or not. */

/** A whole file: a header and chunks; by default as many tracks are declared as there are. */
export function file(
  { format = 1, division = 480, declared, header = [] }: {
    format?: number;
    division?: number;
    declared?: number;
    /** What stands in the header after its six bytes. */
    header?: number[];
  },
  ...chunks: number[][]
): Uint8Array {
  const words = [format, declared ?? chunks.length, division].flatMap((word) => big(word, 2));
  return new Uint8Array([chunk("MThd", [...words, ...header]), ...chunks].flat());
}

/** A chunk; `length` is what it gives as its length. */
export function chunk(id: string, body: number[], length = body.length): number[] {
  return [...ascii(id), ...big(length, 4), ...body];
}

/** A track of events, with its end mark. */
export function track(...events: number[][]): number[] {
  return chunk("MTrk", [...events.flat(), ...end()]);
}

export function on(delta: number, pitch: number, velocity = 100, channel = 0): number[] {
  return [...variable(delta), 0x90 | channel, pitch, velocity];
}

export function off(delta: number, pitch: number, channel = 0): number[] {
  return [...variable(delta), 0x80 | channel, pitch, 64];
}

export function program(delta: number, number: number, channel = 0): number[] {
  return [...variable(delta), 0xc0 | channel, number];
}

export function control(delta: number, controller: number, value: number, channel = 0): number[] {
  return [...variable(delta), 0xb0 | channel, controller, value];
}

export function meta(delta: number, type: number, ...data: number[]): number[] {
  return [...variable(delta), 0xff, type, ...variable(data.length), ...data];
}

export function tempo(delta: number, microsecondsPerBeat: number): number[] {
  return meta(delta, 0x51, ...big(microsecondsPerBeat, 3));
}

export function name(text: string): number[] {
  return meta(0, 0x03, ...new TextEncoder().encode(text));
}

export function end(delta = 0): number[] {
  return meta(delta, 0x2f);
}

export function variable(value: number): number[] {
  const rest = Math.floor(value / 128);
  return [...(rest ? variable(rest).map((byte) => byte | 128) : []), value % 128];
}

export function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

function big(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
}
