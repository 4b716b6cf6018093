// Run before each test file of the 'threads' project; files that one process runs share the threads that the first starts.

import './start-threads.ts';
