// The guides: the project's documents as pages.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { escaped, markdown, slugOf } from './markdown.mjs';

/** In the order in which somebody new reads them; what is not named comes after. */
const order = [
  'first-model',
  'errors',
  'tables',
  'images',
  'text',
  'saving',
  'threads-and-workers',
  'edge',
  'cluster',
  'from-tensorflow',
  'data-and-files',
  'preparing-data',
  'evaluation',
  'plots',
  'explaining-a-step',
  'custom-loops',
  'custom-layers',
  'textbook',
  'runtimes',
  'performance',
  'reliability',
  'architecture',
  'adding-an-op',
];

/** Made by a report, for those who change lanegrad. */
const leftOut = ['public-api'];

const rankOf = (name) => (order.includes(name) ? order.indexOf(name) : order.length);

/** @returns {{ name: string, title: string, about: string, text: string }[]} */
export function readGuides(root) {
  const folder = join(root, 'docs');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => basename(file, '.md'))
    .filter((name) => !leftOut.includes(name))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
    .map((name) => {
      const text = readFileSync(join(folder, `${name}.md`), 'utf8');
      const [, title] = /^# (.+)$/m.exec(text);
      const about = text.split('\n\n').find((part) => /^[A-Z`]/.test(part)) ?? '';
      return { name, title, about: firstSentence(about), text };
    });
}

const firstSentence = (text) =>
  (/^.*?[.:](?=\s|$)/s.exec(text)?.[0] ?? text)
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/`/g, '')
    .replace(/:$/, '.')
    .replace(/\s+/g, ' ');

/** Where a link of a guide goes on the site: to another guide; to what is not there, nowhere. */
const linkedFrom = (guides) => (href) => {
  if (/^https?:/.test(href)) return href;
  if (href.startsWith('#')) return href;
  const [, name, hash = ''] = /^(?:\.\/|\.\.\/docs\/)?([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  return guides.some((guide) => guide.name === name) ? `${name}.html${hash}` : undefined;
};

const list = (guides, current) =>
  guides
    .map(
      (guide) =>
        `<li><a href="${guide.name}.html"${guide === current ? ' aria-current="page"' : ''}>${escaped(guide.title)}</a></li>`,
    )
    .join('');

export function guidePages(guides) {
  const section = 'guides/index.html';
  const linked = linkedFrom(guides);
  const cards = guides
    .map(
      ({ name, title, about }) =>
        `<li class="panel"><h2><a href="${name}.html">${escaped(title)}</a></h2><p>${escaped(about)}</p></li>`,
    )
    .join('');
  return [
    {
      path: section,
      name: 'Guides',
      title: 'Guides: lanegrad',
      description: 'How to do things with lanegrad, and how it works.',
      html: `<section class="intro"><h1>Guides</h1><p>How to do things, and how they work. Their scripts run as they stand: tests run them. Press <kbd>/</kbd> to search.</p></section><ul class="cards">${cards}</ul>`,
    },
    ...guides.map((guide) => ({
      path: `guides/${guide.name}.html`,
      section,
      title: `${guide.title}: lanegrad`,
      description: escaped(guide.about),
      html: `<div class="reading"><nav class="aside" aria-label="Guides"><details open><summary>All guides</summary><ul>${list(guides, guide)}</ul></details></nav><div class="prose">${markdown(guide.text, linked)}</div></div>`,
    })),
  ];
}

/** What a search finds: the sections of the guides. */
export function guideTopics(guides) {
  return guides.flatMap(({ name, title, text }) =>
    text.split(/^(?=#{1,3} )/m).map((part) => {
      const heading = /^#+ (.+)$/m.exec(part)?.[1] ?? title;
      const plain = heading.replace(/`/g, '');
      return {
        title: plain,
        where: plain === title ? 'guide' : `guide: ${title}`,
        url: `guides/${name}.html${plain === title ? '' : `#${slugOf(heading)}`}`,
        text: part
          .replace(/^#.*$/m, '')
          .replace(/[`*|#[\]]/g, ' ')
          .replace(/\s+/g, ' ')
          .slice(0, 4000),
      };
    }),
  );
}
