# Makes torch-edges.json: values and gradients of functions at the edges of their domains, in float64 by PyTorch: zeros,
# ties, infinities, ends of ranges. Each case gives the gradients of the sum of all results. Numbers that JSON lacks are
# written as text.
# Run: python3 -B test/reference/torch-edges.py
import math

import torch

from reference import write

INF = math.inf
EDGES = [-INF, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0, INF]

UNARY = {
    'abs': torch.abs,
    'neg': torch.neg,
    'sign': torch.sign,
    'square': torch.square,
    'sqrt': torch.sqrt,
    'rsqrt': torch.rsqrt,
    'reciprocal': torch.reciprocal,
    'exp': torch.exp,
    'expm1': torch.expm1,
    'log': torch.log,
    'log1p': torch.log1p,
    'tanh': torch.tanh,
    'sigmoid': torch.sigmoid,
    'softplus': lambda x: torch.nn.functional.softplus(x, threshold=1e9),
    'erf': torch.erf,
    'relu': torch.relu,
    'floor': torch.floor,
    'ceil': torch.ceil,
    'round': torch.round,
    'sin': torch.sin,
    'cos': torch.cos,
    'tan': torch.tan,
    'asin': torch.asin,
    'acos': torch.acos,
    'atan': torch.atan,
    'sinh': torch.sinh,
    'cosh': torch.cosh,
    'asinh': torch.asinh,
    'acosh': torch.acosh,
    'atanh': torch.atanh,
    'elu': torch.nn.functional.elu,
    'selu': torch.nn.functional.selu,
    'logSigmoid': torch.nn.functional.logsigmoid,
}

# Those with an edge elsewhere, and where.
ELSEWHERE = {
    'relu6': (torch.nn.functional.relu6, [5.0, 6.0, 7.0]),
    'clip': (lambda x: x.clamp(-1, 1), []),
    'hardSigmoid': (lambda x: (0.2 * x + 0.5).clamp(0, 1), [-2.5, 2.5]),
}

BINARY = {
    'add': torch.add,
    'sub': torch.sub,
    'mul': torch.mul,
    'div': torch.div,
    'pow': torch.pow,
    'atan2': torch.atan2,
}
PAIRS = [
    [0.0, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 0.5], [1.0, 0.0], [2.0, 0.0], [-2.0, 0.0], [-2.0, 2.0], [-2.0, 3.0],
    [1.0, 1.0], [0.0, -1.0], [3.0, 1.0], [-1.0, 1.0], [2.0, -2.0],
]

REDUCTIONS = {
    'sum': lambda x: x.sum(),
    'mean': lambda x: x.mean(),
    'max': lambda x: x.amax(0),
    'min': lambda x: x.amin(0),
    'prod': lambda x: x.prod(),
    'norm': lambda x: torch.linalg.vector_norm(x),
    'norm1': lambda x: torch.linalg.vector_norm(x, 1),
    'normInf': lambda x: torch.linalg.vector_norm(x, INF),
    'logSumExp': lambda x: torch.logsumexp(x, 0),
    'variance': lambda x: x.var(unbiased=False),
    'cumsum': lambda x: x.cumsum(0),
}
ROWS = [
    [0.0, 0.0, 0.0], [2.0, 2.0, 1.0], [-1.0, -1.0, -1.0], [3.0, 0.0, 2.0], [0.0, 0.0, 5.0], [1.0, -1.0, 1.0],
    [5.0], [-INF, 0.0, 1.0], [-INF, -INF, 1.0], [INF, 0.0, 1.0],
]


def written(x):
    if x == 0 and math.copysign(1, x) < 0:
        return '-0'
    return x if math.isfinite(x) else str(x).replace('inf', 'Infinity').replace('nan', 'NaN')


def text(values):
    return [written(x) for x in values]


def case(kind, name, function, *arguments):
    inputs = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    y = function(*inputs)
    y.sum().backward()
    return {
        'kind': kind,
        'name': name,
        'inputs': [text(argument) for argument in arguments],
        'values': text(y.detach().flatten().tolist()),
        'gradients': [text((x.grad if x.grad is not None else torch.zeros_like(x)).tolist()) for x in inputs],
    }


write(
    __file__,
    [case('element', name, function, EDGES) for name, function in UNARY.items()]
    + [case('element', name, function, EDGES + edges) for name, (function, edges) in ELSEWHERE.items()]
    + [case('element', name, function, *map(list, zip(*PAIRS))) for name, function in BINARY.items()]
    + [case('row', name, function, row) for name, function in REDUCTIONS.items() for row in ROWS],
)
