// Made by scripts/words.mjs of the kernels: opcodes, and the places of words in commands and in records of tables.
// What they mean is said where the kernels declare them.

export enum Opcode {
  map,
  packB,
  gemm,
  reduce,
  copy,
  fill,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  argExtreme,
  update,
  convolution,
  convolutionInputGradient,
  convolutionFilterGradient,
  windowFold,
  windowFoldGradient,
  windowWeightGradient,
  gather,
  scatter,
  sample,
  scan,
  topK,
  guard,
  winogradFilters,
  winograd,
  winogradGradient,
  winogradFilterGradient,
  moments,
  pairSums,
}

export enum MapWord {
  opcode,
  total,
  operands,
  operandCount,
  instructions,
  instructionCount,
  registerCount,
}

export enum PackWord {
  opcode,
  b,
  bRow,
  bColumn,
  packed,
  k,
  n,
  panelRows,
  sums,
}

export enum GemmWord {
  opcode,
  a,
  aRow,
  aColumn,
  b,
  bRow,
  c,
  cRow,
  m,
  n,
  k,
  block,
  epilogue,
  batches,
  steps,
  blocks,
}

export enum ReduceWord {
  opcode,
  outer,
  length,
  inner,
  group,
  row,
  step,
  table,
  reduction,
  x,
  y,
  epilogue,
}

export enum CopyWord {
  opcode,
  source,
  target,
  axes,
  axisCount,
  rows,
  size,
  sourceStep,
  targetStep,
}

export enum FillWord {
  opcode,
  target,
  words,
  value,
}

export enum SoftmaxWord {
  opcode,
  form,
  x,
  y,
  rows,
  columns,
}

export enum CrossEntropyWord {
  opcode,
  logits,
  targets,
  loss,
  dLogits,
  rows,
  columns,
}

export enum ArgExtremeWord {
  opcode,
  order,
  isLeast,
  x,
  y,
  outer,
  length,
  inner,
  group,
  row,
}

export enum UpdateWord {
  opcode,
  rule,
  w,
  g,
  slot0,
  slot1,
  slot2,
  vectors,
  numbers,
}

export enum ConvolutionWord {
  opcode,
  window,
  x,
  w,
  wGroup,
  y,
  groups,
  depth,
  n,
  epilogue,
  parts,
  spare,
}

export enum WindowFoldWord {
  opcode,
  fold,
  window,
  x,
  y,
  w,
  dx,
  dy,
  epilogue,
  parts,
  spare,
}

export enum GatherWord {
  opcode,
  indices,
  table,
  values,
  count,
  rows,
  width,
  tables,
  sharers,
  order,
  missing,
}

export enum SampleWord {
  opcode,
  images,
  seen,
  sizes,
  numbers,
  rows,
  columns,
  rowShares,
  columnShares,
  isGrid,
  fillMode,
  fill,
}

export enum ScanWord {
  opcode,
  scan,
  x,
  y,
  outer,
  length,
  inner,
  exclusive,
  reverse,
}

export enum TopKWord {
  opcode,
  order,
  x,
  y,
  rows,
  columns,
  k,
}

export enum GuardWord {
  opcode,
  x,
}

export enum WinogradFiltersWord {
  opcode,
  w,
  tapStep,
  channelStep,
  outputStep,
  u,
  depth,
  n,
}

export enum WinogradWord {
  opcode,
  window,
  x,
  u,
  y,
  depth,
  n,
  epilogue,
  parts,
  spare,
}

export enum WinogradFilterGradientWord {
  opcode,
  u,
  w,
  size,
}

export enum MomentsWord {
  opcode,
  outer,
  length,
  inner,
  group,
  row,
  step,
  table,
  x,
  variance,
  mean,
}

export enum PairSumsWord {
  opcode,
  outer,
  length,
  inner,
  group,
  row,
  step,
  table,
  a,
  b,
  center,
  products,
  sums,
}

