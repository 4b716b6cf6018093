# Makes sklearn-metrics.json: ROC and calibration curves, scores by class and of numbers, by scikit-learn.
# Run: python -B test/reference/sklearn-metrics.py (made with scikit-learn 1.9.1)
#
# Scores are multiples of 1/64, which float32 holds exactly, so that thresholds are the same numbers; many are equal.
import json
import pathlib

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import (classification_report, f1_score, max_error, mean_absolute_error, mean_squared_error,
                             precision_score, r2_score, recall_score, roc_auc_score, roc_curve)

rng = np.random.default_rng(14)
N = 60


def sixtyfourths(values):
    return np.round(values * 64) / 64


def curve(y, scores, **options):
    fpr, tpr, thresholds = roc_curve(y, scores, **options)
    weights = options.get('sample_weight')
    return {
        'falsePositiveRate': fpr.tolist(),
        'truePositiveRate': tpr.tolist(),
        'thresholds': thresholds[1:].tolist(),  # the first is infinite
        'areaUnderCurve': roc_auc_score(y, scores, sample_weight=weights),
    }


labels = rng.integers(0, 2, N)
scores = sixtyfourths(np.clip(rng.normal(0.35 + 0.3 * labels, 0.2), 0, 1))
weights = rng.integers(0, 5, N) / 4


def calibration(strategy, bins):
    observed, predicted = calibration_curve(labels, scores, n_bins=bins, strategy=strategy)
    return {'strategy': strategy, 'nBins': bins, 'observed': observed.tolist(), 'predicted': predicted.tolist()}


CLASSES = 4
truth = rng.integers(0, CLASSES, N)
rows = sixtyfourths(rng.random((N, CLASSES)) + 0.5 * np.eye(CLASSES)[truth])
predicted = rows.argmax(1)


def by_class(sample_weight=None):
    options = {'labels': range(CLASSES), 'sample_weight': sample_weight, 'zero_division': 0}
    report = classification_report(truth, predicted, output_dict=True, **options)
    scores_of = lambda each: [each['precision'], each['recall'], each['f1-score'], each['support']]
    return {
        'classes': [scores_of(report[str(i)]) for i in range(CLASSES)],
        'accuracy': report['accuracy'],
        'macro': scores_of(report['macro avg']),
        'weighted': scores_of(report['weighted avg']),
        'f1': {average: f1_score(truth, predicted, average=average, **options)
               for average in ['macro', 'weighted', 'micro']},
    }


above = (rows > 0.5).astype(int)
one_hot = np.eye(CLASSES, dtype=int)[truth]
targets = sixtyfourths(rng.normal(3, 2, (N, 2)))
outputs = sixtyfourths(targets + rng.normal(0.1, 0.7, (N, 2)))

reference = {
    'labels': labels.tolist(),
    'scores': scores.tolist(),
    'weights': weights.tolist(),
    'roc': curve(labels, scores),
    'rocOfAllPoints': curve(labels, scores, drop_intermediate=False),
    'rocWeighted': curve(labels, scores, sample_weight=weights),
    'calibration': [calibration('uniform', 5), calibration('uniform', 10), calibration('quantile', 4)],
    'truth': truth.tolist(),
    'rows': rows.tolist(),
    'rocOfClass2': curve(truth == 2, rows[:, 2]),
    'byClass': by_class(),
    'byClassWeighted': by_class(weights),
    'binaryF1': f1_score(labels, scores > 0.5),
    'f1Above': f1_score(one_hot, above, average='macro', zero_division=0),
    'precisionOfClass1': precision_score(one_hot[:, 1], above[:, 1]),
    'recallOfClass1': recall_score(one_hot[:, 1], above[:, 1]),
    'precisionAbove': precision_score(one_hot, above, average='micro'),
    'recallAbove': recall_score(one_hot, above, average='micro'),
    'targets': targets.tolist(),
    'outputs': outputs.tolist(),
    'regression': {
        'r2': r2_score(targets, outputs),
        'meanAbsoluteError': mean_absolute_error(targets, outputs),
        'meanSquaredError': mean_squared_error(targets, outputs),
        'maxError': max(max_error(targets[:, i], outputs[:, i]) for i in range(2)),
        'bias': float((targets - outputs).mean()),
    },
}
path = pathlib.Path(__file__).with_suffix('.json')
path.write_text(json.dumps(reference, indent=1) + '\n')
