// Tables to try the page with, made up from a seed: neither is of real things.

import * as tf from 'lanegrad';

const rows = 600;

/** Draws a row's numbers: each from 0 to 1. */
type Make = (draw: () => number) => (string | number)[];

interface Example {
  readonly columns: readonly string[];
  readonly make: Make;
}

const pick = <T>(choices: readonly T[], share: number): T => choices[Math.floor(share * choices.length)];

/** Districts and what they do to a price. */
const districts = [
  ['harbour', 1.25],
  ['hill', 1.45],
  ['station', 0.85],
  ['old town', 1.1],
] as const;

/** Species with their length, their width as a share of it, and their ribs. */
const shells = [
  ['fan', 38, 1, 22],
  ['spindle', 55, 0.42, 8],
  ['moon', 30, 0.86, 1],
] as const;

const examples: Readonly<Record<string, Example>> = {
  houses: {
    columns: ['area', 'rooms', 'age', 'garden', 'district', 'price'],
    make(draw) {
      const area = Math.round(45 + 160 * draw());
      const rooms = Math.max(1, Math.round(area / 28 + 2 * draw() - 1));
      const age = Math.round(90 * draw() ** 2);
      const garden = draw() < 0.4 ? 'yes' : 'no';
      const [district, place] = pick(districts, draw());
      const price = 1900 * area * place * (1 - age / 260) + (garden === 'yes' ? 38_000 : 0);
      return [area, rooms, age, garden, district, Math.round((price * (0.94 + 0.12 * draw())) / 100) * 100];
    },
  },
  shells: {
    columns: ['length', 'width', 'ribs', 'colour', 'found', 'species'],
    make(draw) {
      const [species, usualLength, shape, usualRibs] = pick(shells, draw());
      const length = usualLength + 44 * (draw() - 0.5);
      const width = length * (shape + 0.5 * (draw() - 0.5));
      const ribs = Math.max(0, Math.round(usualRibs + 20 * (draw() - 0.5)));
      const colour = pick(species === 'fan' ? ['red', 'white', 'brown'] : ['white', 'brown', 'grey'], draw());
      return [
        length.toFixed(1),
        width.toFixed(1),
        ribs,
        colour,
        pick(['sand', 'rock', 'reef'], draw()),
        species,
      ];
    },
  },
};

/** The table as a file. */
export function exampleFile(name: string): File {
  const { columns, make } = examples[name];
  const numbers = tf.randomUniform([rows * 10], 0, 1, 'float32', 11).dataSync();
  const lines = Array.from({ length: rows }, (_, i) => {
    let at = i * 10;
    return make(() => numbers[at++]).join(',');
  });
  return new File([[columns.join(','), ...lines].join('\n')], `${name}.csv`, { type: 'text/csv' });
}
