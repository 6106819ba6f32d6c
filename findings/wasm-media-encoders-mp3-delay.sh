#!/usr/bin/env bash
# MP3 files of wasm-media-encoders start 1,105 samples late, and no player can know it.
#
# Expected: LAME writes a first frame ("Info" or "Xing") that tells its delay and padding; a decoder
# for gapless playback takes them off, so that sound comes out where it went in and as long.
# Seen: there is no such frame, at a constant and at a variable bit rate. A gapless decoder gives
# 46,080 samples for 44,100, with everything 1,105 samples (25 ms) late.
# Why it matters: an MP3 beside its MIDI file or score is off by that much, a transcription of it has
# late onsets, and loops have gaps. Write WAV or Ogg Vorbis where time counts.
# Versions: wasm-media-encoders 0.7.0, mpg123-decoder 1.0.3 (gapless).
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error wasm-media-encoders@0.7.0 mpg123-decoder@1.0.3 >/dev/null

cat >finding.mjs <<'END'
import { createMp3Encoder } from "wasm-media-encoders";
import { MPEGDecoder } from "mpg123-decoder";

const sound = new Float32Array(44100); // a sound from 22,050 whose pitch rises
for (let i = 0; i < 4000; i++) sound[22050 + i] = 0.8 * Math.sin((0.05 + i / 1e5) * i);
const seen = [];
for (const rate of [{ bitrate: 192 }, { vbrQuality: 2 }]) {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: 44100, channels: 1, ...rate });
  const file = Buffer.concat([Buffer.from(encoder.encode([sound])), encoder.finalize()]);
  const decoder = new MPEGDecoder({ enableGapless: true });
  await decoder.ready;
  const { channelData: [heard], samplesDecoded } = decoder.decode(file);
  let late = 0, best = -Infinity;
  for (let lag = -1500; lag <= 1500; lag++) {
    let likeness = 0;
    for (let i = 22050; i < 26050; i++) likeness += sound[i] * heard[i + lag];
    if (likeness > best) [best, late] = [likeness, lag];
  }
  const info = file.includes("Info") || file.includes("Xing");
  seen.push(`${info ? "info" : "no info"}, ${samplesDecoded} samples, ${late} late`);
}
console.log(`expected info, 44100 samples, 0 late; seen ${seen.join("; ")}`);
process.exit(seen.every((one) => one === "no info, 46080 samples, 1105 late") ? 0 : 1);
END

node finding.mjs
