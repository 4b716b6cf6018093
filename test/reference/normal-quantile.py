# Makes normal-quantile.json: Python's statistics.NormalDist().inv_cdf (an independent coding of AS241) and
# natural logarithms from decimal, at fixed probabilities. Run: python3 test/reference/normal-quantile.py
import json
from decimal import Decimal, getcontext
from pathlib import Path
from statistics import NormalDist

getcontext().prec = 40
standard = NormalDist()
edges = [0.075, 0.425, 0.5, 0.575, 0.925, 2.0**-33, 1 - 2.0**-33, 1e-11, 1.4e-11, 1e-16, 1e-100, 1e-300, 2.0**-1074]
grid = [i / 400 for i in range(1, 400)] + [10.0**-k for k in range(3, 20)] + [1 - 10.0**-k for k in range(3, 16)]
probabilities = sorted({*edges, *grid})
below = standard.cdf(-2)
lines = {
    'quantile': [[p, standard.inv_cdf(p)] for p in probabilities],
    'truncated': [[i / 64, standard.inv_cdf(below + i / 64 * (1 - 2 * below))] for i in range(65)],
    # float() rounds the 40 digits correctly, so each logarithm is the nearest float64.
    'log': [[p, float(Decimal(p).ln())] for p in [*probabilities, 1.0]],
}
Path(__file__).with_suffix('.json').write_text(json.dumps(lines, separators=(',', ':')) + '\n')
