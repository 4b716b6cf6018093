// Where a letter of a text looked: the letters before it, the darker the more.

import { find, make, percent } from '../parts/page.ts';
import type { Looks } from './messages.ts';

/** Letters that are named in words. */
const named = 3;

const shownAs = (letter: string) => (letter === '\n' ? '↵' : letter);
const spoken = (letter: string) => ({ ' ': 'a space', '\n': 'a new line' })[letter] ?? `“${letter}”`;

/** A text whose letters are pointed at, or walked through by a slider, and a list of heads. */
export class LooksView {
  readonly #text = find('looks-text');
  readonly #slider = find<HTMLInputElement>('looks-at');
  readonly #head = find<HTMLSelectElement>('looks-head');
  readonly #words = find('looks-words');
  #looks: Looks | undefined;
  #letters: HTMLElement[] = [];

  constructor() {
    this.#slider.addEventListener('input', () => this.#draw());
    this.#head.addEventListener('change', () => this.#draw());
    for (const type of ['pointerover', 'click']) {
      this.#text.addEventListener(type, ({ target }) => {
        const at = this.#letters.indexOf(target as HTMLElement);
        if (at < 0) return;
        this.#slider.value = String(at);
        this.#draw();
      });
    }
  }

  show(looks: Looks): void {
    this.#looks = looks;
    const heads = looks.blocks.flatMap((_, block) =>
      Array.from({ length: looks.heads }, (__, head) => [block, head] as const),
    );
    if (heads.length !== this.#head.length) {
      const names = heads.map(([block, head]) => `Layer ${block + 1}, head ${head + 1}`);
      this.#head.replaceChildren(...names.map((name, i) => make('option', { value: String(i) }, name)));
    }
    this.#letters = looks.text.map((letter) => make('span', {}, shownAs(letter)));
    this.#text.replaceChildren(...this.#letters);
    this.#slider.max = String(looks.text.length - 1);
    this.#slider.value = String(looks.text.length - 1);
    this.#draw();
  }

  #draw(): void {
    if (!this.#looks) return;
    const { text, steps, heads, blocks } = this.#looks;
    const at = Number(this.#slider.value);
    const chosen = Number(this.#head.value);
    const row = ((chosen % heads) * steps + at) * steps;
    const shares = [...blocks[Math.floor(chosen / heads)].subarray(row, row + at + 1)];
    for (const [i, letter] of this.#letters.entries()) {
      letter.style.setProperty('--share', (shares[i] ?? 0).toFixed(3));
      letter.className = i === at ? 'asks' : i > at ? 'later' : '';
    }
    const most = [...shares.entries()].sort(([, a], [, b]) => b - a).slice(0, named);
    const where = (i: number) => (i === at ? 'itself' : `${spoken(text[i])} ${at - i} before`);
    const words = most.map(([i, share]) => `${percent(share)} at ${where(i)}`).join(', ');
    this.#words.textContent = `To say what follows ${spoken(text[at])}, this head looked: ${words}.`;
    this.#slider.setAttribute('aria-valuetext', `${spoken(text[at])}: ${words}`);
  }
}
