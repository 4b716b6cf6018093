// Markdown to HTML: the guides, and the words of comments.

import { Marked } from 'marked';

export const escaped = (text) =>
  text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]);

/** What a script is coloured by: the first that fits at each place. */
const tokens =
  /(?<comment>\/\/.*|\/\*[\s\S]*?\*\/|(?<=^|\s)#.*$)|(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|(?<keyword>\b(?:import|from|export|const|let|for|of|in|if|else|return|await|async|function|class|extends|new|static|override|readonly|while|type|interface|true|false|null|undefined|this|super)\b)|(?<number>\b\d[\d_.]*(?:e-?\d+)?\b)/gm;

/** A script with its words marked. */
export function highlighted(code) {
  let html = '';
  let at = 0;
  for (const match of code.matchAll(tokens)) {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    html += `${escaped(code.slice(at, match.index))}<span class="${kind}">${escaped(match[0])}</span>`;
    at = match.index + match[0].length;
  }
  return html + escaped(code.slice(at));
}

/** A heading's id, as GitHub makes it. */
export const slugOf = (text) =>
  text
    .toLowerCase()
    .replace(/<[^>]+>/g, '')
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/** @param {(href: string) => string | undefined} linked where a link goes; undefined for nowhere */
export function markdown(text, linked = (href) => href) {
  const slugs = new Map();
  const marked = new Marked({
    renderer: {
      html: ({ text }) => (/^<!--/.test(text) ? '' : escaped(text)),
      code: ({ text, lang }) =>
        `<pre tabindex="0"><code>${['js', 'ts', 'sh'].includes(lang) ? highlighted(text) : escaped(text)}</code></pre>\n`,
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const slug = slugOf(html);
        const times = slugs.get(slug) ?? 0;
        slugs.set(slug, times + 1);
        return `<h${depth} id="${times > 0 ? `${slug}-${times}` : slug}">${html}</h${depth}>\n`;
      },
      table(token) {
        const cell = ({ text, tokens }, tag) => {
          const name = text.trim() === '' ? 'td' : tag;
          return `<${name}>${this.parser.parseInline(tokens)}</${name}>`;
        };
        const row = (cells, tag) => `<tr>${cells.map((each) => cell(each, tag)).join('')}</tr>`;
        const isNamed = token.header.some(({ text }) => text.trim() !== '');
        const head = isNamed ? `<thead>${row(token.header, 'th')}</thead>` : '';
        const body = token.rows.map((cells) => row(cells, 'td')).join('');
        return `<div class="scroll" tabindex="0"><table class="prose-table">${head}<tbody>${body}</tbody></table></div>\n`;
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens);
        const to = linked(href);
        return to === undefined ? html : `<a href="${escaped(to)}">${html}</a>`;
      },
      image: ({ text }) => escaped(text),
    },
  });
  return marked.parse(text);
}

/** The words of a comment, without the paragraph around them where they are but one. */
export const inlined = (text) =>
  markdown(text)
    .trim()
    .replace(/^<p>((?:(?!<p>)[\s\S])*)<\/p>$/, '$1');
