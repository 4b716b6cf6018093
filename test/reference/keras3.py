"""Models as Keras 3 describes them, with weights by its names, and what it predicts: keras3.json.

Run: python3 keras3.py (keras 3.16, any backend).
"""

import json
from pathlib import Path

import keras
import numpy as np
from keras import layers


def numbers(shape, begin):
    """Numbers in [-1, 1] with three digits."""
    count = int(np.prod(shape))
    return np.round(np.sin(begin + 1.7 * np.arange(count)), 3).reshape(shape).astype("float32")


def dense_chain():
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dropout(0.5), layers.Dense(2, activation="softmax")],
        name="chain",
    )


def chain_without_input():
    model = keras.Sequential([layers.Dense(4, activation="tanh"), layers.Dense(1)], name="late")
    model.build((None, 3))
    return model


def branches():
    x = keras.Input((4,), name="x")
    a = layers.Dense(3, activation="relu", name="a")(x)
    b = layers.Dense(3, name="b")(x)
    both = layers.Concatenate()([layers.Add()([a, b]), a])
    both = layers.BatchNormalization()(both)
    return keras.Model(x, layers.Dense(2)(layers.Dropout(0.5)(both, training=False)), name="branches")


def shared():
    first, second = (keras.Input((2,), name=name) for name in ["first", "second"])
    layer = layers.Dense(3, name="shared")
    difference = layers.Subtract()([layer(first), layer(second)])
    return keras.Model([first, second], layers.Dense(1, name="end")(difference), name="siamese")


def words():
    x = keras.Input((5,), dtype="int32", name="words")
    embedded = layers.Embedding(7, 4, mask_zero=True)(x)
    _, *state = layers.LSTM(3, return_state=True)(embedded)
    last = layers.LSTM(3)(embedded, initial_state=state)
    turned = layers.Bidirectional(layers.LSTM(2))(embedded)
    return keras.Model(x, layers.Dense(2)(layers.Concatenate()([last, turned])), name="words")


def gates():
    return keras.Sequential([keras.Input((4, 2)), layers.GRU(3)], name="gates")


def nested():
    x = keras.Input((3,), name="inner_input")
    inner = keras.Model(x, layers.Dense(2, activation="sigmoid", name="inside")(x), name="inner")
    chain = keras.Sequential([keras.Input((2,)), layers.Dense(2, name="linked")], name="links")
    return keras.Sequential([keras.Input((3,)), layers.Rescaling(0.5), inner, chain, layers.Dense(1)], name="outer")


def samples(model, count=3):
    def of(tensor):
        shape = (count, *tensor.shape[1:])
        if tensor.dtype == "int32":
            return np.array([[1, 2, 3, 0, 0], [4, 5, 6, 1, 2], [3, 0, 0, 0, 0]], "int32")
        return numbers(shape, len(shape))

    return [of(tensor) for tensor in model.inputs]


cases = []
for make in [dense_chain, chain_without_input, branches, shared, words, gates, nested]:
    keras.backend.clear_session()
    model = make()
    for i, weight in enumerate(model.weights):
        values = numbers(weight.shape, i)
        weight.assign(np.abs(values) + 0.5 if "variance" in weight.path else values)
    x = samples(model)
    y = np.asarray(model(x if len(x) > 1 else x[0], training=False))
    cases.append(
        {
            "name": model.name,
            "topology": json.loads(model.to_json()),
            "weights": [
                {"name": weight.path, "values": np.asarray(weight).tolist()} for weight in model.weights
            ],
            "x": [values.tolist() for values in x],
            "y": np.round(y.astype("float64"), 6).tolist(),
        }
    )

text = json.dumps({"keras": keras.__version__, "cases": cases}, separators=(",", ":"))
Path(__file__).with_suffix(".json").write_text(text + "\n")
