# Makes torch-activations.json: values and gradients of activations, in float64 by PyTorch.
# Run: /usr/bin/python3 -B test/reference/torch-activations.py (Debian's python3-torch)
#
# elementwise: x, y and dx = dy/dx, without the points where the derivative jumps.
# rows: softmax and logSoftmax along the last axis of x; dx is the gradient of sum(dy * y).
import torch
import torch.nn.functional as F

from reference import flat, random_values, write


def hard_sigmoid(x):
    """Keras's and TensorFlow.js's; PyTorch's has another slope."""
    return torch.clamp(0.2 * x + 0.5, 0, 1)


# name: options, function, points where the derivative jumps
ELEMENTWISE = {
    'relu': ({}, F.relu, [0]),
    'relu6': ({}, F.relu6, [0, 6]),
    'leakyRelu': ({'alpha': 0.3}, lambda x: F.leaky_relu(x, 0.3), [0]),
    'prelu': ({'alpha': 0.25}, lambda x: F.prelu(x, torch.tensor([0.25])), [0]),
    'elu': ({'alpha': 1}, F.elu, []),
    'eluHalf': ({'alpha': 0.5}, lambda x: F.elu(x, 0.5), [0]),
    'selu': ({}, F.selu, [0]),
    'sigmoid': ({}, torch.sigmoid, []),
    'hardSigmoid': ({}, hard_sigmoid, [-2.5, 2.5]),
    'tanh': ({}, torch.tanh, []),
    'softplus': ({}, F.softplus, []),
    'softsign': ({}, F.softsign, []),
    'swish': ({}, F.silu, []),
    'gelu': ({}, F.gelu, []),
    'geluTanh': ({}, lambda x: F.gelu(x, approximate='tanh'), []),
    'mish': ({}, F.mish, []),
}
# Steps of 5/16 are exact in float32.
POINTS = [-20.0, -6.0, *[i * 5 / 16 for i in range(-19, 20)], 6.0, 20.0]


def gradient(function, x, dy):
    x = x.clone().requires_grad_()
    y = function(x)
    y.backward(dy)
    return y, x.grad


elementwise = {}
for name, (options, function, jumps) in ELEMENTWISE.items():
    x = torch.tensor([p for p in POINTS if p not in jumps])
    y, dx = gradient(function, x, torch.ones_like(x))
    elementwise[name] = {'options': options, 'x': flat(x), 'y': flat(y), 'dx': flat(dx)}

generator = torch.Generator().manual_seed(1)
x = random_values(generator, (5, 7), -4, 4)
dy = random_values(generator, (5, 7), -1, 1)
rows = {'shape': [5, 7], 'x': flat(x), 'dy': flat(dy)}
for name, function in {'softmax': F.softmax, 'logSoftmax': F.log_softmax}.items():
    y, dx = gradient(lambda x: function(x, dim=-1), x, dy)
    rows[name] = {'y': flat(y), 'dx': flat(dx)}

write(__file__, {'elementwise': elementwise, 'rows': rows})
