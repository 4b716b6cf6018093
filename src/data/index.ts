// `tf.data`: datasets of elements that are made when they are asked for.

export type { StreamLike } from '../bytes.ts';
export {
  array,
  type DatasetContainer,
  func,
  generator,
  microphone,
  webcam,
  type Zipped,
  zip,
} from './creators.ts';
export {
  type ColumnConfig,
  type CSVConfig,
  CSVDataset,
  type CSVRow,
  csv,
  type LabelledRow,
} from './csv.ts';
export { Dataset } from './dataset.ts';
export type { Batched } from './elements.ts';
export { LazyIterator } from './lazy-iterator.ts';
export {
  type BlobLike,
  type ByteSource,
  DataSource,
  FileDataSource,
  type RequestLike,
  URLDataSource,
} from './sources.ts';
export { TextLineDataset } from './text-lines.ts';
