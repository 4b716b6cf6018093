# Makes torch-losses.json: losses as Keras and TensorFlow.js define them, in float64 by PyTorch's autograd.
# Run: /usr/bin/python3 -B test/reference/torch-losses.py (Debian's python3-torch)
#
# Each case: yTrue and yPred of shape (batch, width) (sparse labels: (batch)), the loss of every sample, their
# mean over the batch, and the gradient of that mean with respect to yPred. Crossentropies of probabilities
# divide each row by its sum first, as Keras does: their gradient has that division in it.
# Where PyTorch has the loss too, the script asserts that it agrees.
import torch
import torch.nn.functional as F

from reference import flat, random_values, write

EPSILON = 1e-7  # Keras's fuzz factor
BATCH = 6
WIDTH = 4
generator = torch.Generator().manual_seed(7)


def mean(x):
    return x.mean(-1)


def clipped(x, high=float('inf')):
    return torch.clamp(x, EPSILON, high)


def softplus(x):
    return torch.logaddexp(x, torch.zeros_like(x))


def mean_absolute_percentage_error(t, y):
    return 100 * mean((t - y).abs() / clipped(t.abs()))


def mean_squared_logarithmic_error(t, y):
    return mean((torch.log(1 + clipped(y)) - torch.log(1 + clipped(t))) ** 2)


def huber(t, y):
    error = (y - t).abs()
    return mean(torch.where(error <= 1, 0.5 * error**2, error - 0.5))


def logcosh(t, y):
    return mean((y - t) + softplus(-2 * (y - t)) - torch.log(torch.tensor(2.0)))


def margin(t, y):
    return torch.clamp(1 - t * y, min=0)


def categorical_hinge(t, y):
    return torch.clamp(1 + ((1 - t) * y).amax(-1) - (t * y).sum(-1), min=0)


def poisson(t, y):
    return mean(y - t * torch.log(y + EPSILON))


def kullback_leibler_divergence(t, y):
    return (t * torch.log(clipped(t, 1) / clipped(y, 1))).sum(-1)


def unit_length(x):
    return x / torch.sqrt(clipped((x**2).sum(-1, keepdim=True)))


def cosine_proximity(t, y):
    return -(unit_length(t) * unit_length(y)).sum(-1)


def binary_crossentropy(t, y):
    y = clipped(y, 1 - EPSILON)
    return mean(-(t * torch.log(y) + (1 - t) * torch.log(1 - y)))


def binary_crossentropy_from_logits(t, y):
    return mean(softplus(y) - t * y)


def categorical_crossentropy(t, y):
    return -(t * torch.log(clipped(y / y.sum(-1, keepdim=True), 1 - EPSILON))).sum(-1)


def categorical_crossentropy_from_logits(t, y):
    return -(t * torch.log_softmax(y, -1)).sum(-1)


def sparse(dense_loss):
    return lambda t, y: dense_loss(F.one_hot(t, y.shape[-1]).to(y.dtype), y)


def probability_rows():
    """Rows of positive multiples of 1/256 that sum to exactly 1."""
    counts = 1 + torch.floor(torch.rand((BATCH, WIDTH), generator=generator) * 80)
    counts[:, -1] = 256 - counts[:, :-1].sum(-1)
    assert counts.min() > 0
    return counts / 256


numbers = random_values(generator, (BATCH, WIDTH), -2, 2)
guesses = random_values(generator, (BATCH, WIDTH), -2, 2)
positive = random_values(generator, (BATCH, WIDTH), 0.125, 3)
positive_guesses = random_values(generator, (BATCH, WIDTH), 0.125, 3)
# One prediction below zero, where the logarithmic error is cut off and its gradient is 0.
partly_negative = positive_guesses.clone()
partly_negative[1, 2] = -0.25
counts = torch.floor(random_values(generator, (BATCH, WIDTH), 0, 5))
bits = (torch.rand((BATCH, WIDTH), generator=generator) < 0.5).to(torch.float64)
signs = 2 * bits - 1
chances = random_values(generator, (BATCH, WIDTH), 0.0625, 0.9375)
logits = random_values(generator, (BATCH, WIDTH), -5, 5)
labels = torch.tensor([0, 1, 2, 3, 1, 2])
one_hot = F.one_hot(labels, WIDTH).to(torch.float64)
soft_labels = probability_rows()
probabilities = probability_rows()

# No value may lie where a derivative jumps.
assert (numbers - guesses).abs().min() > 0 and ((numbers - guesses).abs() - 1).abs().min() > 0
assert (1 - signs * guesses).abs().min() > 0

