// Functions of one number that networks are bent by.

import * as ops from '../graph/ops/activations.ts';
import * as elementwise from '../graph/ops/elementwise.ts';
import { lift } from './lift.ts';

const x = ['x'];
const float = ['x:float32'];

export const elu = lift('elu', float, ops.elu);
export const leakyRelu = lift('leakyRelu', ['x', 'alpha?:number'], ops.leakyRelu);
export const logSigmoid = lift('logSigmoid', x, ops.logSigmoid);
export const prelu = lift('prelu', ['x', 'alpha'], ops.prelu);
export const relu = lift('relu', x, elementwise.relu);
export const relu6 = lift('relu6', x, ops.relu6);
export const selu = lift('selu', x, ops.selu);
export const sigmoid = lift('sigmoid', float, elementwise.sigmoid);
export const softplus = lift('softplus', x, elementwise.softplus);
export const step = lift('step', ['x', 'alpha?:number'], ops.stepWith);
export const tanh = lift('tanh', float, elementwise.tanh);
