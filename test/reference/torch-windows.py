# Makes torch-windows.json: convolutions and pooling, forwards and backwards, in float64 by PyTorch.
# Run: /usr/bin/python3 -B test/reference/torch-windows.py (Debian's python3-torch)
#
# Each case is a layer with TensorFlow.js's options. Arrays are flat, in its layouts (channels last; kernels
# [height, width, inputs, outputs]); the loss is the sum of the outputs times `weights`.
import torch
import torch.nn.functional as F

from reference import flat, random_values, write

GENERATOR = torch.Generator().manual_seed(5)


def values(shape):
    return random_values(GENERATOR, shape, -1, 1)


def pair(value):
    return [value, value] if isinstance(value, int) else list(value)


def same_padding(sizes, kernel, strides, dilation):
    """TensorFlow's 'same': ceil(size / stride) outputs, the odd zero at the end. In F.pad's order."""
    pads = []
    for size, k, s, d in zip(sizes, kernel, strides, dilation):
        total = max((-(-size // s) - 1) * s + (k - 1) * d + 1 - size, 0)
        pads.append((total // 2, total - total // 2))
    return [pads[1][0], pads[1][1], pads[0][0], pads[0][1]]


def padding_of(options, sizes, kernel, strides, dilation):
    mode = options.get('padding', 'valid')
    if mode == 'causal':
        return [(kernel[1] - 1) * dilation[1], 0, 0, 0]
    return same_padding(sizes, kernel, strides, dilation) if mode == 'same' else [0, 0, 0, 0]


def window_of(options, rank, size_option, default_strides=1):
    """Kernel size, strides and dilation of images; rows are images of height 1."""
    kernel = options[size_option]
    strides = options.get('strides', default_strides)
    dilation = options.get('dilationRate', 1)
    if rank == 1:
        return [[1, v] if isinstance(v, int) else [1, v[0]] for v in (kernel, strides, dilation)]
    return [pair(v) for v in (kernel, strides, dilation)]


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1)


def filters(kernel):
    """[height, width, a, b] → [b, a, height, width]"""
    return kernel.permute(3, 2, 0, 1)


def convolve(x, kernel, options, rank):
    size, strides, dilation = window_of(options, rank, 'kernelSize')
    padded = F.pad(x, padding_of(options, x.shape[2:], size, strides, dilation))
    return F.conv2d(padded, filters(kernel), stride=strides, dilation=dilation, groups=options.get('groups', 1))


def transposed(x, kernel, options):
    size, strides, dilation = window_of(options, 2, 'kernelSize')
    full = F.conv_transpose2d(x, filters(kernel), stride=strides, dilation=dilation)
    same = options.get('padding') == 'same'
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    sizes = [n * s + (0 if same else max(r - s, 0)) for n, s, r in zip(x.shape[2:], strides, reach)]
    left, _, top, _ = same_padding(sizes, size, strides, dilation) if same else [0] * 4
    short = [max(top + sizes[0] - full.shape[2], 0), max(left + sizes[1] - full.shape[3], 0)]
    return F.pad(full, [0, short[1], 0, short[0]])[:, :, top:top + sizes[0], left:left + sizes[1]]


def depthwise(x, kernel, options):
    size, strides, dilation = window_of(options, 2, 'kernelSize')
    height, width, channels, multiplier = kernel.shape
    padded = F.pad(x, padding_of(options, x.shape[2:], size, strides, dilation))
    weights = kernel.reshape(height, width, 1, channels * multiplier)
    return F.conv2d(padded, filters(weights), stride=strides, dilation=dilation, groups=channels)


def pool(x, options, rank, largest):
    size, strides, _ = window_of(options, rank, 'poolSize', options['poolSize'])
    padding = padding_of(options, x.shape[2:], size, strides, [1, 1])
    if largest:
        return F.max_pool2d(F.pad(x, padding, value=-float('inf')), size, strides)
    # Without the padding in the average: divided by the number of pixels that are there.
    counts = F.avg_pool2d(F.pad(torch.ones_like(x), padding), size, strides)
    return F.avg_pool2d(F.pad(x, padding), size, strides) / counts


def case(layer, options, x_shape, weight_shapes=()):
    rank = 1 if layer.endswith('1d') else 2
    x = values(x_shape).requires_grad_()
    weights = [values(shape).requires_grad_() for shape in weight_shapes]
    images = channels_first(x if rank == 2 else x[:, None])
    kernel = weights and (weights[0] if rank == 2 else weights[0][None])
    if layer in ('conv1d', 'conv2d'):
        y = convolve(images, kernel, options, rank)
    elif layer == 'conv2dTranspose':
        y = transposed(images, kernel, options)
    elif layer == 'depthwiseConv2d':
        y = depthwise(images, kernel, options)
    elif layer == 'separableConv2d':
        y = F.conv2d(depthwise(images, kernel, options), filters(weights[1]))
    else:
        y = pool(images, options, rank, layer.startswith('max'))
    y = channels_last(y) if rank == 2 else channels_last(y)[:, 0]
    if weights and weights[-1].dim() == 1:
        y = y + weights[-1]
    if options.get('activation') == 'relu':
        assert y.abs().min() > 1e-4  # relu's derivative jumps at 0
        y = torch.relu(y)
    elif options.get('activation') == 'tanh':
        y = torch.tanh(y)
    scales = values(y.shape)
    (y * scales).sum().backward()

    def described(value):
        return {'shape': list(value.shape), 'values': flat(value), 'gradient': flat(value.grad)}

    return {
        'layer': layer, 'options': options, 'x': described(x), 'weights': [described(w) for w in weights],
        'y': {'shape': list(y.shape), 'values': flat(y)}, 'scales': flat(scales),
    }


def conv(options, x_shape, layer='conv2d'):
    rank = 1 if layer == 'conv1d' else 2
    size = options['kernelSize']
    window = [size] * rank if isinstance(size, int) else size
    channels, multiplier = x_shape[-1], options.get('depthMultiplier', 1)
    if layer == 'conv2dTranspose':
        kernels = [[*window, options['filters'], channels]]
    elif layer in ('depthwiseConv2d', 'separableConv2d'):
        kernels = [[*window, channels, multiplier]]
        if layer == 'separableConv2d':
            kernels.append([1, 1, channels * multiplier, options['filters']])
    else:
        kernels = [[*window, channels // options.get('groups', 1), options['filters']]]
    outputs = options.get('filters', channels * multiplier)
    biases = [[outputs]] if options.get('useBias', True) else []
    return case(layer, options, x_shape, [*kernels, *biases])


write(__file__, [
    conv({'filters': 3, 'kernelSize': 3}, [2, 5, 4, 2]),
    conv({'filters': 5, 'kernelSize': [2, 3], 'padding': 'same', 'activation': 'relu'}, [1, 4, 5, 3]),
    conv({'filters': 2, 'kernelSize': 3, 'strides': 2, 'padding': 'same'}, [1, 6, 5, 2]),
    conv({'filters': 2, 'kernelSize': [3, 2], 'strides': [2, 3]}, [1, 7, 6, 2]),
    conv({'filters': 9, 'kernelSize': 2, 'dilationRate': 2, 'useBias': False}, [1, 4, 5, 1]),
    conv({'filters': 2, 'kernelSize': 3, 'dilationRate': [1, 2], 'padding': 'same'}, [1, 4, 5, 2]),
    conv({'filters': 6, 'kernelSize': 3, 'groups': 3, 'padding': 'same', 'activation': 'tanh'}, [1, 3, 4, 6]),
    conv({'filters': 4, 'kernelSize': 1}, [2, 2, 3, 3]),
    conv({'filters': 4, 'kernelSize': 1, 'strides': 2}, [1, 3, 4, 3]),
    conv({'filters': 3, 'kernelSize': 3}, [2, 7, 2], 'conv1d'),
    conv({'filters': 3, 'kernelSize': [2], 'strides': 2, 'padding': 'same', 'activation': 'relu'}, [2, 5, 2], 'conv1d'),
    conv({'filters': 2, 'kernelSize': 3, 'dilationRate': 2, 'padding': 'causal'}, [1, 7, 3], 'conv1d'),
    conv({'filters': 3, 'kernelSize': 3}, [2, 3, 2, 2], 'conv2dTranspose'),
    conv({'filters': 2, 'kernelSize': 3, 'strides': 2, 'padding': 'same'}, [1, 3, 4, 3], 'conv2dTranspose'),
    conv({'filters': 2, 'kernelSize': [2, 4], 'strides': [3, 2], 'activation': 'relu'}, [1, 2, 3, 2], 'conv2dTranspose'),
    conv({'filters': 2, 'kernelSize': 2, 'dilationRate': 2, 'padding': 'same'}, [1, 3, 3, 2], 'conv2dTranspose'),
    conv({'kernelSize': 3}, [2, 4, 5, 5], 'depthwiseConv2d'),
    conv({'kernelSize': [3, 2], 'strides': 2, 'padding': 'same', 'depthMultiplier': 2}, [1, 5, 4, 3], 'depthwiseConv2d'),
    conv({'kernelSize': 2, 'dilationRate': 2, 'activation': 'relu', 'useBias': False}, [1, 5, 4, 2], 'depthwiseConv2d'),
    conv({'filters': 3, 'kernelSize': 3, 'padding': 'same'}, [1, 4, 3, 2], 'separableConv2d'),
    conv({'filters': 2, 'kernelSize': 2, 'strides': 2, 'depthMultiplier': 3, 'activation': 'tanh'}, [1, 4, 5, 2], 'separableConv2d'),
    case('maxPooling2d', {'poolSize': 2}, [2, 5, 4, 3]),
    case('maxPooling2d', {'poolSize': [3, 2], 'strides': [1, 2], 'padding': 'same'}, [1, 4, 5, 5]),
    case('averagePooling2d', {'poolSize': 2}, [2, 4, 5, 3]),
    case('averagePooling2d', {'poolSize': 3, 'strides': 2, 'padding': 'same'}, [1, 5, 4, 5]),
    case('maxPooling1d', {'poolSize': 2}, [2, 6, 3]),
    case('maxPooling1d', {'poolSize': [3], 'strides': 2, 'padding': 'same'}, [1, 6, 2]),
    case('averagePooling1d', {'poolSize': 3, 'strides': 1, 'padding': 'same'}, [1, 5, 4]),
])
