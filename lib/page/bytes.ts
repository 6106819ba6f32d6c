/** Compressed bytes in base 64. */
export async function packBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return (await through(bytes, new CompressionStream("gzip"))).toBase64();
}

/** Inverse of {@linkcode packBytes}. */
export function unpackBytes(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytesOf64(packed), new DecompressionStream("gzip"));
}

/** Decodes base 64; not every browser has `Uint8Array.fromBase64` yet. */
export function bytesOf64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text), bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  // Not through a Blob: WebKit cannot read one in the worker of a page opened from disk.
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

/** A random identifier; `crypto.randomUUID` is missing on pages served without encryption. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
