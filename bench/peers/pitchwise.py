"""The pitchwise network in PyTorch, for bench/pitchwise.ts: the same weights, batch and optimizer.

Reads a folder that bench/pitchwise.ts wrote (shapes.json and one file of little-endian numbers per
array), prints one JSON object: the loss before the first step, after the last, and milliseconds per
step. The first layer is what PyTorch is fast at: dense convolutions over pitch.
"""
import json
import sys
import time

import numpy
import torch
import torch.nn.functional as F

folder, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
shapes = json.load(open(folder + "/shapes.json"))


def read(kind, name):
    dtype = "<f4" if kind == "weights" else "<i4"
    values = numpy.fromfile(f"{folder}/{kind}/{name.replace('/', '_')}", dtype=dtype)
    return torch.from_numpy(values.copy()).reshape(shapes[kind][name])


W = {name: read("weights", name).requires_grad_() for name in shapes["weights"]}
B = {name: read("batch", name).long() for name in shapes["batch"]}
lags, near = shapes["lags"], [lag for lag in shapes["lags"] if lag <= 16]
far = lags[len(near):]
frame, past = B["frame"].float(), B["past"].float()  # (batch, pitches), (batch, lags, pitches)
batch, pitches = frame.shape
width = W["register"].shape[1]
classes = torch.arange(pitches) % 12
counts = torch.zeros(batch, len(near), 12).index_add_(2, classes, past[:, : len(near)])
folded = torch.cat([counts, B["profile"].float() / B["profile_frames"].float()[:, :, None]], 1)
folded = torch.cat([folded, folded[:, :, :11]], 2)
echo = torch.zeros(batch, 16, pitches)
for e in range(2):
    rows = torch.arange(batch)
    echo[rows, 8 * e + B["echo_class"][:, e]] += B["echo"][:, e].float()
rank = torch.cumsum(frame, 1).long() - frame.long()  # notes below each pitch
# Channels of the inputs are made once, outside the clock: our kernels gather theirs in every step.


def around(names, frames):
    """Rows over distance p − q + radius, as a convolution over pitch."""
    weight = torch.stack([W[name].flip(0) for name in names]).permute(2, 0, 1)
    return F.conv1d(frames, weight, padding=weight.shape[2] // 2)


def embedded(name, indices):
    return F.embedding(indices + 1, torch.cat([torch.zeros(1, width), W[name]]))


def loss():
    z = around([f"lag_{lag}" for lag in near], past[:, : len(near)])
    z = z + around([f"lag_{lag}" for lag in far], past[:, len(near):])
    turned = (-torch.arange(12)) % 12
    tables = [W[f"lag_{lag}_folded"] for lag in near] + list(W["profile"].reshape(3, 12, width))
    weight = torch.stack([table[turned] for table in tables]).permute(2, 0, 1)
    z = z + F.conv1d(folded, weight)[:, :, classes]
    echoes = W["echo"].reshape(24, 26, width)[:16]  # the last eight are a plan's, and there is none
    weight = echoes[:, :25].flip(1).permute(2, 0, 1)
    z = z + F.conv1d(echo, weight, padding=12)
    distance = torch.arange(pitches - 1)
    below = W["below_folded"][distance % 12]
    reach = min(pitches - 1, W["below"].shape[0])
    below = torch.cat([below[:reach] + W["below"][:reach], below[reach:]]).flip(0)
    padded = F.pad(frame[:, None], (pitches - 1, 0))[:, :, :-1]
    z = z + F.conv1d(padded, below.t()[:, None])
    z = z.transpose(1, 2) + W["register"]  # (batch, pitches, width)
    every = W["polyphony"][B["polyphony"]]
    for i, name in enumerate(["steps_into_bar", "part_of_bar", "place_in_four_bars"]):
        every = every + embedded(name, B["places"][:, i])
    for e in range(2):
        found = (B["echo_class"][:, e] >= 0)[:, None]
        every = every + found * echoes[8 * e + B["echo_class"][:, e], 25]
    ranks = torch.cumsum(W["rank"][torch.arange(pitches).clamp(max=7)], 0)
    z = z + every[:, None] + F.embedding(rank, torch.cat([torch.zeros(1, width), ranks]))
    for name in ["since", "age", "count"]:
        z = z + embedded(name, B[name])
    total = torch.relu(z)
    for layer in range(1, shapes["layers"] + 1):
        dense = total @ W[f"dense_{layer}/kernel"] + W[f"dense_{layer}/bias"]
        total = total + torch.relu(dense)
    logits = total @ W["head/kernel"][0] + W["head/bias"][0]
    return F.binary_cross_entropy_with_logits(logits, frame, reduction="sum") / batch


optimizer = torch.optim.AdamW(W.values(), shapes["learning_rate"], weight_decay=0)
losses, started = [], time.perf_counter()
for step in range(steps + 2):
    if step == 2:
        started = time.perf_counter()  # the first two steps warm up
    optimizer.zero_grad()
    value = loss()
    value.backward()
    optimizer.step()
    losses.append(value.item())
milliseconds = 1000 * (time.perf_counter() - started) / steps
print(json.dumps({"first": losses[0], "last": losses[-1], "milliseconds": milliseconds}))
