// A line of blocks: a curve for a terminal.

const blocks = '▁▂▃▄▅▆▇█';

/**
 * Values as blocks, the least and the largest as the lowest and the highest; a blank where a value is not finite.
 * @param width at most so many characters; more values than that are averaged in groups. Default: 40
 */
export function sparkline(values: ArrayLike<number>, width = 40): string {
  const groups = Math.min(width, values.length);
  const means = Array.from({ length: groups }, (_, i) => {
    const start = Math.floor((i * values.length) / groups);
    const end = Math.floor(((i + 1) * values.length) / groups);
    let sum = 0;
    for (let j = start; j < end; j++) sum += values[j];
    return sum / (end - start);
  });
  const finite = means.filter(Number.isFinite);
  const least = Math.min(...finite);
  const range = Math.max(...finite) - least;
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return ' ';
      const level = range > 0 ? Math.round(((mean - least) / range) * (blocks.length - 1)) : 0;
      return blocks[level];
    })
    .join('');
}
