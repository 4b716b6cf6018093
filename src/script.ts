// The public API for <script>, which defines `tf`: scripts beside it that are made for TensorFlow.js find it too.

import * as own from './index.ts';
import { oneLibrary } from './one-library.ts';
import { lendToCores } from './tensorflow/foreign-core.ts';

const library = oneLibrary(own);

lendToCores(library);

export default library;
