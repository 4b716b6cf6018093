// Run before files of tests that share what is loaded: all that faults are planted in is there before any is turned on.

import.meta.glob(
  '../../src/{compiler,constraints,evaluation,functions,graph,initializers,layers,losses,metrics,models,mpi,optimizers,options,random,regularizers,state,tensor,training}/**/*.ts',
  { eager: true },
);