/** The words of each command after its opcode. */
export interface WordsOf {
  readonly [Opcode.map]: Exclude<MapWord, MapWord.opcode>;
  readonly [Opcode.packB]: Exclude<PackWord, PackWord.opcode>;
  readonly [Opcode.gemm]: Exclude<GemmWord, GemmWord.opcode>;
  readonly [Opcode.reduce]: Exclude<ReduceWord, ReduceWord.opcode>;
  readonly [Opcode.copy]: Exclude<CopyWord, CopyWord.opcode>;
  readonly [Opcode.fill]: Exclude<FillWord, FillWord.opcode>;
  readonly [Opcode.softmax]: Exclude<SoftmaxWord, SoftmaxWord.opcode>;
  readonly [Opcode.softmaxCrossEntropy]: Exclude<CrossEntropyWord, CrossEntropyWord.opcode>;
  readonly [Opcode.softmaxCrossEntropyGradient]: Exclude<CrossEntropyWord, CrossEntropyWord.opcode>;
  readonly [Opcode.argExtreme]: Exclude<ArgExtremeWord, ArgExtremeWord.opcode>;
  readonly [Opcode.update]: Exclude<UpdateWord, UpdateWord.opcode>;
  readonly [Opcode.convolution]: Exclude<ConvolutionWord, ConvolutionWord.opcode>;
  readonly [Opcode.convolutionInputGradient]: Exclude<ConvolutionWord, ConvolutionWord.opcode>;
  readonly [Opcode.convolutionFilterGradient]: Exclude<ConvolutionWord, ConvolutionWord.opcode>;
  readonly [Opcode.windowFold]: Exclude<WindowFoldWord, WindowFoldWord.opcode>;
  readonly [Opcode.windowFoldGradient]: Exclude<WindowFoldWord, WindowFoldWord.opcode>;
  readonly [Opcode.windowWeightGradient]: Exclude<WindowFoldWord, WindowFoldWord.opcode>;
  readonly [Opcode.gather]: Exclude<GatherWord, GatherWord.opcode>;
  readonly [Opcode.scatter]: Exclude<GatherWord, GatherWord.opcode>;
  readonly [Opcode.sample]: Exclude<SampleWord, SampleWord.opcode>;
  readonly [Opcode.scan]: Exclude<ScanWord, ScanWord.opcode>;
  readonly [Opcode.topK]: Exclude<TopKWord, TopKWord.opcode>;
  readonly [Opcode.guard]: Exclude<GuardWord, GuardWord.opcode>;
  readonly [Opcode.winogradFilters]: Exclude<WinogradFiltersWord, WinogradFiltersWord.opcode>;
  readonly [Opcode.winograd]: Exclude<WinogradWord, WinogradWord.opcode>;
  readonly [Opcode.winogradGradient]: Exclude<WinogradWord, WinogradWord.opcode>;
  readonly [Opcode.winogradFilterGradient]: Exclude<WinogradFilterGradientWord, WinogradFilterGradientWord.opcode>;
  readonly [Opcode.moments]: Exclude<MomentsWord, MomentsWord.opcode>;
  readonly [Opcode.pairSums]: Exclude<PairSumsWord, PairSumsWord.opcode>;
}

export enum CopyAxisWord {
  size,
  sourceStep,
  targetStep,
}

export enum MatrixStepsWord {
  count,
  aOuter,
  aInner,
  bOuter,
  bInner,
  cOuter,
  cInner,
}

export enum ColumnsTargetWord {
  address,
  count,
  pitch,
}

export enum MapOperandWord {
  access,
  address,
  elementBytes,
  repeat,
  period,
  pitch,
  register,
}

export enum MapInstructionWord {
  lane,
  y,
  a,
  b,
  c,
}

export enum RandomStateWord {
  key0,
  key1,
  step,
  part,
}

export enum RandomStreamWord {
  stream,
  hasKey,
  key,
}

export enum SampleSizesWord {
  batch,
  height,
  width,
  channels,
  seenBatch,
  seenHeight,
  seenWidth,
}

export enum ShareWord {
  thread,
  joined,
  index,
  count,
  untold,
}

export enum WindowWord {
  batch,
  height,
  width,
  channels,
  outHeight,
  outWidth,
  kernelHeight,
  kernelWidth,
  strideY,
  strideX,
  top,
  left,
  dilationY,
  dilationX,
}
