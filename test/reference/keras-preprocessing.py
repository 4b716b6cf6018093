# Makes keras-preprocessing.json: what Keras's preprocessing layers make of words and numbers.
# Run: python -B test/reference/keras-preprocessing.py (made with Keras 3.15.1 on TensorFlow 2.21.0, CPU)
import json
import os
import pathlib

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np
import tensorflow as tf
from keras import layers

rng = np.random.default_rng(3)


def listed(x):
    return np.asarray(x).tolist()


def text(length):
    return ''.join(chr(97 + (7 * length + 3 * i) % 26) for i in range(length))


# Every length at which the hash changes its way, and beyond one and two blocks.
texts = [text(n) for n in [*range(0, 18), 24, 31, 32, 33, 48, 63, 64, 65, 100, 127, 128, 129, 200]] + ['Zürich', '北京', '🙂']
# 2^61 − 1 tells more of a hash than a few bins do.
MOST = (1 << 61) - 1
integers = [0, 1, -1, 7, 12345, -98765, 2147483647, -2147483648, 9007199254740991]
hashes = {
    'texts': texts,
    'fast': [str(int(h)) for h in tf.strings.to_hash_bucket_fast(texts, MOST).numpy()],
    'strong': [str(int(h)) for h in tf.strings.to_hash_bucket_strong(texts, MOST, key=[133, 137]).numpy()],
    'integers': integers,
    'ofIntegers': listed(layers.Hashing(100)(tf.constant(integers, tf.int64))),
}

rows = [['a', 'b', 'a'], ['c', '', 'zz'], ['b', 'a', 'q']]
numbers = [[3, 8, 3], [5, 0, 77], [8, 3, -6]]
vocabulary = ['a', 'b', 'c']
known = [3, 8, 5]
idf = [0.5, 1.25, 2.0]


def case(make, data, options, adapted=None, idf_weights=None):
    layer = make(**options)
    if adapted is not None:
        layer.adapt(np.array(adapted))
    out = layer(tf.constant(data))
    result = {'options': options, 'data': data, 'output': listed(out)}
    if hasattr(layer, 'get_vocabulary'):
        result['vocabulary'] = [v.item() if hasattr(v, 'item') else v for v in layer.get_vocabulary()]
    if adapted is not None:
        result['adapted'] = adapted
    return result


hashing = [case(layers.Hashing, data, options) for data, options in [
    (rows, {'num_bins': 5}),
    (rows, {'num_bins': 5, 'mask_value': ''}),
    (rows, {'num_bins': 5, 'salt': 1337}),
    (rows, {'num_bins': 5, 'salt': [1337, 42]}),
    (rows, {'num_bins': 4, 'output_mode': 'multi_hot'}),
    (rows, {'num_bins': 4, 'output_mode': 'count'}),
    ([['a'], ['b']], {'num_bins': 4, 'output_mode': 'one_hot'}),
    (rows, {'num_bins': 4, 'output_mode': 'one_hot'}),
    (numbers, {'num_bins': 7, 'mask_value': 0}),
]]

string_lookup = [case(layers.StringLookup, data, options, adapted) for data, options, adapted in [
    (rows, {'vocabulary': vocabulary}, None),
    (rows, {'vocabulary': vocabulary, 'mask_token': ''}, None),
    (rows, {'vocabulary': ['', '[UNK]'] + vocabulary, 'mask_token': ''}, None),
    (rows, {'vocabulary': vocabulary, 'num_oov_indices': 3, 'mask_token': ''}, None),
    (rows, {'vocabulary': vocabulary, 'num_oov_indices': 3, 'oov_method': 'farmhash', 'salt': 9}, None),
    (rows, {'vocabulary': vocabulary, 'output_mode': 'multi_hot'}, None),
    (rows, {'vocabulary': vocabulary, 'output_mode': 'count', 'mask_token': ''}, None),
    (rows, {'vocabulary': vocabulary, 'output_mode': 'count', 'max_tokens': 6, 'pad_to_max_tokens': True}, None),
    (rows, {'vocabulary': vocabulary, 'output_mode': 'tf_idf', 'idf_weights': idf}, None),
    ([['a'], ['q']], {'vocabulary': vocabulary, 'output_mode': 'one_hot'}, None),
    (rows, {'vocabulary': vocabulary, 'output_mode': 'one_hot'}, None),
    (['a', 'q'], {'vocabulary': vocabulary, 'output_mode': 'one_hot'}, None),
    (rows, {}, rows),
    (rows, {'max_tokens': 3}, rows),
    (rows, {'mask_token': ''}, rows),
    (rows, {'output_mode': 'tf_idf'}, rows),
]]

integer_lookup = [case(layers.IntegerLookup, data, options, adapted) for data, options, adapted in [
    (numbers, {'vocabulary': known}, None),
    (numbers, {'vocabulary': known, 'mask_token': 0}, None),
    (numbers, {'vocabulary': known, 'num_oov_indices': 4}, None),
    (numbers, {'vocabulary': known, 'num_oov_indices': 4, 'oov_method': 'farmhash'}, None),
    (numbers, {'vocabulary': known, 'output_mode': 'multi_hot'}, None),
    (numbers, {'max_tokens': 4, 'mask_token': 0}, numbers),
    ([[0, 1, 2, 9]], {'vocabulary': known, 'invert': True}, None),
]]

values = np.round(rng.normal(size=(6, 4)) * 64) / 64
discretization = [case(layers.Discretization, listed(values.astype('float32')), options, adapted)
                  for options, adapted in [
    ({'bin_boundaries': [-1.0, 0.0, 0.5]}, None),
    ({'bin_boundaries': [-1.0, 0.0, 0.5], 'output_mode': 'count'}, None),
    ({'bin_boundaries': [-1.0, 0.0, 0.5], 'output_mode': 'one_hot'}, None),
    ({'num_bins': 4}, listed(values)),
    ({'num_bins': 3, 'output_mode': 'multi_hot'}, listed(values)),
]]
boundaries = []
for bins, n in [(4, 24), (5, 31), (7, 90)]:
    layer = layers.Discretization(num_bins=bins)
    data = np.round(rng.normal(size=n) * 64) / 64
    layer.adapt(data)
    boundaries.append({'numBins': bins, 'data': listed(data), 'boundaries': listed(layer.bin_boundaries)})


def normalized(shape, axis, **options):
    data = np.round((3 + 2 * rng.normal(size=shape)) * 64) / 64
    layer = layers.Normalization(axis=axis, **options)
    if 'mean' not in options:
        layer.adapt(data)
    result = {'data': listed(data), 'options': {'axis': axis, **options}, 'output': listed(layer(data))}
    result['weights'] = [listed(w) for w in layer.get_weights()[:2]]
    return result


normalization = [
    normalized((7, 3), -1),
    normalized((7, 3), None),
    normalized((5, 3, 2), [1, 2]),
    normalized((5, 3, 2), 1),
    normalized((7, 3), -1, mean=[1.0, 2.0, 3.0], variance=[4.0, 1.0, 0.25]),
    normalized((7, 3), -1, mean=3.0, variance=2.0, invert=True),
]

reference = {
    'hashes': hashes, 'hashing': hashing, 'stringLookup': string_lookup, 'integerLookup': integer_lookup,
    'discretization': discretization, 'boundaries': boundaries, 'normalization': normalization,
}
path = pathlib.Path(__file__).with_suffix('.json')
path.write_text(json.dumps(reference, indent=None, separators=(',', ': ')).replace('}, {', '},\n{').replace('},{', '},\n{') + '\n')
