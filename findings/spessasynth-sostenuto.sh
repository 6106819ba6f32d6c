#!/usr/bin/env bash
# spessasynth_core does nothing at the sostenuto pedal.
#
# Expected: controller 66, the middle pedal of a grand piano, holds the keys that are down when it goes
# down. The library names it in its list of controllers.
# Seen: a key that is let go under controller 66 falls silent; under 64 (sustain) it sounds on.
# Why it matters: in recordings of piano playing, bass notes held by the middle pedal break off.
# Lengthen the notes before they reach the synthesizer.
# Versions: spessasynth_core 4.3.22, with the saw wave that it brings.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error spessasynth_core@4.3.22 >/dev/null

cat >finding.mjs <<'END'
import { BasicSoundBank, SoundBankLoader, SpessaLog, SpessaSynthProcessor } from "spessasynth_core";

SpessaLog.setLogLevel(false, false, false);
await BasicSoundBank.isSF3DecoderReady;

async function soundAfterRelease(pedal) {
  const synthesizer = new SpessaSynthProcessor(44100, { eventsEnabled: false });
  await synthesizer.processorInitialized;
  const bank = SoundBankLoader.fromArrayBuffer(BasicSoundBank.getSampleSoundBankFile());
  synthesizer.soundBankManager.addSoundBank(bank, "bank");
  const peak = (seconds) => {
    const left = new Float32Array(44100 * seconds), right = new Float32Array(left.length);
    for (let at = 0; at < left.length; at += 126) synthesizer.process(left, right, at, 126);
    return left.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  };
  synthesizer.noteOn(0, 60, 100);
  peak(0.1);
  if (pedal) synthesizer.controllerChange(0, pedal, 127);
  peak(0.1);
  synthesizer.noteOff(0, 60);
  peak(1);
  return peak(0.1) > 0.001 ? "sounds" : "silent";
}

const seen = [];
for (const pedal of [0, 64, 66]) seen.push(await soundAfterRelease(pedal));
console.log(`no pedal, 64, 66: expected silent sounds sounds, seen ${seen.join(" ")}`);
process.exit(seen.join(" ") === "silent sounds silent" ? 0 : 1);
END

node finding.mjs
