# Makes torch-layers.json: layers without windows and without time, in float64 by PyTorch. Every array is flat, in
# row-major order, channels last; gradients are those of the sum of all outputs, each element times its coefficient.
# A weight that training does not move has no gradient; `after` holds it as one step leaves it.
# Run: /usr/bin/python3 -B test/reference/torch-layers.py (Debian's python3-torch)
import torch
import torch.nn.functional as F

from reference import flat, random_values, write

IMAGES = (2, 3, 4, 3)


def differentiated(value):
    if not value.requires_grad:
        return {'shape': list(value.shape), 'values': flat(value)}
    return {'shape': list(value.shape), 'values': flat(value), 'gradient': flat(value.grad)}


def case(seed, layer, options, shapes, weights_of, compute, training=False):
    """`weights_of` a generator; `compute` of (weights, *inputs) gives the output and weights that changed."""
    generator = torch.Generator().manual_seed(seed)
    inputs = [random_values(generator, shape, -1, 1).requires_grad_() for shape in shapes]
    weights = weights_of(generator)
    y, after = compute(weights, *inputs)
    coefficients = random_values(generator, y.shape, -1, 1)
    (y * coefficients).sum().backward()
    return {
        'layer': layer,
        'options': options,
        'training': training,
        'inputs': [differentiated(value) for value in inputs],
        'weights': [differentiated(value) for value in weights],
        'outputs': [{'shape': list(y.shape), 'values': flat(y), 'coefficients': flat(coefficients)}],
        'after': [flat(value) for value in after],
    }


def plain(seed, layer, options, shapes, compute):
    return case(seed, layer, options, shapes, lambda _: [], lambda _, *inputs: (compute(*inputs), []))


def batch_normalization(seed, options, shape, training):
    axis = options.get('axis', -1) % len(shape)
    size = shape[axis]
    momentum, epsilon = options.get('momentum', 0.99), options.get('epsilon', 1e-3)
    center, scale = options.get('center', True), options.get('scale', True)

    def weights_of(generator):
        learned = [random_values(generator, (size,), 0.5, 1.5).requires_grad_() for used in (scale, center) if used]
        return [*learned, random_values(generator, (size,), -1, 1), random_values(generator, (size,), 0.5, 2)]

    def compute(weights, x):
        *learned, mean, variance = weights
        gamma = learned.pop(0) if scale else None
        beta = learned.pop(0) if center else None
        moved = x.movedim(axis, 1)
        y = F.batch_norm(
            moved,
            None if training else mean,
            None if training else variance,
            gamma,
            beta,
            training=training,
            eps=epsilon,
        ).movedim(1, axis)
        rows = moved.transpose(0, 1).flatten(1).detach()
        # Variance with n in the denominator, as TensorFlow.js keeps it; PyTorch keeps that with n − 1.
        after = [
            momentum * mean + (1 - momentum) * rows.mean(1),
            momentum * variance + (1 - momentum) * rows.var(1, unbiased=False),
        ]
        return y, after if training else []

    return case(seed, 'batchNormalization', options, [shape], weights_of, compute, training)


def layer_normalization(seed, options, shape):
    axes = options.get('axis', -1)
    axes = sorted(a % len(shape) for a in (axes if isinstance(axes, list) else [axes]))
    sizes = [shape[a] for a in axes]

    def weights_of(generator):
        return [random_values(generator, sizes, 0.5, 1.5).requires_grad_() for _ in range(2)]

    def compute(weights, x):
        last = list(range(len(shape) - len(axes), len(shape)))
        y = F.layer_norm(x.movedim(axes, last), sizes, *weights, eps=options.get('epsilon', 1e-3))
        return y.movedim(last, axes), []

    return case(seed, 'layerNormalization', options, [shape], weights_of, compute)


def embedding(seed, ids, rows, width):
    """Numbers have no gradient; `case` would make them random."""
    generator = torch.Generator().manual_seed(seed)
    table = random_values(generator, (rows, width), -1, 1).requires_grad_()
    x = torch.tensor(ids)
    y = F.embedding(x, table)
    coefficients = random_values(generator, y.shape, -1, 1)
    (y * coefficients).sum().backward()
    return {
        'layer': 'embedding',
        'options': {'inputDim': rows, 'outputDim': width, 'inputLength': x.shape[1]},
        'training': False,
        'inputs': [{'shape': list(x.shape), 'values': flat(x.double())}],
        'weights': [differentiated(table)],
        'outputs': [{'shape': list(y.shape), 'values': flat(y), 'coefficients': flat(coefficients)}],
        'after': [],
    }