# loss, options, yTrue, yPred, per-sample function, the same per sample by PyTorch itself where it has it
CASES = [
    ('meanSquaredError', {}, numbers, guesses, lambda t, y: mean((y - t) ** 2),
     lambda t, y: mean(F.mse_loss(y, t, reduction='none'))),
    ('meanAbsoluteError', {}, numbers, guesses, lambda t, y: mean((y - t).abs()),
     lambda t, y: mean(F.l1_loss(y, t, reduction='none'))),
    ('meanAbsolutePercentageError', {}, numbers, guesses, mean_absolute_percentage_error, None),
    ('meanSquaredLogarithmicError', {}, positive, partly_negative, mean_squared_logarithmic_error, None),
    ('sumSquaredError', {}, numbers, guesses, lambda t, y: 0.5 * ((y - t) ** 2).sum(-1),
     lambda t, y: 0.5 * F.mse_loss(y, t, reduction='none').sum(-1)),
    ('huber', {'delta': 1}, numbers, guesses, huber,
     lambda t, y: mean(F.huber_loss(y, t, reduction='none', delta=1.0))),
    ('logcosh', {}, numbers, guesses, logcosh, lambda t, y: mean(torch.log(torch.cosh(y - t)))),
    ('hinge', {}, signs, guesses, lambda t, y: mean(margin(t, y)), None),
    ('squaredHinge', {}, signs, guesses, lambda t, y: mean(margin(t, y) ** 2), None),
    ('categoricalHinge', {}, one_hot, guesses, categorical_hinge, None),
    ('poisson', {}, counts, positive_guesses, poisson,
     lambda t, y: mean(F.poisson_nll_loss(y, t, log_input=False, eps=EPSILON, reduction='none'))),
    ('kullbackLeiblerDivergence', {}, soft_labels, probabilities, kullback_leibler_divergence,
     lambda t, y: F.kl_div(torch.log(y), t, reduction='none').sum(-1)),
    ('cosineProximity', {}, numbers, guesses, cosine_proximity, lambda t, y: -F.cosine_similarity(y, t, dim=-1)),
    ('binaryCrossentropy', {}, bits, chances, binary_crossentropy,
     lambda t, y: mean(F.binary_cross_entropy(y, t, reduction='none'))),
    ('binaryCrossentropy', {'fromLogits': True}, bits, logits, binary_crossentropy_from_logits,
     lambda t, y: mean(F.binary_cross_entropy_with_logits(y, t, reduction='none'))),
    ('categoricalCrossentropy', {}, soft_labels, probabilities, categorical_crossentropy,
     lambda t, y: F.cross_entropy(torch.log(y), t, reduction='none')),
    # Rows that do not sum to 1.
    ('categoricalCrossentropy', {}, one_hot, positive, categorical_crossentropy,
     lambda t, y: F.cross_entropy(torch.log(y), t, reduction='none')),
    ('categoricalCrossentropy', {'fromLogits': True}, soft_labels, logits, categorical_crossentropy_from_logits,
     lambda t, y: F.cross_entropy(y, t, reduction='none')),
    ('sparseCategoricalCrossentropy', {}, labels, probabilities, sparse(categorical_crossentropy),
     lambda t, y: F.cross_entropy(torch.log(y), t, reduction='none')),
    ('sparseCategoricalCrossentropy', {'fromLogits': True}, labels, logits,
     sparse(categorical_crossentropy_from_logits), lambda t, y: F.cross_entropy(y, t, reduction='none')),
]


def evaluated(function, t, y):
    y = y.clone().requires_grad_()
    per_sample = function(t, y)
    per_sample.mean().backward()
    return per_sample, y.grad


cases = []
for loss, options, t, y, function, torch_function in CASES:
    per_sample, gradient = evaluated(function, t, y)
    assert per_sample.shape == (BATCH,) and per_sample.isfinite().all() and gradient.isfinite().all()
    if torch_function:
        by_torch = evaluated(torch_function, t, y)
        assert torch.allclose(per_sample, by_torch[0], rtol=1e-12, atol=1e-12), loss
        assert torch.allclose(gradient, by_torch[1], rtol=1e-12, atol=1e-12), loss
    cases.append({
        'loss': loss, 'options': options,
        'trueShape': list(t.shape), 'predShape': list(y.shape), 'yTrue': flat(t), 'yPred': flat(y),
        'perSample': flat(per_sample), 'mean': per_sample.mean().item(), 'gradient': flat(gradient),
    })
write(__file__, {'epsilon': EPSILON, 'cases': cases})
