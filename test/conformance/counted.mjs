// Which of TensorFlow.js's tests count: those of what a training script may use. The others, and why.

/** Files of which no test counts, as patterns over their paths below dist/. */
const files = [
  {
    reason: 'backends, kernels, the tape and the flags are how TensorFlow.js works, not what it does',
    pattern:
      /^(backends\/.*|debug_mode|device_util|engine|environment|flags|hash_util|kernel_registry|ops\/operation|platforms\/.*|profiler|tape|version)$/,
  },
  {
    reason: 'helpers of its operations and tests, which no script calls',
    pattern: /^(browser_util|jasmine_util|ops\/\w+_util|tensor_util|test_util|types)$/,
  },
  {
    reason: 'there are no complex numbers and no Fourier transforms',
    pattern: /^ops\/(complex_ops|ifft|signal\/.*|spectral\/.*)$/,
  },
  { reason: 'there are no tensors of strings', pattern: /^ops\/string\/.*$/ },
  {
    reason: 'there are no sparse and no ragged tensors',
    pattern: /^ops\/(ragged_\w+|sparse\/.*|sparse_to_dense)$/,
  },
  { reason: 'detecting objects is not training', pattern: /^ops\/image\/non_max_suppression\w*$/ },
  { reason: 'files and storage have formats and tests of their own', pattern: /^io\/.*$/ },
  { reason: 'there is no browser with a canvas here', pattern: /^ops\/(draw|from_pixels|to_pixels)$/ },
];

/** Tests that do not count in files that do, as patterns over their names. */
const tests = [
  {
    reason: 'there are no complex numbers',
    pattern: /\bcomplex(64)?\b(?! normalization)/i,
    except: /non-complex/,
  },
  {
    reason: 'there are no tensors of strings',
    pattern: /\bstrings?\b|string\[/i,
    except: /throws (error )?(for|when)|2 arguments|dtype infers|works with float32 dy/i,
  },
];

/** Why the tests of a file do not count; undefined when they do. */
export const whyFileIsOut = (file) => files.find(({ pattern }) => pattern.test(file))?.reason;

/** Why a test does not count; undefined when it does. */
export const whyTestIsOut = (name) =>
  tests.find(({ pattern, except }) => pattern.test(name) && !except?.test(name))?.reason;
