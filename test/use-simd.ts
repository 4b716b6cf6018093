// Run before each test file of the 'simd' project; files that one process runs share the kernels that the first starts.

import './start-simd.ts';
