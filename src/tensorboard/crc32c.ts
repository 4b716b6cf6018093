// The checksum of TFRecord: CRC-32C (RFC 3720, B.4), masked so that checksums of checksums differ.

import { cyclicChecksum } from '../bytes.ts';

export const crc32c = /* @__PURE__ */ cyclicChecksum(0x82f63b78);

export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