def up_sampling(seed, options, shape):
    mode = options.get('interpolation', 'nearest')
    extra = {'align_corners': False} if mode == 'bilinear' else {}
    factor = tuple(options.get('size', [2, 2]))
    return plain(seed, 'upSampling2d', options, [shape], lambda x: F.interpolate(
        x.movedim(-1, 1), scale_factor=factor, mode=mode, **extra).movedim(1, -1))


write(__file__, [
    batch_normalization(1, {}, (6, 5), True),
    batch_normalization(2, {}, (6, 5), False),
    batch_normalization(3, {'momentum': 0.6, 'epsilon': 1e-5}, IMAGES, True),
    batch_normalization(4, {'axis': 1, 'center': False}, IMAGES, True),
    batch_normalization(5, {'axis': 2, 'scale': False}, (3, 4, 5), False),
    layer_normalization(6, {}, (4, 9)),
    layer_normalization(7, {'axis': [1, -1], 'epsilon': 1e-5}, (2, 2, 3, 4)),
    layer_normalization(8, {'axis': 1}, (3, 5, 4)),
    plain(9, 'average', {}, [(3, 4)] * 3, lambda a, b, c: (a + b + c) / 3),
    plain(10, 'maximum', {}, [(3, 4)] * 3, lambda a, b, c: torch.maximum(torch.maximum(a, b), c)),
    plain(11, 'minimum', {}, [(3, 4), (3, 4)], torch.minimum),
    plain(12, 'subtract', {}, [(3, 4), (3, 4)], torch.subtract),
    plain(13, 'permute', {'dims': [3, 1, 2]}, [IMAGES], lambda x: x.permute(0, 3, 1, 2)),
    plain(14, 'globalMaxPooling1d', {}, [(3, 7, 5)], lambda x: x.amax(1)),
    plain(15, 'globalMaxPooling2d', {}, [IMAGES], lambda x: x.amax((1, 2))),
    plain(16, 'globalAveragePooling1d', {}, [(3, 7, 5)], lambda x: x.mean(1)),
    plain(17, 'globalAveragePooling2d', {}, [IMAGES], lambda x: x.mean((1, 2))),
    plain(18, 'zeroPadding2d', {}, [IMAGES], lambda x: F.pad(x, (0, 0, 1, 1, 1, 1))),
    plain(19, 'zeroPadding2d', {'padding': [[1, 0], [2, 3]]}, [IMAGES], lambda x: F.pad(x, (0, 0, 2, 3, 1, 0))),
    plain(20, 'cropping2d', {'cropping': [[1, 0], [0, 2]]}, [IMAGES], lambda x: x[:, 1:, :-2]),
    plain(21, 'cropping2d', {'cropping': 1}, [(1, 4, 5, 3)], lambda x: x[:, 1:-1, 1:-1]),
    up_sampling(22, {}, IMAGES),
    up_sampling(23, {'size': [3, 1]}, IMAGES),
    up_sampling(24, {'interpolation': 'bilinear'}, IMAGES),
    plain(26, 'dot', {'axes': 1}, [(3, 4), (3, 4)], lambda a, b: (a * b).sum(1, keepdim=True)),
    plain(27, 'dot', {'axes': [2, 1]}, [(2, 3, 4), (2, 4, 5)], lambda a, b: a @ b),
    plain(28, 'dot', {'axes': [1, -1], 'normalize': True}, [(2, 3, 4), (2, 5, 3)], lambda a, b: torch.einsum(
        'bni,bjn->bij', a / a.norm(dim=1, keepdim=True), b / b.norm(dim=2, keepdim=True))),
    plain(29, 'dot', {'axes': -1}, [(2, 3, 4), (2, 4)], lambda a, b: (a @ b[..., None])[..., 0]),
    embedding(30, [[3, 0, 3], [4, 1, 3]], 5, 6),
    up_sampling(25, {'size': [3, 4], 'interpolation': 'bilinear'}, (2, 1, 3, 2)),
])
