import { createGzip, type Gzip, gzipSync } from "node:zlib";
import { attempt } from "@decant/core/file";
import type { Frame } from "./file-format.ts";
import { joinParts } from "./join-parts.ts";
import type { Target } from "./target.ts";

/**
 * Compresses on the way to another target: one gzip member a commit (RFC 1952, section 2.2), so
 * that going back to a commit is a plain truncation.
 */
export function createGzipTarget(target: Target): Target {
  let member: Member | undefined;
  return {
    start: target.start,
    async write(parts) {
      member ??= createMember(target);
      for (const piece of joinParts(parts)) await member.write(piece);
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

/** The tail as a member of its own. A file without any member is not valid gzip. */
export function gzipTail(tail: Frame["tail"]): Frame["tail"] {
  return (empty) => {
    const bytes = tail(empty);
    return empty || bytes.byteLength > 0 ? gzipSync(bytes) : bytes;
  };
}

interface Member {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  abort(): Promise<void>;
}

function createMember(target: Target): Member {
  const gzip = createGzip();
  // What goes wrong is thrown by the pump; without a listener a late event would end the process.
  gzip.on("error", () => {});
  const pumped = attempt("compress the output", () => pump(gzip, target)).then(
    () => ({}),
    (error: unknown) => ({ error }),
  );

  async function settle(step: Promise<object>): Promise<void> {
    const outcome = await step;
    if ("error" in outcome) throw outcome.error;
  }

  return {
    async write(bytes) {
      const taken = new Promise<object>((resolve) => gzip.write(bytes, () => resolve({})));
      await settle(Promise.race([pumped, taken]));
    },
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

async function pump(gzip: Gzip, target: Target): Promise<void> {
  for await (const chunk of gzip as AsyncIterable<Uint8Array>) await target.write([chunk]);
}
