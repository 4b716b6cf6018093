// What an event file is made of: the messages `Event` and `Summary` of TensorFlow, each in a record of TFRecord.

import { joined } from '../bytes.ts';
import { maskedCrc32c } from './crc32c.ts';
import { bytes, double, doubles, type Field, float, integer, message, text } from './protocol-buffer.ts';

/** Numbers of fields, as TensorFlow's event.proto and summary.proto have them. */
const field = {
  event: { wallTime: 1, step: 2, fileVersion: 3, summary: 5 },
  summary: { value: 1 },
  value: { tag: 1, simpleValue: 2, image: 4, histogram: 5, metadata: 9 },
  metadata: { description: 3 },
  image: { height: 1, width: 2, colorspace: 3, encoded: 4 },
  histogram: { min: 1, max: 2, count: 3, sum: 4, sumOfSquares: 5, limits: 6, buckets: 7 },
};

/** Red, green and blue. */
const rgbColors = 3;

/** A record of TFRecord: its length, the content, and a checksum of each. */
export function record(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length, true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(content, 12);
  view.setUint32(12 + content.length, maskedCrc32c(content), true);
  return bytes;
}

/** The event that a file begins with. @param seconds since 1970 */
export const versionEvent = (seconds: number): Uint8Array =>
  joined([double(field.event.wallTime, seconds), text(field.event.fileVersion, 'brain.Event:2')]);

/** @param seconds since 1970 */
export function summaryEvent(
  seconds: number,
  step: number,
  tag: string,
  content: Field,
  description?: string,
): Uint8Array {
  const value = [text(field.value.tag, tag), content];
  if (description !== undefined)
    value.push(message(field.value.metadata, text(field.metadata.description, description)));
  return joined([
    double(field.event.wallTime, seconds),
    integer(field.event.step, step),
    message(field.event.summary, message(field.summary.value, ...value)),
  ]);
}

export const scalarField = (value: number): Field => float(field.value.simpleValue, value);

/** @param file a PNG */
export const imageField = (width: number, height: number, file: Uint8Array): Field =>
  message(
    field.value.image,
    integer(field.image.height, height),
    integer(field.image.width, width),
    integer(field.image.colorspace, rgbColors),
    bytes(field.image.encoded, file),
  );

/**
 * Counts of values in intervals of equal width from the least to the largest; where all are equal, in one interval.
 * Values that are not finite are left out.
 */
export function histogramField(values: ArrayLike<number>, intervals: number): Field {
  let [count, sum, sumOfSquares] = [0, 0, 0];
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
    sumOfSquares += value * value;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  if (count === 0) [least, largest] = [0, 0];
  const parts = least < largest ? intervals : 1;
  const width = (largest - least) / parts;
  const limits = Float64Array.from({ length: parts }, (_, i) =>
    i === parts - 1 ? largest : least + (i + 1) * width,
  );
  const buckets = new Float64Array(parts);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const place = width > 0 ? Math.floor((values[i] - least) / width) : 0;
    buckets[Math.min(place, parts - 1)]++;
  }
  const { histogram } = field;
  return message(
    field.value.histogram,
    double(histogram.min, least),
    double(histogram.max, largest),
    double(histogram.count, count),
    double(histogram.sum, sum),
    double(histogram.sumOfSquares, sumOfSquares),
    doubles(histogram.limits, limits),
    doubles(histogram.buckets, buckets),
  );
}
