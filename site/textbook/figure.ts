// A picture that moves: its buttons, and the turns that it takes while it plays.

import { find, make } from '../parts/page.ts';
import { Palette } from '../parts/palette.ts';

export interface Figure {
  /** Frames from one step to the next while it plays. */
  readonly pace: number;
  /** Begins anew, as the choices of its form say. */
  reset(choices: FormData): void;
  /** Takes one step. */
  step(): void;
  /** Whether no step is left. */
  readonly isDone: boolean;
  draw(palette: Palette): void;
  /** What there is to see now, in words. */
  readonly words: string;
}

/**
 * Shows a figure in the form with its name: the form's buttons play it, take one step, and begin anew; any other choice
 * begins anew too. A figure that is out of sight waits.
 */
export function show(name: string, figure: Figure): void {
  const form = find<HTMLFormElement>(name);
  const player = new Player(form, figure);
  form.querySelector('.player')!.prepend(...player.buttons);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => player.reset());
  new IntersectionObserver(([{ isIntersecting }]) => {
    player.isSeen = isIntersecting;
  }).observe(form);
  document.documentElement.addEventListener('themechange', () => player.draw());
  player.reset();
}

class Player {
  isSeen = true;
  readonly buttons: readonly HTMLButtonElement[];
  readonly #form: HTMLFormElement;
  readonly #figure: Figure;
  readonly #play = button('Play', 'button main small play');
  readonly #said = make('p', { className: 'hidden', role: 'status' });
  readonly #words: HTMLElement;
  #isPlaying = false;
  #waited = 0;

  constructor(form: HTMLFormElement, figure: Figure) {
    this.#form = form;
    this.#figure = figure;
    this.#words = form.querySelector('.told')!;
    const step = button('Step', 'button small step');
    const again = button('Start over', 'button small again');
    this.#play.addEventListener('click', () => this.#setPlaying(!this.#isPlaying));
    step.addEventListener('click', () => {
      this.#setPlaying(false);
      this.#advance();
      this.#say();
    });
    again.addEventListener('click', () => {
      this.reset();
      this.#say();
    });
    this.buttons = [this.#play, step, again];
    form.append(this.#said);
  }

  reset(): void {
    this.#setPlaying(false);
    this.#figure.reset(new FormData(this.#form));
    this.draw();
  }

  draw(): void {
    this.#figure.draw(new Palette());
    this.#words.textContent = this.#figure.words;
  }

  #setPlaying(isPlaying: boolean): void {
    if (isPlaying && this.#figure.isDone) this.#figure.reset(new FormData(this.#form));
    if (this.#isPlaying && !isPlaying) this.#say();
    this.#isPlaying = isPlaying;
    this.#play.textContent = isPlaying ? 'Pause' : 'Play';
    this.#waited = 0;
    if (isPlaying) requestAnimationFrame(this.#turn);
  }

  readonly #turn = (): void => {
    if (!this.#isPlaying) return;
    requestAnimationFrame(this.#turn);
    if (!this.isSeen || this.#waited++ % this.#figure.pace !== 0) return;
    this.#advance();
    if (this.#figure.isDone) this.#setPlaying(false);
  };

  #advance(): void {
    if (this.#figure.isDone) return;
    this.#figure.step();
    this.draw();
  }

  /** Readers of screens are told when the picture stands still. */
  #say(): void {
    this.#said.textContent = this.#figure.words;
  }
}

const button = (textContent: string, className: string): HTMLButtonElement =>
  make('button', { type: 'button', className, textContent });
