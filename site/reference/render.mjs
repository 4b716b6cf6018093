// The pages of the reference, from what the sources tell of each exported name.

import { textOf } from './examples.mjs';
import { grouped } from './groups.mjs';
import { escaped, highlighted, inlined, markdown } from './markdown.mjs';

const anchorOf = ({ path }) => path.replace(/^tf\./, '');
const pageOf = ({ id }) => `reference/${id}.html`;

const code = (text) => `<code>${escaped(text)}</code>`;

const optionRow = ({ name, type, isNeeded, fallback, words }, owner) =>
  `<tr id="${anchorOf(owner)}.${name}"><th scope="row">${code(name)}${isNeeded ? ' <span class="needed">required</span>' : ''}</th><td>${inlined(words)}<p class="type">${code(type)}${/^[\d'[{tf-]/.test(fallback) ? ` default ${code(fallback)}` : ''}</p></td></tr>`;

const options = (entry) =>
  entry.options.length === 0
    ? ''
    : `<table class="options" aria-label="Options of ${escaped(entry.path)}"><tbody>${entry.options.map((option) => optionRow(option, entry)).join('')}</tbody></table>`;

const memberRow = ({ name, words, signature, throws }) =>
  `<li>${code(name + signature)}${words ? ` ${inlined(words)}` : ''}${throws.map(throwing).join('')}</li>`;

const members = (entry) =>
  entry.members.length === 0
    ? ''
    : `<details class="members"><summary>${entry.members.length} members</summary><ul>${entry.members.map(memberRow).join('')}</ul></details>`;

const throwing = (text) => `<p class="throws"><strong>Throws</strong> ${inlined(text)}</p>`;

/** How a name is written where it is used. */
function usage({ path, name, kind, signatures }) {
  if (kind === 'class') return `class ${name}`;
  if (kind === 'interface') return `interface ${name}`;
  if (kind === 'type') return `type ${name} = ${signatures[0]}`;
  if (kind === 'constant') return `${path}: ${signatures[0]}`;
  return signatures.map((signature) => path + signature).join('\n');
}

const exampleHtml = (example) =>
  `<pre class="example" tabindex="0"><code>${highlighted(textOf(example))}</code></pre>`;

function entryHtml(entry) {
  const { path, kind, words, parameters, returns, throws } = entry;
  const named = parameters
    .map(({ name, words }) => `<dt>${code(name)}</dt><dd>${inlined(words)}</dd>`)
    .join('');
  return `<article class="entry" id="${anchorOf(entry)}">
<h2><a href="#${anchorOf(entry)}">${escaped(path)}</a> <span class="kind">${kind}</span></h2>
<pre class="usage" tabindex="0"><code>${highlighted(usage(entry))}</code></pre>
${markdown(words)}${named ? `<dl class="parameters">${named}</dl>` : ''}${returns ? `<p><strong>Returns</strong> ${inlined(returns)}</p>` : ''}${options(entry)}${members(entry)}${throws.map(throwing).join('')}${(entry.examples ?? []).map(exampleHtml).join('')}
</article>`;
}

/** How the names of a page are imported. */
function importOf([{ module, path }, ...others]) {
  const [namespace, name] = path.split('.');
  if (name) return `import * as ${namespace} from '${module}';`;
  const names = [
    path,
    ...others.filter(({ kind }) => kind === 'class' || kind === 'function').map(({ path }) => path),
  ];
  return `import { ${names.join(', ')} } from '${module}';`;
}

function groupPage(group, groups) {
  const { title, entries } = group;
  const list = entries
    .map((entry) => `<li><a href="#${anchorOf(entry)}">${escaped(entry.path.replace(/^tf\./, ''))}</a></li>`)
    .join('');
  return `<div class="reading">
<nav class="aside" aria-label="Reference">${contents(groups, group)}</nav>
<div class="prose">
<h1>${escaped(title)}</h1>
<pre class="usage" tabindex="0"><code>${highlighted(importOf(entries))}</code></pre>
<ul class="names">${list}</ul>
${entries.map(entryHtml).join('\n')}
</div>
</div>`;
}

const contents = (groups, current) =>
  `<details open><summary>All pages</summary><ul>${groups
    .map(
      (group) =>
        `<li><a href="${group.id}.html"${group === current ? ' aria-current="page"' : ''}>${escaped(group.title)}</a></li>`,
    )
    .join('')}</ul></details>`;

function indexPage(groups, count) {
  const sections = groups.map(
    (group) =>
      `<section class="panel"><h2><a href="${group.id}.html">${escaped(group.title)}</a></h2><ul class="names">${group.entries
        .map(
          (entry) =>
            `<li><a href="${group.id}.html#${anchorOf(entry)}">${escaped(entry.path.replace(/^tf\./, ''))}</a></li>`,
        )
        .join('')}</ul></section>`,
  );
  return `<section class="intro"><h1>Reference</h1><p>Every name that can be imported, ${count} of them, with its words, options and errors: made from the sources. Press <kbd>/</kbd> to search.</p></section>
<div class="index">${sections.join('\n')}</div>`;
}

/** @param entries of `readApi` */
export function referencePages(entries) {
  const groups = grouped(entries);
  const section = 'reference/index.html';
  return [
    {
      path: section,
      name: 'Reference',
      title: 'Reference: lanegrad',
      description: 'Every exported name of lanegrad with its words, options and errors.',
      html: indexPage(groups, entries.length),
    },
    ...groups.map((group) => ({
      path: pageOf(group),
      section,
      title: `${group.title}: lanegrad`,
      description: `Reference of lanegrad: ${group.title}.`,
      html: groupPage(group, groups),
    })),
  ];
}

/** What a search finds: names, and their options. */
export function referenceTopics(entries) {
  return grouped(entries).flatMap((group) =>
    group.entries.flatMap((entry) => [
      {
        title: entry.path,
        where: group.title,
        url: `${pageOf(group)}#${anchorOf(entry)}`,
        text: [entry.words, ...entry.throws].join(' '),
      },
      ...entry.options.map(({ name, words }) => ({
        title: name,
        where: `option of ${entry.path}`,
        url: `${pageOf(group)}#${anchorOf(entry)}.${name}`,
        text: words,
      })),
      ...entry.members
        .filter(({ words }) => words)
        .map(({ name, words }) => ({
          title: `${entry.name}.${name}`,
          where: group.title,
          url: `${pageOf(group)}#${anchorOf(entry)}`,
          text: words,
        })),
    ]),
  );
}
