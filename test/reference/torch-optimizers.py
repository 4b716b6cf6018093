# Makes torch-optimizers.json: five steps of every optimizer on a problem of two parameters, in float64, once by
# PyTorch ('torch') and once by the rule that TensorFlow.js documents, written out here ('rule').
# Run: /usr/bin/python3 -B test/reference/torch-optimizers.py (Debian's python3-torch)
#
# f(w) = 1/2 wT Q w + sum(c * w^3); steps[i] are the parameters after step i + 1.
# 'coincide' says that both are one definition: the script asserts that they agree. Where they are not, they
# differ in where epsilon stands only, and the script asserts that they agree without it.
# Two deliberate departures from TensorFlow.js 4.22, both to what TensorFlow itself does: its Adadelta divides by
# the accumulator of the step before (so that its ratio is 1 for ever), and its centered RMSProp subtracts epsilon.
import torch

from reference import write

STEPS = 5
Q = torch.tensor([[3.0, 1.0], [1.0, 4.0]])
C = torch.tensor([0.25, -0.5])
START = [1.0, -0.75]


def gradient(w):
    return Q @ w + 3 * C * w**2


# A rule is a generator: it is sent a gradient and yields what to subtract from w.
def momentum(learningRate, momentum=0.0, useNesterov=False):
    acc, update = 0, None
    while True:
        g, _ = yield update
        acc = momentum * acc + g
        update = learningRate * (g + momentum * acc if useNesterov else acc)


def adagrad(learningRate, initialAccumulatorValue=0.1, epsilon=1e-7):
    acc, update = initialAccumulatorValue, None
    while True:
        g, _ = yield update
        acc = acc + g**2
        update = learningRate * g / torch.sqrt(acc + epsilon)


def rmsprop(learningRate, decay=0.9, momentum=0.0, epsilon=1e-7, centered=False):
    mean_square, mean_gradient, update = 0, 0, 0
    while True:
        g, _ = yield update
        mean_square = decay * mean_square + (1 - decay) * g**2
        if centered:
            mean_gradient = decay * mean_gradient + (1 - decay) * g
        root = torch.sqrt(mean_square - mean_gradient**2 + epsilon)
        update = momentum * update + learningRate * g / root


def adadelta(learningRate, rho=0.95, epsilon=1e-7):
    acc, acc_update, update = 0, torch.zeros(2), None
    while True:
        g, _ = yield update
        acc = rho * acc + (1 - rho) * g**2
        step = torch.sqrt(acc_update + epsilon) / torch.sqrt(acc + epsilon) * g
        acc_update = rho * acc_update + (1 - rho) * step**2
        update = learningRate * step


def adam(learningRate, beta1=0.9, beta2=0.999, epsilon=1e-7, amsgrad=False, weightDecay=0.0):
    m, v, largest, update, t = 0, 0, torch.zeros(2), None, 0
    while True:
        g, w = yield update
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        largest = torch.maximum(largest, v) if amsgrad else v
        root = torch.sqrt(largest / (1 - beta2**t))
        # Decay shrinks w before the step; both are linear in it, so their order does not matter.
        update = learningRate * (m / (1 - beta1**t) / (root + epsilon) + weightDecay * w)


def adamax(learningRate, beta1=0.9, beta2=0.999, epsilon=1e-7):
    m, u, update, t = 0, torch.zeros(2), None, 0
    while True:
        g, _ = yield update
        t += 1
        m = beta1 * m + (1 - beta1) * g
        u = torch.maximum(beta2 * u, g.abs())
        update = learningRate / (1 - beta1**t) * m / (u + epsilon)


def run_rule(rule, options):
    steps, w, generator = [], torch.tensor(START), rule(**options)
    next(generator)
    for _ in range(STEPS):
        w = w - generator.send((gradient(w), w))
        steps.append(w)
    return torch.stack(steps)


# TensorFlow.js's option names by PyTorch's.
TORCH_NAMES = {
    'learningRate': 'lr', 'useNesterov': 'nesterov', 'initialAccumulatorValue': 'initial_accumulator_value',
    'decay': 'alpha', 'epsilon': 'eps', 'weightDecay': 'weight_decay',
}


