// The pages of the site, in the order of its navigation.

export const pages = [
  {
    path: 'index.html',
    name: 'Playground',
    title: 'lanegrad: watch a network learn',
    description:
      'A neural network that trains in this tab: every weight, activation and gradient of it, while it learns.',
    body: 'playground/page.html',
    scripts: ['playground/main.ts', 'playground/worker.ts'],
  },
  {
    path: 'digits/index.html',
    name: 'Digits',
    title: 'Teach a network to read digits: lanegrad',
    description:
      'A network learns handwritten digits in this tab, shows what it learned, and reads what you draw.',
    body: 'mnist/page.html',
    scripts: ['mnist/main.ts'],
  },
  {
    path: 'text/index.html',
    name: 'Text',
    title: 'Teach a small GPT to write: lanegrad',
    description:
      'A small GPT learns a text of yours in this tab, writes on from a prompt, and shows where its heads looked.',
    body: 'text/page.html',
    scripts: ['text/main.ts', 'text/worker.ts'],
  },
  {
    path: 'textbook/index.html',
    name: 'Textbook',
    title: 'The textbook, moving: lanegrad',
    description:
      'Backpropagation by hand, a line that is fitted, XOR, optimizers on a landscape, gradients that vanish: trained while you look.',
    body: 'textbook/page.html',
    scripts: ['textbook/main.ts'],
  },
  {
    path: 'csv/index.html',
    name: 'Your CSV',
    title: 'Train on your own table: lanegrad',
    description:
      'Drop a CSV file, train a network on it in this tab, and download the model. Nothing is uploaded.',
    body: 'csv/page.html',
    scripts: ['csv/main.ts'],
  },
];
