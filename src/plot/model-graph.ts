// The layers of a model, and what flows between them.

import { Graph, layout } from '@dagrejs/dagre';
import { element, hint, label, type PlotOptions, picture } from './svg.ts';

export interface ModelGraphOptions extends Omit<PlotOptions, 'width' | 'height'> {
  /** Whether it runs from the top or from the left. Default: 'down' */
  readonly direction?: 'down' | 'right';
}

interface TensorOfModel {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** What a picture needs to know of a model. */
export interface ModelLike {
  readonly name: string;
  readonly wiring: {
    readonly inputs: readonly TensorOfModel[];
    readonly outputs: readonly TensorOfModel[];
    readonly applications: readonly {
      readonly outboundLayer: { readonly name: string; readonly className: string; countParams(): number };
      readonly inputTensors: readonly TensorOfModel[];
      readonly outputTensors: readonly TensorOfModel[];
    }[];
  };
}

interface Box {
  readonly title: string;
  readonly detail: string;
  readonly said: string;
}

const margin = 12;
const letterWidth = 6.4;
const boxHeight = 40;
const words = ({ shape }: TensorOfModel) => shape.map((length) => length ?? '?').join(' × ');

/** Boxes, and from which box to which tensors flow. */
function boxesOf({ wiring }: ModelLike): { boxes: Box[]; flows: [number, number, TensorOfModel][] } {
  const boxes: Box[] = [];
  const flows: [number, number, TensorOfModel][] = [];
  const madeBy = new Map<TensorOfModel, number>();
  for (const tensor of wiring.inputs) {
    madeBy.set(tensor, boxes.length);
    boxes.push({ title: tensor.name, detail: words(tensor), said: `input ${words(tensor)}` });
  }
  for (const { outboundLayer: layer, inputTensors, outputTensors } of wiring.applications) {
    const made = outputTensors.map(words).join(', ');
    for (const input of inputTensors) flows.push([madeBy.get(input)!, boxes.length, input]);
    for (const output of outputTensors) madeBy.set(output, boxes.length);
    const said = `${layer.name} (${layer.className}): ${made}, ${layer.countParams()} parameters`;
    boxes.push({ title: layer.name, detail: `${layer.className} · ${made}`, said });
  }
  return { boxes, flows };
}

/** A smooth line through points. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  let path = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [at, next] = [points[i], points[i + 1]];
    path += `Q${at.x} ${at.y} ${(at.x + next.x) / 2} ${(at.y + next.y) / 2}`;
  }
  const last = points[points.length - 1];
  return `${path}L${last.x} ${last.y}`;
}

const arrowhead = element(
  'marker',
  { id: 'flow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
  element('path', { d: 'M0 0L8 4L0 8z' }),
);

/** A box for each layer, with its class and the shape of what it makes; branches and joins as they are. */
export function modelGraph(model: ModelLike, options: ModelGraphOptions = {}): string {
  const { boxes, flows } = boxesOf(model);
  const graph = new Graph({ multigraph: true });
  const rankdir = options.direction === 'right' ? 'LR' : 'TB';
  graph.setGraph({ rankdir, nodesep: 24, ranksep: 28, marginx: margin, marginy: margin });
  for (const [i, { title, detail }] of boxes.entries()) {
    const width = 20 + letterWidth * Math.max(title.length, detail.length);
    graph.setNode(String(i), { width, height: boxHeight });
  }
  for (const [i, [from, to]] of flows.entries()) graph.setEdge(String(from), String(to), {}, String(i));
  layout(graph);

  const lines = flows.map(([from, to, tensor], i) => {
    const { points } = graph.edge(String(from), String(to), String(i));
    const stroke = { fill: 'none', stroke: 'currentColor', 'stroke-opacity': 0.6 };
    return element('path', { d: curve(points!), ...stroke, 'marker-end': 'url(#flow)' }, hint(words(tensor)));
  });
  const drawn = boxes.map(({ title, detail, said }, i) => {
    const { x, y, width, height } = graph.node(String(i));
    const place = { x: x - width / 2, y: y - height / 2, width, height, rx: 6 };
    const middle = { 'text-anchor': 'middle' };
    return element(
      'g',
      {},
      hint(said),
      element('rect', { ...place, fill: '#0072b2', 'fill-opacity': 0.12, stroke: '#0072b2' }),
      label(title, x, y - 3, { ...middle, 'font-weight': 600 }),
      label(detail, x, y + 12, middle),
    );
  });
  const { width = 0, height = 0 } = graph.graph();
  const said = `Layers of ${model.name}`;
  return picture(width, height, options, said, element('defs', {}, arrowhead), ...lines, ...drawn);
}
