"""The combination network in PyTorch, as a peer of bench/combination.ts.

    python3 combination.py CLASSES BATCH THREADS

The same network, weights, data and optimizer. Reads one command a line, answers each with one line
of JSON: "check" takes one step without dropout and gives the loss; "step" takes one step with
dropout; "frames N" draws N frames one after the other for BATCH pieces; "memory" gives the peak.
"""
import json
import sys
import time

import numpy
import torch
import torch.nn.functional as F

CLASSES, BATCH, THREADS = (int(argument) for argument in sys.argv[1:4])
WINDOW, FILTERS, KERNEL, FIRST, SECOND = 40, 64, 4, 128, 256
torch.set_num_threads(THREADS)


def noise(count, seed):
    """Numbers from -1 to 1 by a multiplicative hash, as in bench/combination.ts."""
    index = numpy.arange(count, dtype=numpy.uint32) + numpy.uint32(seed)
    mixed = (index * numpy.uint32(2654435761)) ^ (index >> numpy.uint32(7))
    return (mixed / numpy.float64(2**31) - 1).astype(numpy.float32)


def tensor(shape, seed, scale):
    values = noise(int(numpy.prod(shape)), seed) * numpy.float32(scale)
    return torch.from_numpy(values.reshape(shape))


FLAT = (WINDOW - KERNEL + 1) * FILTERS
# PyTorch has [outputs, inputs] and channels before time where tfjs has them the other way round.
conv_kernel = tensor((KERNEL, 1, FILTERS), 1, 0.15).permute(2, 1, 0).contiguous().requires_grad_()
conv_bias = torch.zeros(FILTERS, requires_grad=True)
first_kernel = tensor((FLAT, FIRST), 2, 0.05).t().contiguous().requires_grad_()
first_bias = torch.zeros(FIRST, requires_grad=True)
second_kernel = tensor((FIRST, SECOND), 3, 0.125).t().contiguous().requires_grad_()
second_bias = torch.zeros(SECOND, requires_grad=True)
output_kernel = tensor((SECOND, CLASSES), 4, 0.02).t().contiguous().requires_grad_()
output_bias = torch.zeros(CLASSES, requires_grad=True)
parameters = [
    conv_kernel, conv_bias, first_kernel, first_bias,
    second_kernel, second_bias, output_kernel, output_bias,
]
optimizer = torch.optim.Adam(parameters, lr=0.001, eps=1e-7)
windows = tensor((BATCH, WINDOW), 5, 1.0)
labels = torch.from_numpy((numpy.arange(BATCH, dtype=numpy.int64) * 7919 + 13) % CLASSES)


def logits(windows, dropout):
    convolved = F.conv1d(windows[:, None, :], conv_kernel, conv_bias)
    convolved = torch.clamp(0.2 * convolved + 0.5, 0, 1).transpose(1, 2).reshape(len(windows), FLAT)
    first = F.leaky_relu(F.linear(convolved, first_kernel, first_bias), 0.3)
    second = F.dropout(F.silu(F.linear(first, second_kernel, second_bias)), 0.2, dropout)
    return F.linear(second, output_kernel, output_bias)


def step(dropout):
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(logits(windows, dropout), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def draw(frames):
    past = windows.clone()
    with torch.no_grad():
        for _ in range(frames):
            chances = torch.softmax(logits(past, False), 1)
            drawn = torch.multinomial(chances, 1)
            past = torch.cat([past[:, 1:], drawn / CLASSES], 1)


for line in sys.stdin:
    command, *rest = line.split()
    start, before = time.perf_counter(), time.process_time()
    answer = {}
    if command == "check":
        answer["loss"] = step(False)
    elif command == "step":
        answer["loss"] = step(True)
    elif command == "frames":
        draw(int(rest[0]))
    elif command == "memory":
        status = open("/proc/self/status").read()
        answer["bytes"] = int(status.split("VmHWM:")[1].split()[0]) * 1024
    answer["seconds"] = time.perf_counter() - start
    answer["processorSeconds"] = time.process_time() - before
    print(json.dumps(answer), flush=True)
