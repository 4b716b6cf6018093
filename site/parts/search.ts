// The search of every page: names, options and sections of guides, found in the page without a server.

import MiniSearch from 'minisearch';
import { find, make } from './page.ts';

interface Topic {
  readonly title: string;
  /** What it is part of. */
  readonly where: string;
  readonly url: string;
  readonly text: string;
}

type Found = Topic & { readonly id: number };

const mostFound = 12;
/** Where a stroke is a letter. */
const fields = 'input:not([type=radio], [type=checkbox], [type=range]), textarea';
const dialog = find<HTMLDialogElement>('search');
const field = find<HTMLInputElement>('search-field');
const list = find('search-found');
const root = dialog.dataset.root!;

/** `reduceLROnPlateau` is found by `plateau` too. */
const partsOf = (word: string): string[] =>
  [word, ...word.split(/(?<=[a-z\d])(?=[A-Z])|[._]/)].map((part) => part.toLowerCase());

let index: Promise<MiniSearch<Found>> | undefined;
let chosen = 0;

async function makeIndex(): Promise<MiniSearch<Found>> {
  const answer = await fetch(`${root}assets/topics.json`);
  const topics = (await answer.json()) as Topic[];
  const made = new MiniSearch<Found>({
    fields: ['title', 'where', 'text'],
    storeFields: ['title', 'where', 'url', 'text'],
    processTerm: partsOf,
    searchOptions: {
      boost: { title: 6, where: 2 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: 'AND',
      processTerm: (term) => term.toLowerCase(),
    },
  });
  made.addAll(topics.map((topic, id) => ({ ...topic, id })));
  return made;
}

function open(): void {
  index ??= makeIndex();
  if (!dialog.open) dialog.showModal();
  field.select();
}

async function search(): Promise<void> {
  const { value } = field;
  const topics = await index!;
  const ofAllWords = topics.search(value);
  // Where no topic has all words, those with some are better than none.
  const best = ofAllWords.length > 0 ? ofAllWords : topics.search(value, { combineWith: 'OR' });
  const searched = best.slice(0, mostFound) as unknown as Found[];
  // Somebody typed on meanwhile.
  if (value !== field.value) return;
  list.replaceChildren(...searched.map(itemOf));
  list.dataset.of = value;
  choose(0);
  const none = value.trim() === '' ? '' : 'Nothing is called so, and no guide speaks of it.';
  find('search-said').textContent = searched.length > 0 ? `${searched.length} found` : none;
}

function itemOf({ title, where, url, text }: Found, i: number): HTMLElement {
  const link = make(
    'a',
    { href: root + url, tabIndex: -1 },
    make('strong', {}, title),
    make('span', { className: 'where' }, where),
    make('span', { className: 'text' }, text.slice(0, 140)),
  );
  link.addEventListener('click', () => dialog.close());
  const item = make('li', { id: `found-${i}` }, link);
  item.setAttribute('role', 'option');
  return item;
}

function choose(next: number): void {
  const items = [...list.children];
  chosen = Math.max(0, Math.min(items.length - 1, next));
  for (const [i, item] of items.entries()) item.setAttribute('aria-selected', String(i === chosen));
  if (items[chosen]) field.setAttribute('aria-activedescendant', items[chosen].id);
  else field.removeAttribute('aria-activedescendant');
  items[chosen]?.scrollIntoView({ block: 'nearest' });
}

find('search-open').addEventListener('click', open);
field.addEventListener('input', search);
field.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') choose(chosen + 1);
  else if (event.key === 'ArrowUp') choose(chosen - 1);
  // A search field would be emptied first.
  else if (event.key === 'Escape') dialog.close();
  else if (event.key === 'Enter') list.children[chosen]?.querySelector('a')?.click();
  else return;
  event.preventDefault();
});
document.addEventListener('keydown', (event) => {
  const target = event.target as HTMLElement;
  // The field keeps the focus for a moment after its dialog is closed.
  const isWriting = dialog.open || (!dialog.contains(target) && target.matches(fields));
  if (event.key !== '/' || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  open();
});
