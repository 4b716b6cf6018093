// How the reference is divided into pages.

/** Titles of the pages that are not called as their namespace; in the order in which they are listed. */
const titles = {
  models: 'Models',
  layers: 'Layers',
  train: 'Optimizers',
  schedules: 'Learning-rate schedules',
  losses: 'Losses',
  metrics: 'Metrics',
  callbacks: 'Callbacks',
  initializers: 'Initializers',
  regularizers: 'Regularizers',
  constraints: 'Constraints',
  tensors: 'Tensors',
  gradients: 'Variables and gradients',
  data: 'Data',
  io: 'Saving and loading',
  plot: 'Pictures',
  worker: 'Training in a worker',
  mpi: 'Training on a cluster',
  browser: 'Pixels of a page',
  engine: 'Setting up',
  training: 'Types of training',
  tensorflow: 'For scripts of TensorFlow.js',
};

const ofFunctions = 'functions-';

/** Pages by the file that a name is declared in, the first that fits. */
const byFile = [
  [/^src\/functions\/(chained|conversions)/, 'tensors'],
  [/^src\/functions\/([\w-]+)\.ts/, (name) => ofFunctions + name],
  [/^src\/tensor\/(gradients|variable|scopes)/, 'gradients'],
  [/^src\/(tensor|graph)\//, 'tensors'],
  [/^src\/models\//, 'models'],
  [/^src\/layers\//, 'layers'],
  [/^src\/optimizers\/schedules/, 'schedules'],
  [/^src\/optimizers\//, 'train'],
  [/^src\/evaluation\//, 'metrics'],
  [/^src\/training\/callbacks\//, 'callbacks'],
  [/^src\/training\//, 'training'],
  [
    /^src\/(losses|metrics|initializers|regularizers|constraints|data|io|plot|worker|tensorflow)\//,
    (name) => name,
  ],
  [/./, 'engine'],
];

const namespaces = new Set(Object.keys(titles));

/** The page of an entry: its namespace's, or the one of the file that it is declared in. */
export function groupOf({ path, module, file }) {
  if (module !== 'lanegrad') return module.split('/')[1];
  const [, namespace, name] = path.split('.');
  if (name && namespaces.has(namespace)) return namespace;
  if (name && ['env', 'util', 'node', 'serialization', 'backend'].includes(namespace)) return 'tensorflow';
  if (name) return ofFunctions + namespace;
  for (const [pattern, group] of byFile) {
    const found = pattern.exec(file);
    if (found) return typeof group === 'function' ? group(found[1]) : group;
  }
  throw new Error(`internal: ${path} has no page.`);
}

/** @returns {{ id: string, title: string, entries: object[] }[]} in the order of the reference's contents */
export function grouped(entries) {
  const groups = new Map(Object.keys(titles).map((id) => [id, []]));
  for (const entry of entries) {
    const id = groupOf(entry);
    groups.set(id, [...(groups.get(id) ?? []), entry]);
  }
  return [...groups]
    .filter(([, held]) => held.length > 0)
    .map(([id, held]) => ({ id, title: titles[id] ?? titleOf(id), entries: held.sort(byKindAndName) }));
}

const titleOf = (id) => `Functions: ${id.slice(ofFunctions.length).replace(/-/g, ' ')}`;

/** What can be called comes before types. */
const rank = ({ kind }) => ['function', 'class', 'constant', 'interface', 'type'].indexOf(kind);
const byKindAndName = (a, b) => rank(a) - rank(b) || (a.path.toLowerCase() < b.path.toLowerCase() ? -1 : 1);
