// A straightforward trainer in JavaScript, as one would write it without a library: relu layers, softmax or
// sigmoid at the end, cross-entropy, Adam. Float32 arrays and plain loops in the order that suits the cache.

/** Returns a function that makes one step on its property `input`, { x, labels }, and returns the loss. */
export function pureJs({ sizes, batch }, { x, labels, kernels }) {
  const layers = kernels.map((w, i) => layer(sizes[i], sizes[i + 1], batch, w.slice()));
  let step = 0;
  const train = () => {
    const { x, labels } = train.input;
    let input = x;
    for (const [i, each] of layers.entries()) {
      forward(each, input, i < layers.length - 1);
      input = each.y;
    }
    const loss = lossAndGradient(layers[layers.length - 1], labels, batch);
    for (let i = layers.length - 1; i >= 0; i--) backward(layers[i], i > 0 ? layers[i - 1] : undefined, x);
    step++;
    for (const each of layers) {
      adam(each.w, each.dw, each.mw, each.vw, step);
      adam(each.b, each.db, each.mb, each.vb, step);
    }
    return loss;
  };
  train.input = { x, labels };
  return train;
}

function layer(inputs, outputs, batch, w) {
  const zeros = (length) => new Float32Array(length);
  return {
    ...{
      inputs,
      outputs,
      batch,
      w,
      b: zeros(outputs),
      y: zeros(batch * outputs),
      dy: zeros(batch * outputs),
    },
    ...{ dw: zeros(w.length), mw: zeros(w.length), vw: zeros(w.length) },
    ...{ db: zeros(outputs), mb: zeros(outputs), vb: zeros(outputs) },
  };
}

function forward({ inputs, outputs, batch, w, b, y }, x, isHidden) {
  for (let s = 0; s < batch; s++) {
    const row = s * outputs;
    for (let j = 0; j < outputs; j++) y[row + j] = b[j];
    for (let i = 0; i < inputs; i++) {
      const value = x[s * inputs + i];
      const from = i * outputs;
      for (let j = 0; j < outputs; j++) y[row + j] += value * w[from + j];
    }
    if (isHidden) for (let j = 0; j < outputs; j++) if (y[row + j] < 0) y[row + j] = 0;
  }
}

/** Mean cross-entropy of the logits in y; dy becomes its gradient. One output is a sigmoid, more a softmax. */
function lossAndGradient({ outputs, y, dy }, labels, batch) {
  let loss = 0;
  for (let s = 0; s < batch; s++) {
    const row = s * outputs;
    if (outputs === 1) {
      const z = y[row];
      loss += Math.max(z, 0) - z * labels[s] + Math.log1p(Math.exp(-Math.abs(z)));
      dy[row] = (1 / (1 + Math.exp(-z)) - labels[s]) / batch;
      continue;
    }
    let largest = -Infinity;
    for (let j = 0; j < outputs; j++) largest = Math.max(largest, y[row + j]);
    let sum = 0;
    for (let j = 0; j < outputs; j++) sum += Math.exp(y[row + j] - largest);
    loss += Math.log(sum) + largest - y[row + labels[s]];
    for (let j = 0; j < outputs; j++) {
      const p = Math.exp(y[row + j] - largest) / sum;
      dy[row + j] = (p - (j === labels[s] ? 1 : 0)) / batch;
    }
  }
  return loss / batch;
}

function backward({ inputs, outputs, batch, w, dy, dw, db }, below, x) {
  dw.fill(0);
  db.fill(0);
  const input = below ? below.y : x;
  for (let s = 0; s < batch; s++) {
    const row = s * outputs;
    for (let j = 0; j < outputs; j++) db[j] += dy[row + j];
    for (let i = 0; i < inputs; i++) {
      const value = input[s * inputs + i];
      const from = i * outputs;
      let sum = 0;
      for (let j = 0; j < outputs; j++) {
        dw[from + j] += value * dy[row + j];
        if (below) sum += w[from + j] * dy[row + j];
      }
      if (below) below.dy[s * inputs + i] = value > 0 ? sum : 0;
    }
  }
}

function adam(w, dw, m, v, step) {
  const rate = (1e-3 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
  const epsilon = 1e-7 * Math.sqrt(1 - 0.999 ** step);
  for (let i = 0; i < w.length; i++) {
    m[i] = 0.9 * m[i] + 0.1 * dw[i];
    v[i] = 0.999 * v[i] + 0.001 * dw[i] * dw[i];
    w[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
  }
}
