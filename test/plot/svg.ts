// Pictures as tests read them: elements of SVG, with what they say.

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect } from 'vitest';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The elements of a picture, in order; text belongs to the element that it stands in. */
export function elementsOf(svg: string): Element[] {
  expect(XMLValidator.validate(svg)).toBe(true);
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' });
  const found: Element[] = [];
  type Node = Record<string, unknown> & { ':@'?: Record<string, string> };
  const visit = (nodes: readonly Node[]): void => {
    for (const { ':@': attributes = {}, ...node } of nodes) {
      for (const [name, content] of Object.entries(node)) {
        if (name === '#text') continue;
        const children = content as Node[];
        const text = children.flatMap((child) => ('#text' in child ? [String(child['#text'])] : [])).join('');
        found.push({ name, attributes, text });
        visit(children);
      }
    }
  };
  visit(parser.parse(svg) as Node[]);
  return found;
}

export const named = (svg: string, name: string) => elementsOf(svg).filter((each) => each.name === name);
export const textsOf = (svg: string) => named(svg, 'text').map(({ text }) => text);
export const hintsOf = (svg: string) => named(svg, 'title').map(({ text }) => text);
