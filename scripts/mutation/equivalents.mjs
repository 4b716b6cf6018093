// Faults that nobody can notice, each with the reason: the program does the same with them. A fault is known by its
// file and its line's text before and after.

/** Values that fields begin with and that are set before anything reads them. */
const beginnings = {
  'src/training/callbacks/checkpoint.ts': ['#steps = 0;', '#saved = 0;', '#isCut = false;'],
  'src/training/callbacks/early-stopping.ts': ['#isOver = false;'],
  'src/training/callbacks/learning-rate-callbacks.ts': ['#waited = 0;', '#cooling = 0;'],
  'src/training/callbacks/monitor.ts': ['best = 0;'],
  'src/training/distributed/parted-step.ts': ['size = 0;', '#perSample = 0;'],
  'src/training/callbacks/progress-bar.ts': ['#epoch = 0;', '#began = 0;', '#samples = 0;'],
  'src/training/callbacks/progress.ts': ['#length = 0;', '#began = 0;'],
  'src/training/training-loop.ts': ['#isCut = false;'],
};

/** Faults of one file that nobody can notice for one reason: lines before, and after. */
const alike = (file, reason, lines) =>
  Object.entries(lines).map(([before, after]) => ({ file, before, after, reason }));

export const equivalents = [
  ...Object.entries(beginnings).flatMap(([file, lines]) =>
    lines.map((before) => ({
      file,
      before,
      after: before.replace('= 0', '= 1').replace('= false', '= true'),
      reason: 'It is set before it is read.',
    })),
  ),
  ...alike(
    'src/compiler/lowering/reductions.ts',
    'Of no axes there is one element: nothing goes from it to a next.',
    {
      'const strideOf = (axes: readonly MemoryAxis[]): number => axes.at(-1)?.stride ?? 0;':
        'const strideOf = (axes: readonly MemoryAxis[]): number => axes.at(-1)?.stride ?? 1;',
    },
  ),
  ...alike('src/models/container.ts', 'Where a layer that prepares reads an input, no other layer does.', {
    'this.#readers(input).some(({ outboundLayer }) => outboundLayer.prepares),':
      'this.#readers(input).every(({ outboundLayer }) => outboundLayer.prepares),',
  }),
  ...alike('src/optimizers/running-power.ts', 'Powers that are computed anew are the same.', {
    'const maxTurns = 16;': 'const maxTurns = 17;',
  }),
  ...alike(
    'src/graph/ops/loop.ts',
    'The first node of a backward pass is a leaf, which comes of no slice and no state.',
    {
      'return value.id < this.#mark && this.#changes.has(value);':
        'return value.id <= this.#mark && this.#changes.has(value);',
    },
  ),
  ...alike('src/graph/ops/window-folds.ts', 'Only the gradient of weights is summed in parts.', {
    '[WindowFoldWord.spare]: 0,': '[WindowFoldWord.spare]: 1,',
  }),
  ...alike(
    'src/compiler/lowering/winograd.ts',
    "Winograd's kernels have windows of 3 by 3, and do not look.",
    {
      '[WinogradWord.window]: windowTable(emitter, x.shape, y.shape, [3, 3], window),':
        '[WinogradWord.window]: windowTable(emitter, x.shape, y.shape, [4, 3], window),',
    },
  ),
  ...alike('src/training/distributed/cluster-sum.ts', 'A range of nothing, which nobody reads.', {
    'if (others > 0) this.#incoming = newRange("other ranks\' parts", [others * floats]);':
      'if (others >= 0) this.#incoming = newRange("other ranks\' parts", [others * floats]);',
  }),
  ...alike(
    'src/training/programs.ts',
    'Programs take whole words, and so is the most that they may: a byte decides nothing.',
    { 'let bytes = 0;': 'let bytes = 1;' },
  ),
  ...alike(
    'src/training/training-loop.ts',
    'A turn of the event loop more, where the work is the bound to the last multiply-add, changes no number.',
    {
      'if (this.#work + work > workPerTurn) return true;':
        'if (this.#work + work >= workPerTurn) return true;',
    },
  ),
  ...alike(
    'src/compiler/lowering/statistics.ts',
    'At this step a kernel reads no table: it writes results at once.',
    {
      'emit(emitter, lines, { inputs, results, step: ChunkStep.all, table: 0 });':
        'emit(emitter, lines, { inputs, results, step: ChunkStep.all, table: 1 });',
    },
  ),
  ...alike(
    'src/training/distributed/cluster-sum.ts',
    'A name of a vector: any number is as good that no part has.',
    { 'export const totalVector = -1;': 'export const totalVector = -2;' },
  ),
  ...alike(
    'src/compiler/stages.ts',
    'An estimate, in multiply-adds: one more of tens of thousands decides nothing.',
    {
      'const work = times * works.reduce((a, b) => a + b, 0);':
        'const work = times * works.reduce((a, b) => a + b, 1);',
    },
  ),
  ...alike(
    'src/compiler/program.ts',
    'A program then looks at each run for where its blocks are, and finds them where they were.',
    { 'this.#departures = this.#engine.departures;': ';' },
  ),
  ...alike('src/graph/words.ts', 'What fills up a record is no word of it: no kernel reads it.', {
    'while (list.length < end) list.push(0);': 'while (list.length < end) list.push(1);',
  }),
  ...alike(
    'src/compiler/map-room.ts',
    'How a node reads its inputs is found again each time, and is the same.',
    { 'readings.set(lane, found);': ';' },
  ),
  ...alike(
    'src/compiler/program-array.ts',
    'Of runs of several elements this only has memory come near: the line below copies them whole.',
    {
      'for (let i = 0; i < count; i++) memory[first + i * size] = source[order[start + i] * size];': [
        'for (let i = 0; i < count; i++) memory[first + i / size] = source[order[start + i] * size];',
        'for (let i = 0; i < count; i++) memory[first + i * size] = source[order[start + i] / size];',
      ],
    },
  ),
  ...alike(
    'src/graph/sharing.ts',
    'Another next place for a node whose own is taken; every place is looked at in the same order.',
    {
      'hash = (hash + 1) | 0;': [
        'hash = (hash - 1) | 0;',
        'hash = (hash + 2) | 0;',
        'hash = (hash + 1) | 1;',
      ],
    },
  ),
  ...alike('src/graph/sharing.ts', 'Numbers of objects begin with another one.', {
    'let identityCount = 0;': 'let identityCount = 1;',
  }),
  ...alike('src/graph/sharing.ts', 'Another hash, which tells apart what this one does.', {
    'Math.imul(hash ^ more, 0x9e3779b1) ^ (hash >>> 15);': [
      'Math.imul(hash ^ more, 2654435762) ^ (hash >>> 15);',
      'Math.imul(hash ^ more, 0x9e3779b1) ^ (hash << 15);',
      'Math.imul(hash ^ more, 0x9e3779b1) ^ (hash >>> 16);',
    ],
    "if (typeof value === 'number') return value | (value * 0x10000);":
      "if (typeof value === 'number') return value | (value * 65537);",
    "return typeof value === 'string' ? value.length : Number(value === true);": [
      "return typeof value === 'string' ? value.length : Number(value !== true);",
      "return typeof value === 'string' ? value.length : Number(value === false);",
    ],
  }),
  ...alike('src/graph/sharing.ts', 'Behind the ends of lists of one length there is nothing in either.', {
    'for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;':
      'for (let i = 0; i <= a.length; i++) if (!isSame(a[i], b[i])) return false;',
  }),
  ...alike('src/graph/ops/strides.ts', 'A step of 0 is refused before.', {
    'const isForwards = step > 0;': 'const isForwards = step >= 0;',
  }),
  ...alike('src/compiler/schedule.ts', 'Nodes are placed behind what they read in any case.', {
    'if (needed.has(node)) continue;': 'if (needed.has(node)) ;',
  }),
  ...alike(
    'src/compiler/accumulate.ts',
    'Where all begin alike along an axis, any of them may be compared with.',
    {
      'const follows = begin === end && attrs.before.every((before, i) => i === axis || before === begins[0][i]);':
        'const follows = begin === end && attrs.before.every((before, i) => i === axis || before === begins[1][i]);',
    },
  ),
  ...alike(
    'src/compiler/fuse.ts',
    'No stage has a number below 0: any such number says that there is none.',
    {
      'let lastEffect = -1;': 'let lastEffect = -2;',
      'if (index < 0) return -1;': 'if (index < 0) return -2;',
      'return isFree ? index : -1;': 'return isFree ? index : -2;',
      'return Math.max(latest, (stageOf[source.id] ?? -1) + (isElsewhere ? 1 : 0));':
        'return Math.max(latest, (stageOf[source.id] ?? -2) + (isElsewhere ? 1 : 0));',
      '}, -1);': '}, -2);',
      'let index = -1;': 'let index = -2;',
      'return -1;': 'return -2;',
    },
  ),
  ...alike(
    'src/compiler/schedule.ts',
    'The first node reads nothing, so that it may be placed when somebody reads it.',
    { 'let before = 0;': 'let before = 1;' },
  ),
  ...alike(
    'src/compiler/plan-memory.ts',
    'An offset is written when an array is placed, and not read before.',
    {
      'const live = (bytes: number, first: number, last: number): Lifetime => ({ bytes, first, last, offset: 0 });':
        'const live = (bytes: number, first: number, last: number): Lifetime => ({ bytes, first, last, offset: 1 });',
    },
  ),
  ...alike(
    'src/compiler/lowering/convolutions.ts',
    'What sums in parts is the gradient of filters alone: no other kernel reads these.',
    {
      '{ parts, spare }: Parts = { parts: 1, spare: 0 },': [
        '{ parts, spare }: Parts = { parts: 2, spare: 0 },',
        '{ parts, spare }: Parts = { parts: 1, spare: 1 },',
      ],
    },
  ),
  ...alike(
    'src/compiler/lowering/winograd.ts',
    'What sums in parts is the gradient of filters alone: no other kernel reads these.',
    {
      '{ parts, spare }: Parts = { parts: 1, spare: 0 },':
        '{ parts, spare }: Parts = { parts: 2, spare: 0 },',
    },
  ),
  ...alike('src/graph/ops/spatial.ts', 'A size for one axis more, which nobody asks for.', {
    'const [height, width] = perAxis(windowShape, 2);': 'const [height, width] = perAxis(windowShape, 3);',
  }),
  ...alike('src/graph/ops/taps.ts', 'A size for one axis more, which nobody asks for.', {
    'const size = perAxis(filterSize, 2);': 'const size = perAxis(filterSize, 3);',
  }),
  ...alike('src/graph/ops/update.ts', 'The kernels of optimizers that have fewer slots read no others.', {
    'const [slot0 = 0, slot1 = 0, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));': [
      'const [slot0 = 1, slot1 = 0, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));',
      'const [slot0 = 0, slot1 = 1, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));',
    ],
  }),
  ...alike('src/graph/ops/loop.ts', 'The same terms are made once more, and nobody reads the first.', {
    'if (counts.every((count) => count <= 1)) return { ends: single, terms };':
      'if (counts.every((count) => count < 1)) return { ends: single, terms };',
  }),
  ...alike(
    'src/training/distributed/cluster-sum.ts',
    'At least one command has run when an array is there.',
    { 'let latest = 0;': 'let latest = 1;' },
  ),
  ...alike(
    'src/training/distributed/contributions.ts',
    'An array that begins where a stretch ends is of the stretch before, which is awaited before this one.',
    {
      'return [...this.#offsets.keys()].filter((i) => this.#offsets[i] >= start && this.#offsets[i] < end);':
        'return [...this.#offsets.keys()].filter((i) => this.#offsets[i] >= start && this.#offsets[i] <= end);',
    },
  ),
  ...alike(
    'src/training/distributed/parted-step.ts',
    'Another array of the same size, all of which is written, takes the place of the first.',
    {
      'if (this.#values.length < this.size) this.#values = new Float32Array(this.size);':
        'if (this.#values.length <= this.size) this.#values = new Float32Array(this.size);',
    },
  ),
  ...alike(
    'src/metrics/class-metrics.ts',
    'Of a class that there is not all counts are 0, and add 0 to the score.',
    { 'for (let i = 0; i < classes; i++) {': 'for (let i = 0; i <= classes; i++) {' },
  ),
  ...alike('src/metrics/metrics.ts', 'What is summed with the other sign is squared afterwards.', {
    'first += rows[row + 3] + rows[row + 1] * shift;': 'first -= rows[row + 3] + rows[row + 1] * shift;',
  }),
  ...alike('src/training/totals.ts', 'Room is made one batch earlier.', {
    'if (tally.length + length > tally.collected.length) {':
      'if (tally.length + length >= tally.collected.length) {',
  }),
  ...alike('src/training/totals.ts', 'More room is made than is needed soon.', {
    'const larger = new Float32Array(2 * (tally.length + length));':
      'const larger = new Float32Array(3 * (tally.length + length));',
  }),
  ...alike('src/training/training-loop.ts', 'Later by two is as good as by one: only the order counts.', {
    'this.#savedAt = Math.max(this.#savedAt + 1, Date.now());':
      'this.#savedAt = Math.max(this.#savedAt + 2, Date.now());',
  }),
  ...alike('src/mpi/mpi.ts', 'Room for one word more, which nobody reads.', {
    'readonly #flag = new Int32Array(1);': 'readonly #flag = new Int32Array(2);',
  }),
  ...alike('src/mpi/library.ts', 'Room for one word more, which nobody reads.', {
    'const [major, minor] = [new Int32Array(1), new Int32Array(1)];': [
      'const [major, minor] = [new Int32Array(2), new Int32Array(1)];',
      'const [major, minor] = [new Int32Array(1), new Int32Array(2)];',
    ],
  }),
  ...alike('src/mpi/mpi.ts', 'The clock would have to show that moment to the last digit.', {
    'while (!this.#isDone(requests) && performance.now() < end) {':
      'while (!this.#isDone(requests) && performance.now() <= end) {',
    'while (performance.now() < end) {': 'while (performance.now() <= end) {',
    'if (waited < spinning) continue;': 'if (waited <= spinning) continue;',
    'if (waited > timeout) this.#giveUp(waited, others());':
      'if (waited >= timeout) this.#giveUp(waited, others());',
  }),
  ...alike('src/mpi/mpi.ts', 'One part is all of the message.', {
    'if (numbers.byteLength <= maxBytes) return [message];':
      'if (numbers.byteLength < maxBytes) return [message];',
  }),
  ...alike('src/tensor/tensor.ts', 'A chain that is cut elsewhere gives the same numbers.', {
    'const maxDepthInside = 400;': 'const maxDepthInside = 401;',
    'return ends.find((end) => end.depth > most && depthNow(end) > most);':
      'return ends.find((end) => end.depth > most && depthNow(end) >= most);',
  }),
  ...alike('src/compiler/program-array.ts', "Behind weights lie others, or a program's commands.", {
    'return begin <= this.address && this.address < begin + floatBytes * sizeOf(shape);':
      'return begin <= this.address && this.address <= begin + floatBytes * sizeOf(shape);',
  }),
  ...alike('src/tensor/deferred.ts', 'It is set before it is read.', {
    'passedAt = -1;': ['passedAt = -2;', 'passedAt = (1);'],
    'place = -1;': ['place = -2;', 'place = (1);'],
  }),
  ...alike('src/tensor/structure.ts', 'Signatures of one hash are told apart all the same.', {
    'this.#hash = mixed(this.#hash, hashOf(part));': ';',
  }),
  ...alike(
    'src/tensor/random-tensors.ts',
    'That holds of any shape: other numbers of the same distribution.',
    {
      'if (alpha < 1) return gamma(random, alpha + 1) * pow(1 - random.uniform(), 1 / alpha);': [
        'if (alpha < 2) return gamma(random, alpha + 1) * pow(1 - random.uniform(), 1 / alpha);',
        'if (alpha <= 1) return gamma(random, alpha + 1) * pow(1 - random.uniform(), 1 / alpha);',
      ],
    },
  ),
  ...alike('src/state/weights.ts', 'Steps then look for weights that do not learn, and find none.', {
    'static someTurned = false;': 'static someTurned = true;',
  }),
  ...alike('src/random/random-stream.ts', 'The same words, of JavaScript in place of the kernel.', {
    'const count = manyWords && this.#drawn >= LEAST_MANY ? Math.min(this.#drawn, MOST_MANY) : WORDS_PER_BLOCK;':
      'const count = manyWords && this.#drawn > LEAST_MANY ? Math.min(this.#drawn, MOST_MANY) : WORDS_PER_BLOCK;',
  }),
  ...alike('src/random/normal-quantiles.ts', 'Where the two formulas meet both hold.', {
    'if (Math.abs(q) <= 0.425) {': 'if (Math.abs(q) < 0.425) {',
  }),
  ...alike('src/functions/windows.ts', 'Lists of pairs are nested no deeper.', {
    'const sides = [pad].flat(2) as readonly unknown[];':
      'const sides = [pad].flat(3) as readonly unknown[];',
  }),
  ...alike('src/layers/preprocessing/lookup.ts', 'A single token is one document, of whatever length.', {
    'const width = Math.max(1, shape[shape.length - 1] ?? 1);':
      'const width = Math.max(1, shape[shape.length - 1] ?? 2);',
  }),
  ...alike('src/layers/base/weight-holder.ts', 'Numbers of objects begin with another one.', {
    'let holders = 0;': 'let holders = 1;',
  }),
  ...alike('src/initializers/initializers.ts', 'Behind the end of an array nothing is written.', {
    'for (let i = 0; i < values.length; i += shape[1] + 1) values[i] = gain;':
      'for (let i = 0; i <= values.length; i += shape[1] + 1) values[i] = gain;',
    'for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.uniform() - 1);':
      'for (let i = 0; i <= values.length; i++) values[i] = limit * (2 * random.uniform() - 1);',
    'for (let i = 0; i < values.length; i++) values[i] = minval + (maxval - minval) * random.uniform();':
      'for (let i = 0; i <= values.length; i++) values[i] = minval + (maxval - minval) * random.uniform();',
    'for (let i = 0; i < rows; i++) {': 'for (let i = 0; i <= rows; i++) {',
  }),
  ...alike('src/functions/normalization.ts', 'What is added behind is cut off again.', {
    '[0, 0],': '[0, 1],',
  }),
  ...alike('src/initializers/householder.ts', 'Behind the end of an array nothing is written.', {
    'for (let k = 0; k < columns; k++) {': 'for (let k = 0; k <= columns; k++) {',
    'for (let j = k; j < columns; j++) reflect(q.subarray(j * rows + k, (j + 1) * rows), v);':
      'for (let j = k; j <= columns; j++) reflect(q.subarray(j * rows + k, (j + 1) * rows), v);',
    'for (let i = 0; i < x.length; i++) x[i] -= twice * v[i];':
      'for (let i = 0; i <= x.length; i++) x[i] -= twice * v[i];',
  }),
  ...alike('src/state/slots.ts', 'A byte further begins the same word.', {
    'all.write(0, borrowed!);': 'all.write(1, borrowed!);',
  }),
  ...alike('src/functions/gather.ts', 'Behind the last index there is none outside.', {
    'for (let start = 0; start < numbers.length; start += depth) {':
      'for (let start = 0; start <= numbers.length; start += depth) {',
  }),
  ...alike('src/functions/math.ts', 'No memory holds so many classes.', {
    'if (!(Number.isInteger(numClasses) && numClasses > 0 && numClasses <= maxElements)) {':
      'if (!(Number.isInteger(numClasses) && numClasses > 0 && numClasses < maxElements)) {',
  }),
  ...alike('src/functions/random.ts', 'Of a rate of 0 a mask keeps all, and a rate of 1 is refused.', {
    'if (rate === 0) return x;': 'if (rate === 1) return x;',
  }),
  ...alike('src/layers/dropout.ts', 'Of a rate of 0 a mask keeps all, and a rate of 1 is refused.', {
    'if (!training || rate === 0) return x;': 'if (!training || rate === 1) return x;',
  }),
];
