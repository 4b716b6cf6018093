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
  {
    file: 'src/compiler/lowering/reductions.ts',
    before: 'const strideOf = (axes: readonly MemoryAxis[]): number => axes.at(-1)?.stride ?? 0;',
    after: 'const strideOf = (axes: readonly MemoryAxis[]): number => axes.at(-1)?.stride ?? 1;',
    reason: 'Of no axes there is one element: nothing goes from it to a next.',
  },
  {
    file: 'src/models/container.ts',
    before: 'this.#readers(input).some(({ outboundLayer }) => outboundLayer.prepares),',
    after: 'this.#readers(input).every(({ outboundLayer }) => outboundLayer.prepares),',
    reason: 'Where a layer that prepares reads an input, no other layer does.',
  },
  {
    file: 'src/optimizers/running-power.ts',
    before: 'const maxTurns = 16;',
    after: 'const maxTurns = 17;',
    reason: 'Powers that are computed anew are the same.',
  },
  {
    file: 'src/graph/ops/loop.ts',
    before: 'return value.id < this.#mark && this.#changes.has(value);',
    after: 'return value.id <= this.#mark && this.#changes.has(value);',
    reason: 'The first node of a backward pass is a leaf, which comes of no slice and no state.',
  },
  {
    file: 'src/graph/ops/window-folds.ts',
    before: '[WindowFoldWord.spare]: 0,',
    after: '[WindowFoldWord.spare]: 1,',
    reason: 'Only the gradient of weights is summed in parts.',
  },
  {
    file: 'src/compiler/lowering/winograd.ts',
    before: '[WinogradWord.window]: windowTable(emitter, x.shape, y.shape, [3, 3], window),',
    after: '[WinogradWord.window]: windowTable(emitter, x.shape, y.shape, [4, 3], window),',
    reason: "Winograd's kernels have windows of 3 by 3, and do not look.",
  },
  {
    file: 'src/training/distributed/cluster-sum.ts',
    before: 'if (others > 0) this.#incoming = newRange("other ranks\' parts", [others * floats]);',
    after: 'if (others >= 0) this.#incoming = newRange("other ranks\' parts", [others * floats]);',
    reason: 'A range of nothing, which nobody reads.',
  },
  {
    file: 'src/training/programs.ts',
    before: 'let bytes = 0;',
    after: 'let bytes = 1;',
    reason: 'Programs take whole words, and so is the most that they may: a byte decides nothing.',
  },
  {
    file: 'src/training/training-loop.ts',
    before: 'if (this.#work + work > workPerTurn) return true;',
    after: 'if (this.#work + work >= workPerTurn) return true;',
    reason:
      'A turn of the event loop more, where the work is the bound to the last multiply-add, changes no number.',
  },
  {
    file: 'src/compiler/lowering/statistics.ts',
    before: 'emit(emitter, lines, { inputs, results, step: ChunkStep.all, table: 0 });',
    after: 'emit(emitter, lines, { inputs, results, step: ChunkStep.all, table: 1 });',
    reason: 'At this step a kernel reads no table: it writes results at once.',
  },
  {
    file: 'src/training/distributed/cluster-sum.ts',
    before: 'export const totalVector = -1;',
    after: 'export const totalVector = -2;',
    reason: 'A name of a vector: any number is as good that no part has.',
  },
  {
    file: 'src/compiler/stages.ts',
    before: 'const work = times * works.reduce((a, b) => a + b, 0);',
    after: 'const work = times * works.reduce((a, b) => a + b, 1);',
    reason: 'An estimate, in multiply-adds: one more of tens of thousands decides nothing.',
  },
  {
    file: 'src/compiler/program.ts',
    before: 'this.#departures = this.#engine.departures;',
    after: ';',
    reason: 'A program then looks at each run for where its blocks are, and finds them where they were.',
  },
  {
    file: 'src/graph/words.ts',
    before: 'while (list.length < end) list.push(0);',
    after: 'while (list.length < end) list.push(1);',
    reason: 'What fills up a record is no word of it: no kernel reads it.',
  },
  {
    file: 'src/compiler/map-room.ts',
    before: 'readings.set(lane, found);',
    after: ';',
    reason: 'How a node reads its inputs is found again each time, and is the same.',
  },
  {
    file: 'src/compiler/program-array.ts',
    before: 'for (let i = 0; i < count; i++) memory[first + i * size] = source[order[start + i] * size];',
    after: [
      'for (let i = 0; i < count; i++) memory[first + i / size] = source[order[start + i] * size];',
      'for (let i = 0; i < count; i++) memory[first + i * size] = source[order[start + i] / size];',
    ],
    reason: 'Of runs of several elements this only has memory come near: the line below copies them whole.',
  },
  {
    file: 'src/graph/sharing.ts',
    before: 'hash = (hash + 1) | 0;',
    after: ['hash = (hash - 1) | 0;', 'hash = (hash + 2) | 0;', 'hash = (hash + 1) | 1;'],
    reason: 'Another next place for a node whose own is taken; every place is looked at in the same order.',
  },
  {
    file: 'src/graph/sharing.ts',
    before: 'let identityCount = 0;',
    after: 'let identityCount = 1;',
    reason: 'Numbers of objects begin with another one.',
  },
  {
    file: 'src/graph/sharing.ts',
    before: 'Math.imul(hash ^ more, 0x9e3779b1) ^ (hash >>> 15);',
    after: [
      'Math.imul(hash ^ more, 2654435762) ^ (hash >>> 15);',
      'Math.imul(hash ^ more, 0x9e3779b1) ^ (hash << 15);',
      'Math.imul(hash ^ more, 0x9e3779b1) ^ (hash >>> 16);',
    ],
    reason: 'Another hash, which tells apart what this one does.',
  },
  {
    file: 'src/graph/sharing.ts',
    before: "if (typeof value === 'number') return value | (value * 0x10000);",
    after: "if (typeof value === 'number') return value | (value * 65537);",
    reason: 'Another hash, which tells apart what this one does.',
  },
  {
    file: 'src/graph/sharing.ts',
    before: "return typeof value === 'string' ? value.length : Number(value === true);",
    after: [
      "return typeof value === 'string' ? value.length : Number(value !== true);",
      "return typeof value === 'string' ? value.length : Number(value === false);",
    ],
    reason: 'Another hash, which tells apart what this one does.',
  },
  {
    file: 'src/graph/sharing.ts',
    before: 'for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;',
    after: 'for (let i = 0; i <= a.length; i++) if (!isSame(a[i], b[i])) return false;',
    reason: 'Behind the ends of lists of one length there is nothing in either.',
  },
  {
    file: 'src/graph/ops/strides.ts',
    before: 'const isForwards = step > 0;',
    after: 'const isForwards = step >= 0;',
    reason: 'A step of 0 is refused before.',
  },
  {
    file: 'src/compiler/schedule.ts',
    before: 'if (needed.has(node)) continue;',
    after: 'if (needed.has(node)) ;',
    reason: 'Nodes are placed behind what they read in any case.',
  },
  {
    file: 'src/compiler/accumulate.ts',
    before:
      'const follows = begin === end && attrs.before.every((before, i) => i === axis || before === begins[0][i]);',
    after:
      'const follows = begin === end && attrs.before.every((before, i) => i === axis || before === begins[1][i]);',
    reason: 'Where all begin alike along an axis, any of them may be compared with.',
  },
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
  {
    file: 'src/compiler/schedule.ts',
    before: 'let before = 0;',
    after: 'let before = 1;',
    reason: 'The first node reads nothing, so that it may be placed when somebody reads it.',
  },
  {
    file: 'src/compiler/plan-memory.ts',
    before:
      'const live = (bytes: number, first: number, last: number): Lifetime => ({ bytes, first, last, offset: 0 });',
    after:
      'const live = (bytes: number, first: number, last: number): Lifetime => ({ bytes, first, last, offset: 1 });',
    reason: 'An offset is written when an array is placed, and not read before.',
  },
  {
    file: 'src/compiler/lowering/convolutions.ts',
    before: '{ parts, spare }: Parts = { parts: 1, spare: 0 },',
    after: [
      '{ parts, spare }: Parts = { parts: 2, spare: 0 },',
      '{ parts, spare }: Parts = { parts: 1, spare: 1 },',
    ],
    reason: 'What sums in parts is the gradient of filters alone: no other kernel reads these.',
  },
  {
    file: 'src/compiler/lowering/winograd.ts',
    before: '{ parts, spare }: Parts = { parts: 1, spare: 0 },',
    after: '{ parts, spare }: Parts = { parts: 2, spare: 0 },',
    reason: 'What sums in parts is the gradient of filters alone: no other kernel reads these.',
  },
  {
    file: 'src/graph/ops/spatial.ts',
    before: 'const [height, width] = perAxis(windowShape, 2);',
    after: 'const [height, width] = perAxis(windowShape, 3);',
    reason: 'A size for one axis more, which nobody asks for.',
  },
  {
    file: 'src/graph/ops/taps.ts',
    before: 'const size = perAxis(filterSize, 2);',
    after: 'const size = perAxis(filterSize, 3);',
    reason: 'A size for one axis more, which nobody asks for.',
  },
  {
    file: 'src/graph/ops/update.ts',
    before: 'const [slot0 = 0, slot1 = 0, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));',
    after: [
      'const [slot0 = 1, slot1 = 0, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));',
      'const [slot0 = 0, slot1 = 1, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));',
    ],
    reason: 'The kernels of optimizers that have fewer slots read no others.',
  },
  {
    file: 'src/graph/ops/loop.ts',
    before: 'if (counts.every((count) => count <= 1)) return { ends: single, terms };',
    after: 'if (counts.every((count) => count < 1)) return { ends: single, terms };',
    reason: 'The same terms are made once more, and nobody reads the first.',
  },
  {
    file: 'src/training/distributed/cluster-sum.ts',
    before: 'let latest = 0;',
    after: 'let latest = 1;',
    reason: 'At least one command has run when an array is there.',
  },
  {
    file: 'src/training/distributed/contributions.ts',
    before:
      'return [...this.#offsets.keys()].filter((i) => this.#offsets[i] >= start && this.#offsets[i] < end);',
    after:
      'return [...this.#offsets.keys()].filter((i) => this.#offsets[i] >= start && this.#offsets[i] <= end);',
    reason:
      'An array that begins where a stretch ends is of the stretch before, which is awaited before this one.',
  },
  {
    file: 'src/training/distributed/parted-step.ts',
    before: 'if (this.#values.length < this.size) this.#values = new Float32Array(this.size);',
    after: 'if (this.#values.length <= this.size) this.#values = new Float32Array(this.size);',
    reason: 'Another array of the same size, all of which is written, takes the place of the first.',
  },
  {
    file: 'src/metrics/class-metrics.ts',
    before: 'for (let i = 0; i < classes; i++) {',
    after: 'for (let i = 0; i <= classes; i++) {',
    reason: 'Of a class that there is not all counts are 0, and add 0 to the score.',
  },
  {
    file: 'src/metrics/metrics.ts',
    before: 'first += rows[row + 3] + rows[row + 1] * shift;',
    after: 'first -= rows[row + 3] + rows[row + 1] * shift;',
    reason: 'What is summed with the other sign is squared afterwards.',
  },
  {
    file: 'src/training/totals.ts',
    before: 'if (tally.length + length > tally.collected.length) {',
    after: 'if (tally.length + length >= tally.collected.length) {',
    reason: 'Room is made one batch earlier.',
  },
  {
    file: 'src/training/totals.ts',
    before: 'const larger = new Float32Array(2 * (tally.length + length));',
    after: 'const larger = new Float32Array(3 * (tally.length + length));',
    reason: 'More room is made than is needed soon.',
  },
  {
    file: 'src/training/training-loop.ts',
    before: 'this.#savedAt = Math.max(this.#savedAt + 1, Date.now());',
    after: 'this.#savedAt = Math.max(this.#savedAt + 2, Date.now());',
    reason: 'Later by two is as good as by one: only the order counts.',
  },
  {
    file: 'src/mpi/mpi.ts',
    before: 'readonly #flag = new Int32Array(1);',
    after: 'readonly #flag = new Int32Array(2);',
    reason: 'Room for one word more, which nobody reads.',
  },
  {
    file: 'src/mpi/library.ts',
    before: 'const [major, minor] = [new Int32Array(1), new Int32Array(1)];',
    after: [
      'const [major, minor] = [new Int32Array(2), new Int32Array(1)];',
      'const [major, minor] = [new Int32Array(1), new Int32Array(2)];',
    ],
    reason: 'Room for one word more, which nobody reads.',
  },
  ...alike('src/mpi/mpi.ts', 'The clock would have to show that moment to the last digit.', {
    'while (!this.#isDone(requests) && performance.now() < end) {':
      'while (!this.#isDone(requests) && performance.now() <= end) {',
    'while (performance.now() < end) {': 'while (performance.now() <= end) {',
    'if (waited < spinning) continue;': 'if (waited <= spinning) continue;',
    'if (waited > timeout) this.#giveUp(waited, others());':
      'if (waited >= timeout) this.#giveUp(waited, others());',
  }),
  {
    file: 'src/mpi/mpi.ts',
    before: 'if (numbers.byteLength <= maxBytes) return [message];',
    after: 'if (numbers.byteLength < maxBytes) return [message];',
    reason: 'One part is all of the message.',
  },
];
