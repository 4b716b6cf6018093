// All faults of a source at once, each behind a switch: tests of one process then meet one after the other, and nothing
// is transformed again between them.

import { withMutant } from './mutants.mjs';

/**
 * @param {string} source a file's text
 * @param {import('./mutants.mjs').Mutant[]} mutants its faults
 * @param {number} first the number of the first of them; that of a fault is told to its switch
 * @returns {string} the source, which must import `isOn`
 */
export function withSwitches(source, mutants, first) {
  const places = mutants.map((mutant, i) => ({
    ...placeOf(mutant, source),
    mutant,
    number: first + i,
    inner: [],
  }));
  // What holds others comes before them.
  places.sort((a, b) => a.start - b.start || b.end - a.end || a.number - b.number);
  const file = { start: 0, end: source.length, inner: [] };
  const around = [file];
  for (const place of places) {
    while (place.end > around.at(-1).end) around.pop();
    around.at(-1).inner.push(place);
    around.push(place);
  }
  return textWithin(file, source);
}

/** What its switch stands in place of: for a name the dot too, as only an index can be chosen. */
function placeOf({ whole, form }, source) {
  if (form !== 'name') return whole;
  const dot = source.lastIndexOf('.', whole.start);
  return { start: source[dot - 1] === '?' ? dot + 1 : dot, end: whole.end };
}

function textWithin({ start, end, inner }, source) {
  let text = '';
  let at = start;
  for (const place of inner) {
    text += source.slice(at, place.start) + switched(place, source);
    at = place.end;
  }
  return text + source.slice(at, end);
}

function switched(place, source) {
  const { mutant, number } = place;
  const isOn = `isOn(${number})`;
  const { whole, form, text } = mutant;
  if (form === 'name') return `[${isOn} ? '${text}' : '${source.slice(whole.start, whole.end)}']`;
  if (form === 'statement') return `{ if (!${isOn}) ${textWithin(place, source)} }`;
  const faulty = withMutant(source, mutant).slice(
    whole.start,
    whole.end + text.length - (mutant.end - mutant.start),
  );
  return `(${isOn} ? (${faulty}) : (${textWithin(place, source)}))`;
}
