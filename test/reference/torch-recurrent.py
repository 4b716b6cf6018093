# Makes torch-recurrent.json: recurrent layers with their options, forwards and backwards, in float64 by PyTorch.
# Run: /usr/bin/python3 -B test/reference/torch-recurrent.py (Debian's python3-torch)
#
# Layers are written out as loops over time, with the blocks in Keras's order: i, f, c, o for lstm; z, r, h for
# gru. Where torch.nn has the same layer, the loop is checked against it. Every array is flat, in row-major order;
# gradients are those of the sum of all outputs, each element times its coefficient.
import torch

from reference import flat, random_values, write

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
    """Outputs as the layer returns them."""
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


def check_against_torch(generator):
    """The loops above are torch.nn's layers where these have the options."""
    def reordered(matrix, order):
        blocks = matrix.chunk(len(order), -1)
        return torch.cat([blocks[i] for i in order], -1)

    cases = [
        ('simpleRNN', {}, torch.nn.RNN, [0]),
        ('lstm', {'recurrentActivation': 'sigmoid'}, torch.nn.LSTM, [0, 1, 2, 3]),
        ('gru', {'recurrentActivation': 'sigmoid', 'resetAfter': True}, torch.nn.GRU, [1, 0, 2]),
    ]
    for kind, options, Layer, order in cases:
        kernel, recurrent, bias = make_weights(generator, kind, options)
        own, other = bias if bias.dim() == 2 else (bias, torch.zeros_like(bias))
        layer = Layer(FEATURES, UNITS, batch_first=True)
        with torch.no_grad():
            layer.weight_ih_l0.copy_(reordered(kernel, order).T)
            layer.weight_hh_l0.copy_(reordered(recurrent, order).T)
            layer.bias_ih_l0.copy_(reordered(own, order))
            layer.bias_hh_l0.copy_(reordered(other, order))
        x = random_values(generator, (BATCH, TIME, FEATURES), -1, 1)
        [got] = recurrence(kind, {**options, 'returnSequences': True}, [kernel, recurrent, bias], x, zeros(kind), None)
        torch.testing.assert_close(got, layer(x)[0])


def case(seed, kind, options, initial=False, mask=None):
    generator = torch.Generator().manual_seed(seed)
    weights = make_weights(generator, kind, options)
    x = random_values(generator, (BATCH, TIME, FEATURES), -1, 1).requires_grad_()
    states = zeros(kind)
    if initial:
        states = [random_values(generator, (BATCH, UNITS), -1, 1).requires_grad_() for _ in states]
    outputs = recurrence(kind, options, weights, x, states, mask and torch.tensor(mask))
    coefficients = [random_values(generator, y.shape, -1, 1) for y in outputs]
    sum((y * c).sum() for y, c in zip(outputs, coefficients)).backward()

    def differentiated(value):
        return {'shape': list(value.shape), 'values': flat(value), 'gradient': flat(value.grad)}

    return {
        'layer': kind,
        'options': {'units': UNITS, **options},
        'inputs': [differentiated(value) for value in [x, *(states if initial else [])]],
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

check_against_torch(torch.Generator().manual_seed(1))
write(__file__, [
    case(2, 'simpleRNN', {}),
    case(3, 'simpleRNN', EVERYTHING, initial=True),
    case(4, 'simpleRNN', {'goBackwards': True, 'useBias': False, 'activation': 'sigmoid', **SEQUENCES}),
    case(5, 'simpleRNN', EVERYTHING, mask=MASK),
    case(6, 'gru', {}),
    case(7, 'gru', {'recurrentActivation': 'sigmoid', **EVERYTHING}, initial=True),
    case(8, 'gru', {'recurrentActivation': 'sigmoid', 'resetAfter': True, **SEQUENCES}),
    case(9, 'gru', {'resetAfter': True, 'useBias': False, 'goBackwards': True, 'returnState': True}),
    case(10, 'gru', {'goBackwards': True, 'returnState': True}, mask=MASK),
    case(11, 'lstm', {}),
    case(12, 'lstm', {'recurrentActivation': 'sigmoid', **SEQUENCES}),
    case(13, 'lstm', EVERYTHING, initial=True),
    case(15, 'lstm', EVERYTHING, initial=True, mask=MASK),
    case(14, 'lstm', {'goBackwards': True, 'useBias': False, 'activation': 'linear', **SEQUENCES}),
])
