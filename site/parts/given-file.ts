// A file that somebody gives a page: chosen in its #file, or dropped on its #drop.

import { find } from './page.ts';

/** Has `open` called with each file. */
export function onGivenFile(open: (file: File) => void): void {
  find('file').addEventListener('change', ({ target }) => {
    const [file] = (target as HTMLInputElement).files ?? [];
    if (file) open(file);
  });
  const drop = find('drop');
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop'] as const) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragenter' || type === 'dragover');
      const [file] = event.dataTransfer?.files ?? [];
      if (type === 'drop' && file) open(file);
    });
  }
}
