# Makes optax-lamb.json: five steps of LAMB by Optax, in float64, on the problem of torch-optimizers.py, whose two
# parameters are one weight or two: what LAMB does depends on that.
# Run: python3 -B test/reference/optax-lamb.py (pip install optax==0.2.8 jax==0.10.2)
import json
from pathlib import Path

import jax
import jax.numpy as jnp
import optax

jax.config.update('jax_enable_x64', True)

STEPS = 5
Q = jnp.array([[3.0, 1.0], [1.0, 4.0]])
C = jnp.array([0.25, -0.5])
START = jnp.array([1.0, -0.75])


def loss(weights):
    w = jnp.concatenate(weights)
    return 0.5 * w @ Q @ w + (C * w**3).sum()


def run(weights, options):
    optimizer = optax.lamb(
        options['learningRate'], b1=options['beta1'], b2=options['beta2'], eps=options['epsilon'],
        weight_decay=options['weightDecay'],
    )
    state, steps = optimizer.init(weights), []
    for _ in range(STEPS):
        updates, state = optimizer.update(jax.grad(loss)(weights), state, weights)
        weights = optax.apply_updates(weights, updates)
        steps.append([float(f'{value:.10g}') for weight in weights for value in weight])
    return steps


PLAIN = {'learningRate': 0.1, 'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-7, 'weightDecay': 0.0}
DECAYING = {**PLAIN, 'epsilon': 0.01, 'weightDecay': 0.1}
cases = {
    'lamb': {'options': PLAIN, 'together': run([START], PLAIN), 'apart': run([START[:1], START[1:]], PLAIN)},
    'lambDecaying': {
        'options': DECAYING, 'together': run([START], DECAYING), 'apart': run([START[:1], START[1:]], DECAYING),
    },
}
Path(__file__).with_suffix('.json').write_text(json.dumps(cases, separators=(',', ':')) + '\n')
