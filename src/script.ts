// The public API for <script>, which defines `tf`: scripts beside it that are made for TensorFlow.js find it too.

// Itself, so that the bundle has one list of names.
import * as tf from './script.ts';
import { lendToCores } from './tensorflow/foreign-core.ts';

export * from './index.ts';

lendToCores(tf);
