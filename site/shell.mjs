// What every page has around its content: head, navigation, foot.

/** Nothing is loaded from, or sent to, any other host: the browser sees to it. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const mark = `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M4 9h9M4 16h15M4 23h21"/><circle cx="18" cy="9" r="3"/><circle cx="24" cy="16" r="3"/><circle cx="28" cy="23" r="2.2"/></svg>`;

const sun = `<svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="3.6"/><path d="M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4"/></svg>`;

const glass = `<svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5.5"/><path d="M12.7 12.7 18 18"/></svg>`;

/** The way from a page to the site's root. */
const rootOf = (path) => '../'.repeat(path.split('/').length - 1) || './';

const linkTo = (page, current, root) =>
  `<a href="${root}${page.path.replace(/index\.html$/, '')}"${page === current ? ' aria-current="page"' : ''}>${page.name}</a>`;

/**
 * @param {{ path: string, title: string, description: string, body: string, scripts?: string[] }} page
 * @param {{ path: string, name?: string }[]} pages all of the site; those with a name are in the navigation
 */
export function shell(page, pages) {
  const root = rootOf(page.path);
  const current = pages.find(({ path }) => path === page.section || path === page.path);
  const script = page.scripts?.[0]?.replace(/\.ts$/, '.js');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="${policy}">
<title>${page.title}</title>
<meta name="description" content="${page.description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${root}icon.svg" type="image/svg+xml">
<script src="${root}assets/parts/theme.js"></script>
<script type="module" src="${root}assets/parts/search.js"></script>
<link rel="stylesheet" href="${root}assets/styles/site.css">
${script ? `<script type="module" src="${root}assets/${script}"></script>` : ''}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="brand" href="${root}">${mark}<span>lanegrad</span></a>
<nav aria-label="Pages">${pages
    .filter(({ name }) => name)
    .map((each) => linkTo(each, current, root))
    .join('')}</nav>
<button id="search-open" class="search-open" type="button" aria-keyshortcuts="/">${glass}<span>Search</span></button>
<button class="theme" type="button" aria-pressed="false" aria-label="Dark colours">${sun}</button>
</header>
<main id="content" tabindex="-1">
${page.body}
</main>
<dialog id="search" class="search" aria-label="Search" data-root="${root}">
<form method="dialog"><input id="search-field" type="search" role="combobox" aria-expanded="true" aria-controls="search-found" aria-autocomplete="list" aria-label="Search names, options and guides" placeholder="patience, conv2d, out of memory …" autocomplete="off" spellcheck="false"><button class="button small" type="submit">Close</button></form>
<ul id="search-found" role="listbox" aria-label="Found"></ul>
<p id="search-said" class="note" role="status"></p>
</dialog>
<footer class="foot">
<p><strong>Everything here runs on your machine.</strong> Data, drawings and files stay in this tab: the page may not talk to any other host, and your browser enforces it.</p>
<p>lanegrad trains neural networks in JavaScript at native speed. MIT licensed.</p>
</footer>
</body>
</html>
`;
}
