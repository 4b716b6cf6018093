# Makes torch-wrappers.json: bidirectional and timeDistributed layers in float64 by PyTorch, as torch-recurrent.json.
# Run: /usr/bin/python3 -B test/reference/torch-wrappers.py (Debian's python3-torch)
import torch

from recurrent import EVERYTHING, FEATURES, MASK, SEQUENCES, STATES, UNITS, case, make_weights, recurrence
from reference import random_values, write

MERGE = {
    'concat': lambda a, b: [torch.cat([a, b], -1)],
    'sum': lambda a, b: [a + b],
    'mul': lambda a, b: [a * b],
    'ave': lambda a, b: [(a + b) / 2],
    None: lambda a, b: [a, b],
}


def bidirectional(seed, kind, options, mode, initial=False, mask=None):
    def outputs_of(weights, x, states, mask):
        half, count = len(weights) // 2, len(states) // 2
        there, *there_states = recurrence(kind, options, weights[:half], x, states[:count], mask)
        backwards = {**options, 'goBackwards': not options.get('goBackwards', False)}
        back, *back_states = recurrence(kind, backwards, weights[half:], x, states[count:], mask)
        if options.get('returnSequences'):
            back = back.flip(1)
        return [*MERGE[mode](there, back), *there_states, *back_states]

    return case(
        seed, 'bidirectional', {'layer': kind, 'inner': {'units': UNITS, **options}, 'mergeMode': mode},
        lambda generator: [w for _ in range(2) for w in make_weights(generator, kind, options)],
        outputs_of, 2 * STATES[kind] if initial else 0, mask,
    )


def time_distributed(seed):
    shapes = [(FEATURES, UNITS), (UNITS,)]
    return case(
        seed, 'timeDistributed', {'layer': 'dense', 'inner': {'units': UNITS, 'activation': 'softmax'}},
        lambda generator: [random_values(generator, shape, -0.7, 0.7).requires_grad_() for shape in shapes],
        lambda weights, x, *_: [torch.softmax(x @ weights[0] + weights[1], -1)],
    )


write(__file__, [
    bidirectional(1, 'lstm', {}, 'concat'),
    bidirectional(2, 'gru', EVERYTHING, 'sum', initial=True, mask=MASK),
    bidirectional(3, 'simpleRNN', SEQUENCES, 'mul'),
    bidirectional(4, 'simpleRNN', {'goBackwards': True, **SEQUENCES}, 'ave'),
    bidirectional(5, 'lstm', {'returnState': True}, None, initial=True),
    bidirectional(6, 'simpleRNN', SEQUENCES, None, mask=MASK),
    time_distributed(7),
])
