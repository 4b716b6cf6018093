# Makes torch-dense.json: two multilayer perceptrons, forwards and backwards, in float64 by PyTorch.
# Run: /usr/bin/python3 -B test/reference/torch-dense.py (Debian's python3-torch)
#
# Kernels are (inputs, outputs), as Keras and TensorFlow.js keep them. Every array is flat, in row-major order;
# 'outputs' are the layers' activations, gradients are those of the mean loss over the batch.
import torch
import torch.nn.functional as F

from reference import flat, random_values, write

BATCH = 5
SIZES = [4, 8, 8, 3]
ACTIVATIONS = {'relu': torch.relu, 'sigmoid': torch.sigmoid, 'softmax': lambda z: torch.softmax(z, -1)}


def sparse_categorical_crossentropy(labels, y):
    return F.nll_loss(torch.log(y), labels, reduction='none')


def mean_squared_error(targets, y):
    return ((y - targets) ** 2).mean(-1)


def network(seed, activations, loss_name, loss, make_targets):
    generator = torch.Generator().manual_seed(seed)
    x = random_values(generator, (BATCH, SIZES[0]), -1, 1).requires_grad_()
    targets = make_targets(generator)
    layers, outputs = [], [x]
    for inputs, units, activation in zip(SIZES, SIZES[1:], activations):
        kernel = random_values(generator, (inputs, units), -0.8, 0.8).requires_grad_()
        bias = random_values(generator, (units,), -0.25, 0.25).requires_grad_()
        z = outputs[-1] @ kernel + bias
        assert z.abs().min() > 1e-4  # relu's derivative jumps at 0
        outputs.append(ACTIVATIONS[activation](z))
        layers.append((activation, kernel, bias))
    per_sample = loss(targets, outputs[-1])
    per_sample.mean().backward()
    return {
        'loss': loss_name,
        'x': {'shape': list(x.shape), 'values': flat(x), 'gradient': flat(x.grad)},
        'targets': {'shape': list(targets.shape), 'values': flat(targets)},
        'layers': [
            {
                'units': kernel.shape[1], 'activation': activation,
                'kernel': {'shape': list(kernel.shape), 'values': flat(kernel), 'gradient': flat(kernel.grad)},
                'bias': {'shape': list(bias.shape), 'values': flat(bias), 'gradient': flat(bias.grad)},
            }
            for activation, kernel, bias in layers
        ],
        'outputs': [flat(y) for y in outputs[1:]],
        'perSample': flat(per_sample),
        'mean': per_sample.mean().item(),
    }


write(__file__, {
    'classifier': network(
        3, ['relu', 'relu', 'softmax'], 'sparseCategoricalCrossentropy', sparse_categorical_crossentropy,
        lambda generator: torch.tensor([0, 2, 1, 1, 0]),
    ),
    'regressor': network(
        4, ['sigmoid', 'sigmoid', 'sigmoid'], 'meanSquaredError', mean_squared_error,
        lambda generator: random_values(generator, (BATCH, SIZES[-1]), 0, 1),
    ),
})
