// Samples per second of the contestants as horizontal bars on a logarithmic scale: an SVG that reads on a light
// background and on a dark one.

const shown = '784-128-10, batch 128';
const [width, left, right, rowHeight, top] = [760, 210, 110, 26, 56];

export const escapeText = (text) =>
  String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

export function chart({ workloads, machine }) {
  const workload =
    workloads.find(({ title, results }) => title === shown && results) ??
    workloads.find(({ results }) => results);
  const bars = (workload?.results ?? [])
    .filter(({ seconds, failing }) => seconds && !failing)
    .map(({ name, seconds }) => ({ name, rate: workload.batch / seconds.median }))
    .sort((a, b) => b.rate - a.rate);
  const powers = bars.map(({ rate }) => Math.log10(rate));
  const [low, high] = bars.length
    ? [Math.floor(Math.min(...powers) - 0.01), Math.ceil(Math.max(...powers))]
    : [0, 1];
  const at = (power) => left + ((power - low) / (high - low)) * (width - left - right);
  const height = top + bars.length * rowHeight + 34;
  const grid = Array.from({ length: high - low + 1 }, (_, i) => gridLine(at(low + i), low + i, height));
  const rows = bars.map(({ name, rate }, i) => bar(name, rate, top + i * rowHeight, at(Math.log10(rate))));
  const title = `${workload?.title ?? 'nothing measured'}: samples per second (log scale)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img">
<title>${escapeText(title)}</title>
<style>text { fill: #24292f } .faint { fill: #6e7781 } line { stroke: #8c959f; stroke-opacity: .35 } .bar { fill: #8c959f } .ours { fill: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .faint { fill: #9198a1 } .ours { fill: #4493f8 } }</style>
<text x="12" y="22" font-size="15" font-weight="600">${escapeText(title)}</text>
<text class="faint" x="12" y="40" font-size="11">${escapeText(`${machine.cpu}, Node ${machine.node}`)}</text>
${[...grid, ...rows].join('\n')}
</svg>
`;
}

const gridLine = (x, power, height) =>
  `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top - 6}" y2="${height - 26}"/>` +
  `<text class="faint" x="${x.toFixed(1)}" y="${height - 10}" text-anchor="middle" font-size="11">${(10 ** power).toLocaleString('en')}</text>`;

function bar(name, rate, y, end) {
  const ours = name.startsWith('lanegrad') ? 'ours' : 'bar';
  const middle = y + rowHeight / 2 + 1;
  return (
    `<text x="${left - 8}" y="${middle}" text-anchor="end">${escapeText(name)}</text>` +
    `<rect class="${ours}" x="${left}" y="${y}" width="${Math.max(1, end - left).toFixed(1)}" height="${rowHeight - 8}" rx="2"/>` +
    `<text x="${(end + 6).toFixed(1)}" y="${middle}">${rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toPrecision(2)}</text>`
  );
}
