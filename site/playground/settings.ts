// What can be set in the playground, its defaults, and its form in the page's address.

const dataSets = {
  circle: { problem: 'classification', name: 'Circle' },
  xor: { problem: 'classification', name: 'XOR' },
  gauss: { problem: 'classification', name: 'Two clouds' },
  spiral: { problem: 'classification', name: 'Spiral' },
  plane: { problem: 'regression', name: 'Plane' },
  hills: { problem: 'regression', name: 'Hills' },
} as const;

export type DataSet = keyof typeof dataSets;

/** Coordinates are from −6 to 6; what is of the second order is scaled to that range. */
export const features = {
  x1: { label: 'x₁', of: (x: number, _y: number) => x },
  x2: { label: 'x₂', of: (_x: number, y: number) => y },
  x1x1: { label: 'x₁²', of: (x: number, _y: number) => (x * x) / 6 },
  x2x2: { label: 'x₂²', of: (_x: number, y: number) => (y * y) / 6 },
  x1x2: { label: 'x₁x₂', of: (x: number, y: number) => (x * y) / 6 },
  sinx1: { label: 'sin x₁', of: (x: number, _y: number) => Math.sin(x) },
  sinx2: { label: 'sin x₂', of: (_x: number, y: number) => Math.sin(y) },
} as const;

export type Feature = keyof typeof features;

export interface Settings {
  readonly data: DataSet;
  readonly samples: number;
  /** Share of the largest noise, in per cent. */
  readonly noise: number;
  /** Share of the samples to train with, in per cent. */
  readonly trainShare: number;
  readonly features: readonly Feature[];
  /** Units of each hidden layer. */
  readonly layers: readonly number[];
  readonly activation: string;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly regularization: 'none' | 'l1' | 'l2';
  readonly regularizationRate: number;
  readonly seed: number;
}

export const defaults: Settings = {
  data: 'spiral',
  samples: 500,
  noise: 5,
  trainShare: 60,
  features: ['x1', 'x2'],
  layers: [8, 8],
  activation: 'gelu',
  optimizer: 'adam',
  learningRate: 0.03,
  batchSize: 32,
  regularization: 'none',
  regularizationRate: 0.001,
  seed: 9,
};

export const limits = { layers: 6, units: 8 } as const;

/** What may change while a network trains: everything else begins anew. */
export const isTuning = (name: string): boolean => name === 'learningRate' || name === 'batchSize';

export const problemOf = ({ data }: Settings) => dataSets[data].problem;

/** The settings that differ from the defaults, as they stand behind the # of an address. */
export function toAddress(settings: Settings): string {
  const changed = Object.entries(settings).filter(
    ([name, value]) => String(value) !== String(defaults[name as keyof Settings]),
  );
  return new URLSearchParams(changed.map(([name, value]) => [name, String(value)])).toString();
}

/** Reads an address that somebody may have written by hand: what is not known stays as it is by default. */
export function fromAddress(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const number = (name: keyof Settings, least: number, most: number) => {
    const value = Number(given.get(name) ?? defaults[name]);
    return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : (defaults[name] as number);
  };
  const list = (name: string) => given.get(name)?.split(',').filter(Boolean);
  const layers = (list('layers') ?? defaults.layers).map(Number).filter((units) => units >= 1);
  const chosen = list('features')?.filter((name): name is Feature => name in features) ?? [];
  const data = given.get('data') ?? defaults.data;
  const regularization = given.get('regularization') ?? '';
  return {
    data: data in dataSets ? (data as DataSet) : defaults.data,
    samples: Math.round(number('samples', 50, 1000)),
    noise: number('noise', 0, 50),
    trainShare: number('trainShare', 10, 90),
    features: chosen.length > 0 ? chosen : defaults.features,
    layers: layers.slice(0, limits.layers).map((units) => Math.min(limits.units, Math.floor(units))),
    activation: given.get('activation') ?? defaults.activation,
    optimizer: given.get('optimizer') ?? defaults.optimizer,
    learningRate: number('learningRate', 0.00001, 10),
    batchSize: Math.round(number('batchSize', 1, 512)),
    regularization: regularization === 'l1' || regularization === 'l2' ? regularization : 'none',
    regularizationRate: number('regularizationRate', 0, 10),
    seed: Math.round(number('seed', 0, 2 ** 31)),
  };
}
