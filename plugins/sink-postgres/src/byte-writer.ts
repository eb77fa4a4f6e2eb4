import { Buffer } from "node:buffer";

/** Bytes that grow, in the order of the network. What has a length has it in front. */
export interface ByteWriter {
  int16(value: number): void;
  int64(value: bigint): void;
  float64(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  /** The length that stands for NULL. */
  nothing(): void;
  taken(): Uint8Array;
}

/**
 * Makes a writer of the fields of a tuple.
 *
 * @param size How many bytes are expected.
 */
export function createByteWriter(size: number): ByteWriter {
  let buffer = Buffer.allocUnsafe(Math.max(size, 1024));
  let at = 0;

  function reserve(length: number): void {
    if (at + length <= buffer.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.max(at + length, 2 * buffer.byteLength));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  function begin(length: number): void {
    reserve(length + 4);
    at = buffer.writeInt32BE(length, at);
  }

  return {
    int16(value) {
      reserve(2);
      at = buffer.writeInt16BE(value, at);
    },
    int64(value) {
      begin(8);
      at = buffer.writeBigInt64BE(value, at);
    },
    float64(value) {
      begin(8);
      at = buffer.writeDoubleBE(value, at);
    },
    text(value) {
      const length = Buffer.byteLength(value);
      begin(length);
      at += buffer.write(value, at, length, "utf8");
    },
    bytes(value) {
      begin(value.byteLength);
      buffer.set(value, at);
      at += value.byteLength;
    },
    nothing() {
      reserve(4);
      at = buffer.writeInt32BE(-1, at);
    },
    taken: () => buffer.subarray(0, at),
  };
}
