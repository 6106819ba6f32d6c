#!/usr/bin/env bash
# A fused ReLU on tfjs's WebAssembly backend turns NaN into 0.
#
# Expected: NaN, as on the CPU backend and as from a separate ReLU on the same backend.
# Seen: `tf.fused.matMul` with "relu" or "relu6" gives 0; without an activation it gives NaN.
# Why it matters: a network that has diverged goes on giving finite, plausible outputs; the usual
# check of the loss or the output for NaN never fires. Check the weights instead.
# Versions: @tensorflow/tfjs-core, -backend-cpu and -backend-wasm 4.22.0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts --loglevel=error @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 >/dev/null

cat >finding.mjs <<'END'
import * as tf from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-cpu";

setWasmPaths(`${process.cwd()}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
const seen = [];
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  const a = tf.tensor2d([[NaN, 1]]), b = tf.tensor2d([[1], [1]]);
  const fused = tf.fused.matMul({ a, b, activation: "relu" }).dataSync()[0];
  const apart = tf.relu(tf.matMul(a, b)).dataSync()[0];
  seen.push(`${backend}: fused ${fused}, apart ${apart}`);
}
console.log(`expected NaN four times; seen ${seen.join("; ")}`);
const same = seen.join() === "cpu: fused NaN, apart NaN,wasm: fused 0, apart NaN";
process.exit(same ? 0 : 1);
END

node finding.mjs
