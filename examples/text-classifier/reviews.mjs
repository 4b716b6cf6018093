// Made-up restaurant reviews: three opinions each, not always of one mind, among words that say nothing. A review
// is good if most of its opinions are.

const good = ['delicious', 'wonderful', 'friendly', 'fresh', 'perfect', 'charming', 'generous', 'tasty'];
const bad = ['awful', 'cold', 'rude', 'stale', 'dirty', 'bland', 'slow', 'salty'];
const subjects = ['the soup', 'the service', 'the fish', 'our table', 'the waiter', 'the bread', 'the room'];
const openings = ['last week', 'on our first visit', 'as always', 'to be honest', 'this time', ''];
const closings = [
  'we will tell our friends',
  'parking is near',
  'it was a rainy day',
  'and we paid in cash',
  '',
];

/** A seeded source of whole numbers below n (xorshift32). */
function dice(seed) {
  let state = seed;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

/** `count` reviews, half of them good. */
export function reviews(count, seed) {
  const roll = dice(seed);
  const pick = (list) => list[roll(list.length)];
  return Array.from({ length: count }, (_, i) => {
    const isGood = i % 2 === 0;
    // At most one opinion of three goes against the others.
    const dissenter = roll(6);
    const opinions = [0, 1, 2].map(
      (k) => `${pick(subjects)} was ${pick(isGood === (k !== dissenter) ? good : bad)}`,
    );
    const text = [pick(openings), opinions.join(' and '), pick(closings)].filter(Boolean).join(' ');
    return { text, label: Number(isGood) };
  });
}
