#!/usr/bin/env bash
# A seeded dropout layer of tfjs drops the same units at every call.
#
# Expected: the seed starts a sequence, as in Keras: runs can be repeated, but every training step
# draws a new mask.
# Seen: the same mask at every step. Without a seed the masks differ.
# Why it matters: whoever seeds a network to make training reproducible has as many masks as a batch
# has rows, for the whole training; at batch size 1 the dropped units never learn at all.
# Versions: @tensorflow/tfjs-core, -layers and -backend-cpu 4.22.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-layers@4.22.0 >/dev/null

cat >finding.mjs <<'END'
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-cpu";

await tf.setBackend("cpu");
const masks = (seed) => {
  const layer = layers.layers.dropout({ rate: 0.5, seed });
  return [1, 2, 3].map(() =>
    [...layer.apply(tf.ones([64]), { training: true }).dataSync()].map(Math.sign).join("")
  );
};
const different = (list) => new Set(list).size;
const seeded = different(masks(7)), unseeded = different(masks(undefined));
console.log(`different masks in 3 steps: expected 3, seen ${seeded} (seed 7), ${unseeded} (no seed)`);
process.exit(seeded === 1 && unseeded === 3 ? 0 : 1);
END

node finding.mjs
