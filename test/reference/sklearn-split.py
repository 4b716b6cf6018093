# Makes sklearn-split.json: how many samples of each class scikit-learn puts into either part.
# Run: python -B test/reference/sklearn-split.py (made with scikit-learn 1.9.1)
import json
import pathlib

import numpy as np
from sklearn.model_selection import train_test_split

cases = []
for counts in [[50, 50], [70, 21, 9], [13, 29, 58, 3], [97, 2], [11, 7, 5]]:
    labels = np.repeat(np.arange(len(counts)), counts)
    for options in [{}, {'test_size': 0.2}, {'test_size': 0.33}, {'train_size': 0.61}, {'test_size': 0.3, 'train_size': 0.5},
                    {'test_size': 10}, {'train_size': 12}]:
        plain = [len(part) for part in train_test_split(labels, **options)]
        try:
            # Over many seeds, since what is tied is drawn: a count is compared where every seed agrees.
            parts = [train_test_split(labels, stratify=labels, random_state=seed, **options) for seed in range(20)]
        except ValueError:
            cases.append({'counts': counts, 'options': options, 'sizes': plain, 'stratified': None})
            continue
        seen = [[np.bincount(part, minlength=len(counts)).tolist() for part in split] for split in parts]
        same = all(each == seen[0] for each in seen)
        cases.append({'counts': counts, 'options': options, 'sizes': plain, 'stratified': seen[0] if same else 'tied'})
text = json.dumps(cases, separators=(', ', ': ')).replace('}, {', '},\n{')
pathlib.Path(__file__).with_suffix('.json').write_text(text + '\n')
