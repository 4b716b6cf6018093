// The text that the page begins with: tales of a harbour, made up by a grammar from a seed. Who, what and where go
// through a tale, so that its end depends on its beginning.

import * as tf from 'lanegrad';

const people = [
  ['Ada', 'she', 'her'],
  ['Bruno', 'he', 'his'],
  ['Clara', 'she', 'her'],
  ['Emil', 'he', 'his'],
  ['Ines', 'she', 'her'],
  ['Jonas', 'he', 'his'],
  ['Maren', 'she', 'her'],
  ['Piet', 'he', 'his'],
] as const;
const trades = ['baker', 'fisher', 'joiner', 'pilot', 'sailmaker', 'smith', 'watchman', 'weaver'];
const colours = ['blue', 'brown', 'green', 'grey', 'red', 'white', 'yellow'];
const things = ['barrel', 'boat', 'clock', 'drum', 'kite', 'lamp', 'net', 'rope', 'sail'];
const places = ['bridge', 'harbour', 'island', 'lighthouse', 'market', 'mill', 'mole'];
const foods = ['apples', 'bread', 'cheese', 'herring', 'onions', 'soup'];
const times = ['evening', 'morning', 'night', 'Sunday', 'winter'];
const numbers = ['two', 'three', 'four', 'seven', 'nine', 'twelve'];

const tales = 260;
/** Choices that a tale is made by. */
const choices = 12;

/** Some 80,000 letters. */
export function harbourTales(): string {
  const drawn = tf.randomUniform([tales, choices], 0, 1, 'float32', 5).arraySync() as number[][];
  return drawn.map(tale).join('\n');
}

function tale(drawn: readonly number[]): string {
  let taken = 0;
  const share = () => drawn[taken++];
  const one = <T>(of: readonly T[]): T => of[Math.floor(share() * of.length)];
  const [name, she, her] = one(people);
  const [other, he] = one(people.filter(([each]) => each !== name));
  const [trade, second] = [one(trades), one(trades)];
  const [colour, thing, place, food] = [one(colours), one(things), one(places), one(foods)];
  const beginning = `${name} the ${trade} had a ${colour} ${thing}. One ${one(times)} ${she} took ${her} ${thing} to the ${place}, and there ${she} met ${other} the ${second}.`;
  const asked = `"Will you sell me the ${thing}?" said ${other}.`;
  if (share() < 0.5) {
    return `${beginning} ${asked} "No," said ${name}, "but you may have my ${food}." So they sat by the ${place} and ate the ${food}, and ${name} kept the ${colour} ${thing}.\n`;
  }
  const price = one(numbers);
  return `${beginning} ${asked} "Yes," said ${name}, "for ${price} coins." So ${he} went home with the ${colour} ${thing}, and ${name} bought ${food} with the ${price} coins.\n`;
}
