#!/usr/bin/env bash
# The last frame of a FLAC file is lost in @wasm-audio-decoders/flac.
#
# Expected: files of two frames, 4,096 and 1,000 samples, and 4,096 twice, give 5,096 and 8,192.
# Seen: 4,096 samples of both, and no error. A file of a single frame is decoded whole.
# Why it matters: every recording loses up to a tenth of a second at its end: the last note of a short
# sample, and the length that a transcription is compared by.
# Versions: @wasm-audio-decoders/flac 0.2.11.
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
/** A mono frame of 16 bits at 44,100 Hz: one constant subframe (RFC 9639, 9). */
const frame = (number, samples, value) => {
  const header = [0xff, 0xf8, 0x79, 0x08, number, (samples - 1) >> 8, (samples - 1) & 255];
  const body = [...header, crc(header, 0x07, 8), 0x00, value >> 8, value & 255];
  const sum = crc(body, 0x8005, 16);
  return [...body, sum >> 8, sum & 255];
};
const file = (lengths) => {
  const total = lengths.reduce((sum, one) => sum + one, 0);
  const info = Buffer.alloc(34);
  info.writeUInt16BE(4096, 0);
  info.writeUInt16BE(4096, 2);
  info[10] = 44100 >> 12;
  info[11] = (44100 >> 4) & 255;
  info[12] = (44100 & 15) << 4 | 0 << 1 | 15 >> 4;
  info[13] = (15 & 15) << 4;
  info.writeUInt32BE(total, 14);
  const frames = lengths.flatMap((samples, at) => frame(at, samples, 1000));
  return Uint8Array.from([...Buffer.from("fLaC"), 0x80, 0, 0, 34, ...info, ...frames]);
};
const heard = async (lengths) => {
  const decoder = new FLACDecoder();
  await decoder.ready;
  const { samplesDecoded } = await decoder.decodeFile(file(lengths));
  decoder.free();
  return samplesDecoded;
};
const seen = [await heard([4096, 1000]), await heard([4096, 4096]), await heard([1000])];
console.log(`expected 5096, 8192 and 1000 samples; seen ${seen.join(", ")}`);
process.exit(`${seen}` === "4096,4096,1000" ? 0 : 1);
END

node finding.mjs
