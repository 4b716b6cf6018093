# What torch-recurrent.py and torch-wrappers.py share: recurrent layers written out as loops over time, with the
# blocks in Keras's order: i, f, c, o for lstm; z, r, h for gru. Every array is flat, in row-major order;
# gradients are those of the sum of all outputs, each element times its coefficient.
import torch

from reference import flat, random_values

BATCH, TIME, FEATURES, UNITS = 3, 4, 3, 5
GATES = {'simpleRNN': 1, 'gru': 3, 'lstm': 4}
STATES = {'simpleRNN': 1, 'gru': 1, 'lstm': 2}
ACTIVATIONS = {
    'tanh': torch.tanh,
    'sigmoid': torch.sigmoid,
    'hardSigmoid': lambda x: torch.clamp(0.2 * x + 0.5, 0, 1),
    'linear': lambda x: x,
}


def cell(kind, options, weights):
    """A function of x_t and the states that returns the new states, the output first."""
    kernel, recurrent, *rest = weights
    bias = rest[0] if rest else torch.zeros(kernel.shape[1])
    activation = ACTIVATIONS[options.get('activation', 'tanh')]
    gate = ACTIVATIONS[options.get('recurrentActivation', 'hardSigmoid')]

    def simple(x, h):
        return [activation(x @ kernel + bias + h @ recurrent)]

    def lstm(x, h, c):
        i, f, g, o = (x @ kernel + bias + h @ recurrent).chunk(4, -1)
        c = gate(f) * c + gate(i) * activation(g)
        return [gate(o) * activation(c), c]

    def gru(x, h):
        z_x, r_x, n_x = (x @ kernel + bias).chunk(3, -1)
        z_u, r_u, n_u = recurrent.chunk(3, -1)
        z, r = gate(z_x + h @ z_u), gate(r_x + h @ r_u)
        n = activation(n_x + (r * h) @ n_u)
        return [z * h + (1 - z) * n]

    def gru_reset_after(x, h):
        own, other = bias if bias.dim() == 2 else (bias, torch.zeros_like(bias))
        z_x, r_x, n_x = (x @ kernel + own).chunk(3, -1)
        z_h, r_h, n_h = (h @ recurrent + other).chunk(3, -1)
        z, r = gate(z_x + z_h), gate(r_x + r_h)
        return [z * h + (1 - z) * activation(n_x + r * n_h)]

    if kind == 'gru' and options.get('resetAfter'):
        return gru_reset_after
    return {'simpleRNN': simple, 'lstm': lstm, 'gru': gru}[kind]


def recurrence(kind, options, weights, x, states, mask):
    """Outputs as the layer returns them. Without states it begins with zeros."""
    states = states or zeros(kind)
    step = cell(kind, options, weights)
    times = range(x.shape[1])
    outputs = []
    for t in reversed(times) if options.get('goBackwards') else times:
        new = step(x[:, t], *states)
        if mask is not None:
            new = [torch.where(mask[:, t, None] != 0, n, old) for n, old in zip(new, states)]
        states = new
        outputs.append(states[0])
    output = torch.stack(outputs, 1) if options.get('returnSequences') else outputs[-1]
    return [output, *states] if options.get('returnState') else [output]


def make_weights(generator, kind, options):
    columns = GATES[kind] * UNITS
    shapes = [(FEATURES, columns), (UNITS, columns)]
    if options.get('useBias', True):
        shapes.append((2, columns) if options.get('resetAfter') else (columns,))
    return [random_values(generator, shape, -0.7, 0.7).requires_grad_() for shape in shapes]


def zeros(kind):
    return [torch.zeros(BATCH, UNITS) for _ in range(STATES[kind])]


def differentiated(value):
    return {'shape': list(value.shape), 'values': flat(value), 'gradient': flat(value.grad)}


def case(seed, kind, options, weights_of, outputs_of, initial=0, mask=None):
    """A layer's case: `initial` states, weights as made from a generator, outputs of (weights, x, states, mask)."""
    generator = torch.Generator().manual_seed(seed)
    weights = weights_of(generator)
    x = random_values(generator, (BATCH, TIME, FEATURES), -1, 1).requires_grad_()
    states = [random_values(generator, (BATCH, UNITS), -1, 1).requires_grad_() for _ in range(initial)]
    outputs = outputs_of(weights, x, states, mask and torch.tensor(mask))
    coefficients = [random_values(generator, y.shape, -1, 1) for y in outputs]
    sum((y * c).sum() for y, c in zip(outputs, coefficients)).backward()
    return {
        'layer': kind,
        'options': options,
        'inputs': [differentiated(value) for value in [x, *states]],
        **({'mask': mask} if mask else {}),
        'weights': [differentiated(value) for value in weights],
        'outputs': [
            {'shape': list(y.shape), 'values': flat(y), 'coefficients': flat(c)}
            for y, c in zip(outputs, coefficients)
        ],
    }


# A sequence that is whole, one with a gap and one that is masked from the second time on.
MASK = [[1, 1, 1, 1], [1, 0, 1, 1], [1, 0, 0, 0]]
SEQUENCES = {'returnSequences': True}
EVERYTHING = {'returnSequences': True, 'returnState': True}
