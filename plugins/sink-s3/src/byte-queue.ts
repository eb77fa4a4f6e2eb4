import { concatBytes } from "@decant/core";

/** Bytes that wait, in the order in which they came. */
export interface ByteQueue {
  readonly size: number;
  push(bytes: Uint8Array): void;
  /** Takes so many bytes from its front; there must be as many. */
  take(count: number): Uint8Array;
  /** All that waits, which stays. */
  peek(): Uint8Array;
}

export function createByteQueue(first: Uint8Array): ByteQueue {
  let waiting = first.byteLength > 0 ? [first] : [];
  let size = first.byteLength;

  function join(): Uint8Array {
    const whole = concatBytes(waiting);
    waiting = whole.byteLength > 0 ? [whole] : [];
    return whole;
  }

  return {
    get size() {
      return size;
    },
    push(bytes) {
      if (bytes.byteLength === 0) return;
      waiting.push(bytes);
      size += bytes.byteLength;
    },
    take(count) {
      const whole = join();
      const rest = whole.subarray(count);
      waiting = rest.byteLength > 0 ? [rest] : [];
      size -= count;
      return whole.subarray(0, count);
    },
    peek: join,
  };
}
