# Makes torch-micro-batches.json: steps whose gradients are accumulated over parts of a batch, in float64 by PyTorch.
# Run: /usr/bin/python3 -B test/reference/torch-micro-batches.py (Debian's python3-torch)
#
# A batch of 7 samples is parts of 3, 2 and 2, each with a backward pass of its own before the optimizer steps. Batch
# normalisation has each part's statistics, as in nn.parallel.DistributedDataParallel. A part's loss, a mean, counts by
# its share of the batch.
import torch

from reference import flat, random_values, write

PARTS = [3, 2, 2]
BATCH = sum(PARTS)
STEPS = 3
INPUTS, HIDDEN, OUTPUTS = 4, 5, 2
EPSILON = 1e-3

generator = torch.Generator().manual_seed(11)
x = random_values(generator, (STEPS * BATCH, INPUTS), -2, 2)
y = random_values(generator, (STEPS * BATCH, OUTPUTS), -1, 1)
weights = [
    random_values(generator, shape, -0.8, 0.8).requires_grad_()
    for shape in [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN,), (HIDDEN,), (HIDDEN, OUTPUTS), (OUTPUTS,)]
]
start = [flat(w) for w in weights]


def loss_of(inputs, targets):
    kernel1, bias1, gamma, beta, kernel2, bias2 = weights
    z = inputs @ kernel1 + bias1
    normalised = torch.nn.functional.batch_norm(z, None, None, gamma, beta, training=True, eps=EPSILON)
    return ((torch.tanh(normalised) @ kernel2 + bias2 - targets) ** 2).mean()


optimizer = torch.optim.SGD(weights, lr=0.1, momentum=0.9)
losses = []
for step in range(STEPS):
    optimizer.zero_grad()
    first, loss = step * BATCH, 0
    for size in PARTS:
        part = loss_of(x[first:first + size], y[first:first + size]) * size / BATCH
        part.backward()
        loss += part.item()
        first += size
    losses.append(loss)
    optimizer.step()

write(__file__, {
    'epsilon': EPSILON,
    'batchSize': BATCH,
    'parts': len(PARTS),
    'x': {'shape': list(x.shape), 'values': flat(x)},
    'y': {'shape': list(y.shape), 'values': flat(y)},
    'units': [HIDDEN, OUTPUTS],
    'weights': start,
    'losses': losses,
    'moved': [flat(w) for w in weights],
})
