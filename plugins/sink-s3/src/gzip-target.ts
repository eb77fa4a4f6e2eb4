import { createGzip, type Gzip } from "node:zlib";
import type { ObjectTarget } from "./object-target.ts";

/** How much is handed on in one piece, in bytes. */
const chunkSize = 1 << 18;

/**
 * Compresses on the way to an object: one gzip member a commit (RFC 1952, section 2.2), as a member
 * that was cut off could not be gone on with.
 */
export function createGzipTarget(target: ObjectTarget): ObjectTarget {
  let member: Member | undefined;
  return {
    async write(pieces) {
      member ??= createMember(target);
      for (const piece of pieces) await member.write(piece);
    },
    async commit() {
      await member?.end();
      member = undefined;
      return await target.commit();
    },
    finish: () => target.finish(),
    async [Symbol.asyncDispose]() {
      await member?.abort();
      await target[Symbol.asyncDispose]();
    },
  };
}

interface Member {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  abort(): Promise<void>;
}

function createMember(target: ObjectTarget): Member {
  const gzip = createGzip({ chunkSize });
  // What goes wrong is thrown by the pump; without a listener a late event would end the process.
  gzip.on("error", () => {});
  let failure: { readonly error: unknown } | undefined;
  const pumped = pump(gzip, target).catch((error: unknown) => {
    failure = { error };
  });

  async function settle(step: Promise<unknown>): Promise<void> {
    await Promise.race([pumped, step]);
    if (failure) throw failure.error;
  }

  return {
    write: (bytes) => settle(new Promise((resolve) => gzip.write(bytes, resolve))),
    async end() {
      gzip.end();
      await settle(pumped);
    },
    async abort() {
      gzip.destroy();
      await pumped;
    },
  };
}

async function pump(gzip: Gzip, target: ObjectTarget): Promise<void> {
  for await (const chunk of gzip as AsyncIterable<Uint8Array>) await target.write([chunk]);
}
