// `lanegrad/plot`: pictures of trainings, predictions, weights and models, as SVG text.

export { type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.ts';
export { type CurvesOptions, curves, type HistoryLike } from './curves.ts';
export { type Classifier, type DecisionBoundaryOptions, decisionBoundary } from './decision-boundary.ts';
export { type HistogramOptions, histogram } from './histogram.ts';
export { type ImagesOptions, images } from './images.ts';
export { type CalibrationCurve, calibration, type RocCurve, roc } from './lines.ts';
export { type ModelGraphOptions, modelGraph } from './model-graph.ts';
export type { Numbers, Tensorlike } from './numbers.ts';
export { predictedAgainstTrue } from './scatter.ts';
export { sparkline } from './sparkline.ts';
export type { PlotOptions } from './svg.ts';
