// Functions of one number that networks are bent by.

import * as ops from '../graph/ops/activations.ts';
import * as elementwise from '../graph/ops/elementwise.ts';
import { broadcasting } from './arguments.ts';
import { liftAlike } from './lift.ts';

const x = ['x'];
const float = ['x:float32'];

export const elu = liftAlike('elu', float, ops.elu);
export const leakyRelu = liftAlike('leakyRelu', ['x', 'alpha?:number'], ops.leakyRelu);
export const logSigmoid = liftAlike('logSigmoid', x, ops.logSigmoid);
export const prelu = liftAlike('prelu', ['x', 'alpha'], broadcasting('prelu', ops.prelu));
export const relu = liftAlike('relu', x, elementwise.relu);
export const relu6 = liftAlike('relu6', x, ops.relu6);
export const selu = liftAlike('selu', x, ops.selu);
export const sigmoid = liftAlike('sigmoid', float, elementwise.sigmoid);
export const softplus = liftAlike('softplus', x, elementwise.softplus);
export const step = liftAlike('step', ['x', 'alpha?:number'], ops.stepWith);
export const tanh = liftAlike('tanh', float, elementwise.tanh);
