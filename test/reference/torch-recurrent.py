# Makes torch-recurrent.json: recurrent layers with their options, forwards and backwards, in float64 by PyTorch.
# Run: /usr/bin/python3 -B test/reference/torch-recurrent.py (Debian's python3-torch)
#
# The loops of recurrent.py are checked against the layers of torch.nn where these have the same options.
import torch

from recurrent import (
    BATCH, EVERYTHING, FEATURES, MASK, SEQUENCES, STATES, TIME, UNITS, case, make_weights, recurrence,
)
from reference import random_values, write


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
        [got] = recurrence(kind, {**options, 'returnSequences': True}, [kernel, recurrent, bias], x, [], None)
        torch.testing.assert_close(got, layer(x)[0])


def layer(seed, kind, options, initial=False, mask=None):
    return case(
        seed, kind, {'units': UNITS, **options},
        lambda generator: make_weights(generator, kind, options),
        lambda weights, x, states, mask: recurrence(kind, options, weights, x, states, mask),
        STATES[kind] if initial else 0, mask,
    )


check_against_torch(torch.Generator().manual_seed(1))
write(__file__, [
    layer(2, 'simpleRNN', {}),
    layer(3, 'simpleRNN', EVERYTHING, initial=True),
    layer(4, 'simpleRNN', {'goBackwards': True, 'useBias': False, 'activation': 'sigmoid', **SEQUENCES}),
    layer(5, 'simpleRNN', EVERYTHING, mask=MASK),
    layer(6, 'gru', {}),
    layer(7, 'gru', {'recurrentActivation': 'sigmoid', **EVERYTHING}, initial=True),
    layer(8, 'gru', {'recurrentActivation': 'sigmoid', 'resetAfter': True, **SEQUENCES}),
    layer(9, 'gru', {'resetAfter': True, 'useBias': False, 'goBackwards': True, 'returnState': True}),
    layer(10, 'gru', {'goBackwards': True, 'returnState': True}, mask=MASK),
    layer(11, 'lstm', {}),
    layer(12, 'lstm', {'recurrentActivation': 'sigmoid', **SEQUENCES}),
    layer(13, 'lstm', EVERYTHING, initial=True),
    layer(15, 'lstm', EVERYTHING, initial=True, mask=MASK),
    layer(14, 'lstm', {'goBackwards': True, 'useBias': False, 'activation': 'linear', **SEQUENCES}),
])
