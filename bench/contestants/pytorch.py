"""PyTorch as a contestant: JSON lines on standard input, an answer in JSON for each."""

import json
import resource
import sys
import time

import numpy as np
import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))


def floats(path):
    return torch.from_numpy(np.fromfile(path, dtype=np.float32))


def network(work, folder):
    sizes = work["sizes"]
    if work["kind"] == "convnet":
        return convnet(folder)
    layers = []
    for i in range(len(sizes) - 1):
        dense = nn.Linear(sizes[i], sizes[i + 1])
        with torch.no_grad():
            dense.weight.copy_(floats(f"{folder}/kernel{i}").view(sizes[i], sizes[i + 1]).T)
            dense.bias.zero_()
        layers += [dense, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convnet(folder):
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10),
    )
    with torch.no_grad():
        # Height × width × in × out, as the other contestants have it.
        model[0].weight.copy_(floats(f"{folder}/kernel0").view(3, 3, 1, 32).permute(3, 2, 0, 1))
        model[3].weight.copy_(floats(f"{folder}/kernel1").view(3, 3, 32, 64).permute(3, 2, 0, 1))
        dense = floats(f"{folder}/kernel2").view(5, 5, 64, 10)
        model[8].weight.copy_(dense.permute(3, 2, 0, 1).reshape(10, 1600))
        for i in (0, 3, 8):
            model[i].bias.zero_()
    return model


def gemm(work, folder):
    m, k, n, form = work["m"], work["k"], work["n"], work["form"]
    a, b = floats(f"{folder}/a"), floats(f"{folder}/b")
    a = a.view(k, m).T if form.startswith("Aᵀ") else a.view(m, k)
    b = b.view(n, k).T if form.endswith("Bᵀ") else b.view(k, n)
    out = torch.empty(m, n)

    def step():
        torch.mm(a, b, out=out)
        return out

    return step, lambda product: product.abs().mean().item()


def shuffled(work, folder):
    size, count = work["batch"], work["samples"]
    data = torch.from_numpy(np.fromfile(f"{folder}/bytes", dtype=np.uint8)).view(count, -1)
    labels = torch.from_numpy(np.fromfile(f"{folder}/labels", dtype=np.int32)).long()
    while True:
        order = torch.randperm(count)
        for i in range(0, count - size + 1, size):
            chosen = order[i : i + size]
            yield data[chosen].float() / 255, labels[chosen]


def fixed(work, folder):
    batch = work["batch"]
    shape = (batch, 1, 28, 28) if work["kind"] == "convnet" else (batch, -1)
    x = floats(f"{folder}/x").view(shape)
    labels = torch.from_numpy(np.fromfile(f"{folder}/labels", dtype=np.int32)).long()
    while True:
        yield x, labels


def create(work, folder):
    """A function for one step, and one that reads the loss from what the step returned."""
    if work["kind"] == "gemm":
        return gemm(work, folder)
    model = network(work, folder)
    batches = (shuffled if work["kind"] == "epoch" else fixed)(work, folder)
    binary = work["sizes"][-1] == 1

    def loss_of(output, labels):
        if binary:
            return nn.functional.binary_cross_entropy_with_logits(output[:, 0], labels.float())
        return nn.functional.cross_entropy(output, labels)

    def predict():
        with torch.no_grad():
            x, labels = next(batches)
            output = torch.softmax(model(x), 1)
        return output, labels

    optimizer = torch.optim.Adam(model.parameters(), 1e-3, eps=1e-7)

    def train():
        x, labels = next(batches)
        optimizer.zero_grad()
        loss = loss_of(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    if work["kind"] == "inference":
        return predict, lambda pair: nn.functional.nll_loss(pair[0].log(), pair[1]).item()
    return train, lambda loss: loss.item()


def answer(message):
    global step, loss_of
    if "workload" in message:
        step, loss_of = create(message["workload"], message["folder"])
        return {}
    began = time.perf_counter()
    for _ in range(message["steps"]):
        result = step()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "loss": loss_of(result), "peak": peak}


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