def run_torch(optimizer, options):
    renamed = {TORCH_NAMES.get(name, name): value for name, value in options.items() if 'beta' not in name}
    if 'beta1' in options:
        renamed['betas'] = (options['beta1'], options['beta2'])
    w = torch.tensor(START, requires_grad=True)
    steps, stepper = [], optimizer([w], **renamed)
    for _ in range(STEPS):
        stepper.zero_grad()
        (0.5 * w @ Q @ w + (C * w**3).sum()).backward()
        stepper.step()
        steps.append(w.detach().clone())
    return torch.stack(steps)


BETAS = {'beta1': 0.9, 'beta2': 0.999}
SMALL = {'epsilon': 1e-7}
# Large enough to show where epsilon stands.
LARGE = {'epsilon': 0.01}
RMSPROP = {'learningRate': 0.1, 'decay': 0.9}
optim = torch.optim
# name, optimizer, options, rule, PyTorch's optimizer, whether both are one definition
CASES = [
    ('sgd', 'sgd', {'learningRate': 0.1}, momentum, optim.SGD, True),
    ('momentum', 'momentum', {'learningRate': 0.1, 'momentum': 0.9}, momentum, optim.SGD, True),
    ('nesterov', 'momentum', {'learningRate': 0.1, 'momentum': 0.9, 'useNesterov': True}, momentum, optim.SGD, True),
    ('adagrad', 'adagrad', {'learningRate': 0.1, 'initialAccumulatorValue': 0.1, **SMALL}, adagrad, optim.Adagrad, False),
    ('rmsprop', 'rmsprop', {**RMSPROP, **SMALL}, rmsprop, optim.RMSprop, False),
    ('rmspropLargeEpsilon', 'rmsprop', {**RMSPROP, **LARGE}, rmsprop, optim.RMSprop, False),
    ('rmspropCentered', 'rmsprop', {**RMSPROP, 'centered': True, **SMALL}, rmsprop, optim.RMSprop, False),
    ('rmspropCenteredLargeEpsilon', 'rmsprop', {**RMSPROP, 'centered': True, **LARGE}, rmsprop, optim.RMSprop, False),
    ('rmspropMomentum', 'rmsprop', {**RMSPROP, 'momentum': 0.5, **SMALL}, rmsprop, optim.RMSprop, False),
    ('adadelta', 'adadelta', {'learningRate': 1.0, 'rho': 0.95, **SMALL}, adadelta, optim.Adadelta, True),
    ('adadeltaLargeEpsilon', 'adadelta', {'learningRate': 0.5, 'rho': 0.95, **LARGE}, adadelta, optim.Adadelta, True),
    ('adam', 'adam', {'learningRate': 0.1, **BETAS, **SMALL}, adam, optim.Adam, True),
    ('adamLargeEpsilon', 'adam', {'learningRate': 0.1, **BETAS, **LARGE}, adam, optim.Adam, True),
    # With a beta2 this small the squared gradients fall within five steps, so that their maximum matters.
    ('amsgrad', 'adam', {'learningRate': 0.1, 'beta1': 0.9, 'beta2': 0.5, 'amsgrad': True, **SMALL}, adam, optim.Adam, True),
    ('adamw', 'adamw', {'learningRate': 0.1, **BETAS, **SMALL, 'weightDecay': 0.01}, adam, optim.AdamW, True),
    ('adamax', 'adamax', {'learningRate': 0.1, **BETAS, **SMALL}, adamax, optim.Adamax, False),
    ('adamaxLargeEpsilon', 'adamax', {'learningRate': 0.1, **BETAS, **LARGE}, adamax, optim.Adamax, False),
]

cases = {}
for name, optimizer, options, rule, torch_optimizer, coincide in CASES:
    by_rule = run_rule(rule, options)
    by_torch = run_torch(torch_optimizer, options)
    same = options if coincide else {**options, 'epsilon': 0}
    assert torch.allclose(run_rule(rule, same), run_torch(torch_optimizer, same), rtol=1e-12, atol=1e-14), name
    cases[name] = {
        'optimizer': optimizer, 'options': options, 'coincide': coincide,
        'torch': by_torch.tolist(), 'rule': by_rule.tolist(),
    }
plain = run_rule(adam, {**cases['amsgrad']['options'], 'amsgrad': False})
assert not torch.allclose(plain, torch.tensor(cases['amsgrad']['rule']))
write(__file__, {'problem': {'quadratic': Q.tolist(), 'cubic': C.tolist(), 'start': START}, 'cases': cases})
