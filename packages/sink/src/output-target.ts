import type { Output } from "@decant/core";
import type { Frame } from "./file-format.ts";
import { joinParts } from "./join-parts.ts";
import type { Target } from "./target.ts";

/** Writes to what takes bytes and never gives them back: a pipe, a terminal, a device. */
export function createOutputTarget(
  output: Pick<Output, "write">,
  options: { readonly tail: Frame["tail"]; readonly close?: () => Promise<void> },
): Target {
  let bytes = 0;
  let finished = false;
  let closed = false;

  async function write(parts: readonly Uint8Array[]): Promise<void> {
    for (const piece of joinParts(parts)) {
      await output.write(piece);
      bytes += piece.byteLength;
    }
  }

  return {
    start: 0,
    write,
    commit: async () => ({ bytes }),
    async finish() {
      if (finished) return;
      await write([options.tail(bytes === 0)]);
      finished = true;
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await options.close?.();
    },
  };
}
