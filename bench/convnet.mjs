// The small convolutional network, for libraries with the names of TensorFlow.js Layers.

export function smallConvnet(tf, { kernels }) {
  const { conv2d, maxPooling2d, flatten, dropout, dense } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dropout({ rate: 0.5 }),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });
  const shapes = [
    [3, 3, 1, 32],
    [3, 3, 32, 64],
    [1600, 10],
  ];
  model.setWeights(shapes.flatMap((shape, i) => [tf.tensor(kernels[i], shape), tf.zeros(shape.slice(-1))]));
  return model;
}
