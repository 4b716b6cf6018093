# What the torch-*.py scripts beside this file share: exact small inputs, and JSON of 10 significant digits.
import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)


def random_values(generator, shape, low, high):
    """Multiples of 1/256: exact in float32 and in 10 digits, so that a test reads the very same inputs."""
    uniform = torch.rand(shape, generator=generator)
    return torch.round((low + (high - low) * uniform) * 256) / 256


def flat(values):
    return values.detach().flatten().tolist()


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    # Adding 0 turns −0 into 0.
    return float(f'{value:.10g}') + 0.0 if isinstance(value, float) else value


def write(script, data):
    """Writes `data` beside `script`, under its name with .json."""
    path = Path(script).with_suffix('.json')
    path.write_text(json.dumps(rounded(data), separators=(',', ':')) + '\n')
    assert path.stat().st_size < 100_000
