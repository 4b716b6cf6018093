// Reads event files with protobuf.js, by field numbers of TensorFlow's event.proto and summary.proto, and checks the
// records' checksums bit by bit.

import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { expect } from 'vitest';

const schema = protobuf.parse(`
  syntax = "proto2";
  message Event {
    optional double wall_time = 1;
    optional int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary { repeated Value value = 1; }
  message Value {
    optional string tag = 1;
    oneof value { float simple_value = 2; Image image = 4; Histogram histo = 5; }
    optional Metadata metadata = 9;
  }
  message Metadata { optional string summary_description = 3; }
  message Image { optional int32 height = 1; optional int32 width = 2; optional int32 colorspace = 3; optional bytes encoded_image_string = 4; }
  message Histogram {
    optional double min = 1; optional double max = 2; optional double num = 3; optional double sum = 4; optional double sum_squares = 5;
    repeated double bucket_limit = 6;
    repeated double bucket = 7;
  }
`).root;

/** CRC-32C by polynomial division, masked as TFRecord has it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly bucketLimit: readonly number[];
  readonly bucket: readonly number[];
}

interface EventValue {
  readonly step: number;
  readonly tag: string;
  readonly simpleValue?: number;
  readonly histo?: Histogram;
  readonly image?: { height: number; width: number; colorspace: number; encodedImageString: Uint8Array };
  readonly metadata?: { summaryDescription: string };
}

/** The values of a file's events, in order. */
export function eventsOf(path: string): EventValue[] {
  const file = readFileSync(path);
  const type = schema.lookupType('Event');
  const events: EventValue[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(checksum(file.subarray(at, at + 8)));
    const content = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(checksum(content));
    const event = type.toObject(type.decode(content), { longs: Number, arrays: true });
    expect(event.wallTime).toBeGreaterThan(1.7e9);
    if (at === 0) expect(event.fileVersion).toBe('brain.Event:2');
    for (const value of event.summary?.value ?? []) events.push({ step: event.step, ...value });
    at += 16 + length;
  }
  return events;
}
