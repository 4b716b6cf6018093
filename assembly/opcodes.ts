// The numbers that the compiler (TypeScript) and the kernels (AssemblyScript) agree on.
// Plain enums: both languages compile this file.

/** Size and layout of a program in linear memory. */
export enum Layout {
  /** Bytes of one command: sixteen 32-bit words. The first is its opcode in the lower half. */
  commandBytes = 64,
  /** Bytes from a command's beginning to the half of its first word that says how many threads share it; 0 for one. */
  threadsAt = 2,
  /** Bytes of one operand of a map: see `MapOperand` in map.ts. */
  operandBytes = 32,
  /** Bytes of one instruction of a map: see `MapInstruction` in map.ts. */
  instructionBytes = 32,
  /** Elements a map works on at a time: a few such chunks stay in L1. Also the grain of its split. */
  mapChunk = 512,
  /** Operands and scratch registers that one map may have together. */
  mapLocations = 48,
  /** Bytes of a thread's own memory: its share, then scratch. */
  threadBytes = 311488,
  /** Bytes kept for the share; a map's locations and registers (a chunk each, with slack) follow. */
  shareBytes = 64,
  /** Bytes of scratch memory for a slab of A or of patches; what products make beside C follows. */
  slabBytes = 307200,
  /** Threads there may be. */
  maxThreads = 64,
  /** Bytes of what the threads know of each other: see team.ts. */
  teamBytes = 4352,
  /** Columns of a panel of packed B. */
  panelColumns = 8,
  /**
   * The most steps of k that a product takes at once: a panel of B (12.5 KB) and a tile's rows of A (9.4 KB) stay in
   * L1, a slab of A (75 KB) in a thread's scratch memory.
   */
  productDepth = 400,
  /** Rows that are summed in single precision; of more rows, such sums are summed in double precision. */
  rowsOfSum = 256,
  /** Bytes at the end of memory that are never handed out: kernels may read past an array's end. */
  slackBytes = 64,
}

/** What a run on several threads comes to. */
export enum RunEnd {
  allDone,
  /** A thread ended in the middle of its share. */
  oneFailed,
  /** A share that another thread has claimed was not done within a minute. */
  tooLate,
}

/** What becomes of the blocks of k that a product is taken in. */
export enum Blocks {
  /** C is their sum. */
  summed,
  /** They are added to what C holds. */
  added,
  /** C has a matrix for each. */
  apart,
}

/** An element-wise instruction of a map: those of vectors of floats are in lanes.ts. */
export enum Lane {
  copy,
  fromUint8,
  fromInt32,
  abs,
  neg,
  sign,
  step,
  square,
  sqrt,
  reciprocal,
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
  softplus,
  erf,
  floor,
  relu,
  add,
  sub,
  mul,
  div,
  max,
  min,
  pow,
  greater,
  greaterEqual,
  equal,
  select,
  randomUniform,
  intoColumns,
  /** a·b + c. */
  multiplyAdd,
  /** c − a·b. */
  multiplySubtract,
  /** a, or 0 where |a| < b. */
  cut,
  notEqual,
  ceil,
  trunc,
  /** Half to even. */
  round,
  sin,
  cos,
  tan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
  /** Of the normal distribution. */
  normalQuantile,
  // Two of the above in one, each rounded by itself.
  /** a·b + c */
  mulThenAdd,
  /** (a − b)·c */
  subThenMul,
  /** max(a + b, 0) */
  addThenRelu,
  /** (a > 0)·b */
  stepThenMul,

  // Of vectors of integers: integer-lanes.ts. Comparisons give floats.
  toInt32,
  absInt32,
  addInt32,
  subInt32,
  mulInt32,
  maxInt32,
  minInt32,
  greaterInt32,
  greaterEqualInt32,
  equalInt32,
  notEqualInt32,
  and,

  // One element at a time: scalar-lanes.ts.
  asin,
  acos,
  atan,
  atan2,
  mod,
  floorDivInt32,
  modInt32,
  powInt32,
}

/** How a map reads an operand. */
export enum Access {
  /** One element after the other. */
  linear,
  /**
   * Element `(i / repeat) % period`: every broadcast along one run of axes; of one number, the repeat is the whole size and
   * the period 1. With a pitch, each period is read that much further on, as columns of longer rows are.
   */
  broadcast,
  /** The address itself, for instructions that read a record. */
  pointer,
}

/** What a reduction does. */
export enum Reduction {
  sum,
  mean,
  max,
  min,
  prod,
  sumInt32,
  maxInt32,
  minInt32,
  prodInt32,
}

/** What a command that sums long columns does of it: see column-sums.ts. */
export enum ChunkStep {
  all,
  take,
  join,
}

/** What a scan accumulates. */
export enum Scan {
  sum,
  prod,
  sumInt32,
  prodInt32,
}

/** How elements are compared. */
export enum Order {
  float32,
  int32,
}

/** What becomes of values that are scattered to one row. */
export enum Scatter {
  sum,
  sumInt32,
  /** The last one stays. */
  replace,
}

/** What an output makes of the pixels that its window sees. */
export enum WindowFold {
  max,
  mean,
  /** Their sum, each times its tap's weight. */
  weighted,
}

/** What a softmax command writes. */
export enum SoftmaxForm {
  probabilities,
  logarithms,
}

/** The optimizers' rules. */
export enum Rule {
  sgd,
  momentum,
  nesterov,
  adagrad,
  rmsprop,
  rmspropCentered,
  adadelta,
  adam,
  amsgrad,
  adamax,
}

/** What is read outside of an image. */
export enum FillMode {
  reflect,
  wrap,
  constant,
  nearest,
}
