// Light or dark: as the system says, until the visitor says otherwise. Runs before the page is painted.

const key = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;

/** Storage may be forbidden. */
function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Then it is for this page alone.
  }
}

function apply(theme: string): void {
  root.dataset.theme = theme;
  document.querySelector('.theme')?.setAttribute('aria-pressed', String(theme === 'dark'));
  root.dispatchEvent(new Event('themechange'));
}

const chosen = () => remembered() ?? (system.matches ? 'dark' : 'light');

apply(chosen());
system.addEventListener('change', () => apply(chosen()));
document.addEventListener('DOMContentLoaded', () => {
  apply(chosen());
  document.querySelector('.theme')!.addEventListener('click', () => {
    const theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    remember(theme);
    apply(theme);
  });
});
