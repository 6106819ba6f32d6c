#!/usr/bin/env bash
# The last frame of some FLAC files is lost in @wasm-audio-decoders/flac: of files whose third byte
# from the end is 255, and of files whose last frame has at most 13 bytes, as silence in one channel has.
#
# Expected: files of two frames, 100 and 50 samples, give 150, whatever they end with.
# Seen: 150 samples, but 100 where the last sample is 255 or the last frame is silent; no error.
# Its parser (codec-parser) waits for more bytes once too often when it is flushed.
# Why it matters: such a recording loses up to a tenth of a second at its end. Sixteen zeros after the
# file help: the checksum of a frame with zeros after it is still right.
# Versions: @wasm-audio-decoders/flac 0.2.11, codec-parser 2.5.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @wasm-audio-decoders/flac@0.2.11 >/dev/null

cat >finding.mjs <<'END'
import { FLACDecoder } from "@wasm-audio-decoders/flac";

const crc = (bytes, polynomial, width) => {
  let sum = 0;
  const top = 1 << (width - 1), mask = 2 ** width - 1;
  for (const byte of bytes) {
    sum ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) sum = (sum & top ? sum << 1 ^ polynomial : sum << 1) & mask;
  }
  return sum;
};
/** A mono frame of 16 bits at 44,100 Hz: a constant or a verbatim subframe (RFC 9639, 9). */
const frame = (number, samples) => {
  const count = samples.length - 1, isConstant = samples.every((one) => one === samples[0]);
  const header = [0xff, 0xf8, 0x79, 0x08, number, count >> 8, count & 255];
  const values = (isConstant ? [samples[0]] : samples).flatMap((one) => [one >> 8, one & 255]);
  const body = [...header, crc(header, 0x07, 8), isConstant ? 0 : 2, ...values];
  const sum = crc(body, 0x8005, 16);
  return [...body, sum >> 8, sum & 255];
};
/** Two frames: a ramp of 100 samples, and these. */
const file = (last) => {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(100, 0);
  info.writeUInt16BE(100, 2);
  info.writeUInt32BE(44_100 * 4096 + (15 << 4), 10); // rate, one channel of 16 bits
  info.writeUInt32BE(100 + last.length, 14);
  const ramp = Array.from({ length: 100 }, (_, i) => i);
  const frames = [...frame(0, ramp), ...frame(1, last)];
  return Uint8Array.from([...Buffer.from("fLaC"), 0x80, 0, 0, 34, ...info, ...frames]);
};
const heard = async (last, zeros) => {
  const decoder = new FLACDecoder();
  await decoder.ready;
  const { samplesDecoded } = await decoder.decodeFile(Buffer.concat([file(last), Buffer.alloc(zeros)]));
  decoder.free();
  return samplesDecoded;
};
const ending = (last) => Array.from({ length: 50 }, (_, i) => i < 49 ? 3 * i : last);
const seen = [];
for (const zeros of [0, 16]) {
  for (const last of [ending(254), ending(255), new Array(50).fill(0)]) {
    seen.push(await heard(last, zeros));
  }
}
console.log(`expected 150 samples each time; seen ${seen.join(", ")}, the last three with zeros added`);
process.exit(`${seen}` === "150,100,100,150,150,150" ? 0 : 1);
END

node finding.mjs
