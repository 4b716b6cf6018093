"""The networks of larger.mjs in PyTorch: `networks.py THREADS` answers as steps.mjs does."""

import resource
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))


class Recurrent(nn.Module):
    def __init__(self, features, units):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)
        self.dense = nn.Linear(units, 10)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


class Embedded(nn.Module):
    def __init__(self, words, width):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.dense = nn.Linear(width, 10)

    def forward(self, x):
        return self.dense(self.embedding(x).mean(1))


def dense(*sizes):
    layers = []
    for i in range(len(sizes) - 1):
        layers += [nn.Linear(sizes[i], sizes[i + 1]), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convnet():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10),
    )


def normalised():
    layers, channels = [], 3
    for filters in (32, 64):
        for _ in range(2):
            layers += [nn.Conv2d(channels, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 64, 10))


def images(*shape):
    return lambda: torch.rand(*shape) * 2 - 1


networks = {
    "784-128-10, batch 128": (lambda: dense(784, 128, 10), images(128, 784)),
    "784-128-10, batch 32": (lambda: dense(784, 128, 10), images(32, 784)),
    "1024-2048-2048-10, batch 512": (lambda: dense(1024, 2048, 2048, 10), images(512, 1024)),
    "convnet 32-64, batch 128": (convnet, images(128, 1, 28, 28)),
    "normalised 32-32-64-64, batch 64": (normalised, images(64, 3, 32, 32)),
    "LSTM of 64, 50 times of 64, batch 32": (lambda: Recurrent(64, 64), images(32, 50, 64)),
    "LSTM of 128, 100 times of 32, batch 64": (lambda: Recurrent(32, 128), images(64, 100, 32)),
    "embedding of 20,000 × 64, 100 words, batch 32": (
        lambda: Embedded(20000, 64),
        lambda: torch.randint(0, 20000, (32, 100)),
    ),
}


def stepper(name):
    make, data = networks[name]
    model, x = make(), data()
    labels = torch.arange(len(x)) % 10
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def step():
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), labels).backward()
        optimizer.step()

    return step


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


known = {}
print(torch.__version__, flush=True)
for line in sys.stdin:
    name, count = line.rstrip("\n").split("\t")
    step = known.setdefault(name, None) or stepper(name)
    known[name] = step
    began, before = time.perf_counter(), processor()
    for _ in range(int(count)):
        step()
    print(time.perf_counter() - began, processor() - before, flush=True)
