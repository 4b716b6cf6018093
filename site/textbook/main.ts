// The page of the textbook's cases: five pictures that move, each trained in this page.

import { ByHand } from './by-hand.ts';
import { show } from './figure.ts';
import { LineFit } from './line-fit.ts';
import { Optimizers } from './optimizers.ts';
import { Vanishing } from './vanishing.ts';
import { Xor } from './xor.ts';

show('by-hand', new ByHand());
show('line', new LineFit());
show('xor', new Xor());
show('optimizers', new Optimizers());
show('vanishing', new Vanishing());
