// A rectangle with axes, into which plots draw.

import { scaleLinear, scaleLog } from 'd3-scale';
import { element, label as text } from './svg.ts';

/** From a value to where it stands, in pixels. */
export type Scale = (value: number) => number;

export interface Axis {
  readonly label?: string;
  /** The least and the largest value. */
  readonly domain: readonly [number, number];
  /** 'linear' by default. */
  readonly scale?: 'linear' | 'log';
  /** Whether to widen the domain to round numbers; false by default. */
  readonly nice?: boolean;
}

export interface Chart {
  readonly x: Scale;
  readonly y: Scale;
  /** Of the rectangle inside the axes. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Grid, axes and their words. */
  readonly frame: string;
}

const margin = { left: 52, right: 14, top: 24, bottom: 40 };
const pixelsPerTick = { x: 70, y: 40 };
const faint = { stroke: 'currentColor', 'stroke-opacity': 0.15 };

/** A domain of one value gets some room around it. */
function widened([from, to]: readonly [number, number]): [number, number] {
  if (from < to) return [from, to];
  const room = Math.abs(from) / 2 || 1;
  return [from - room, from + room];
}

function scaleOf(axis: Axis, range: [number, number]) {
  const scale = (axis.scale === 'log' ? scaleLog() : scaleLinear()).domain(widened(axis.domain)).range(range);
  return axis.nice ? scale.nice() : scale;
}

/** What is drawn at each tick of a scale that has a name. @param most how many ticks there is room for */
function gridOf(
  scale: ReturnType<typeof scaleOf>,
  most: number,
  drawn: (at: number, name: string) => string[],
): string[] {
  const count = Math.max(2, Math.floor(most));
  const nameOf = scale.tickFormat(count);
  return scale.ticks(count).flatMap((tick) => {
    const name = nameOf(tick);
    return name === '' ? [] : drawn(scale(tick), name);
  });
}

/**
 * Axes in a rectangle whose upper left corner is the origin.
 * @param heading stands above it
 */
export function chart(width: number, height: number, xAxis: Axis, yAxis: Axis, heading?: string): Chart {
  const [left, top] = [margin.left, margin.top];
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const x = scaleOf(xAxis, [left, right]);
  const y = scaleOf(yAxis, [bottom, top]);
  const parts = [
    ...gridOf(x, (right - left) / pixelsPerTick.x, (at, name) => [
      element('line', { x1: at, x2: at, y1: top, y2: bottom, ...faint }),
      text(name, at, bottom + 15, { 'text-anchor': 'middle' }),
    ]),
    ...gridOf(y, (bottom - top) / pixelsPerTick.y, (at, name) => [
      element('line', { x1: left, x2: right, y1: at, y2: at, ...faint }),
      text(name, left - 6, at + 4, { 'text-anchor': 'end' }),
    ]),
    element('path', { d: `M${left} ${top}V${bottom}H${right}`, fill: 'none', stroke: 'currentColor' }),
  ];
  if (xAxis.label) {
    parts.push(text(xAxis.label, (left + right) / 2, height - 8, { 'text-anchor': 'middle' }));
  }
  if (yAxis.label) {
    const at = (top + bottom) / 2;
    parts.push(text(yAxis.label, 12, at, { 'text-anchor': 'middle', transform: `rotate(-90 12 ${at})` }));
  }
  if (heading) parts.push(text(heading, left, top - 9, { 'font-weight': 600 }));
  return { x, y, left, top, right, bottom, frame: element('g', {}, ...parts) };
}

export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly dash?: string;
}

const lineLength = 18;
const letterWidth = 6;

/** Names of lines, above the upper right corner of a chart. */
export function legend({ right, top }: Chart, entries: readonly LegendEntry[]): string {
  const y = top - 12;
  const parts: string[] = [];
  let x = right;
  for (const { name, color, dash } of entries.toReversed()) {
    parts.push(text(name, x, y + 4, { 'text-anchor': 'end' }));
    x -= name.length * letterWidth + 4;
    const line = { x1: x - lineLength, x2: x, y1: y, y2: y, stroke: color, 'stroke-width': 2 };
    parts.push(element('line', { ...line, 'stroke-dasharray': dash }));
    x -= lineLength + 12;
  }
  return element('g', {}, ...parts);
}

/** The least and the largest of the finite values; 0 and 1 where there are none. */
export function extent(values: Iterable<number>): [number, number] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  return least <= largest ? [least, largest] : [0, 1];
}
