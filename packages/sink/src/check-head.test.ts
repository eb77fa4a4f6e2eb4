import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { checkHead } from "./check-head.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-head-"));
afterAll(() => rm(folder, { recursive: true }));

const encoder = new TextEncoder();
const head = encoder.encode("a,b\n");

async function check(text: string, { gzip = false, cutAt = Number.POSITIVE_INFINITY } = {}) {
  const path = join(folder, "file");
  const plain = encoder.encode(text);
  const bytes = gzip ? gzipSync(plain) : plain;
  // What was written after the position may be cut off anywhere.
  await writeFile(path, gzip ? new Uint8Array([...bytes, ...bytes.subarray(0, 12)]) : bytes);
  await checkHead(path, { head, bytes: Math.min(bytes.byteLength, cutAt), gzip });
}

test.each([false, true])("checkHead() compares how a file begins, with gzip %s", async (gzip) => {
  await check("a,b\n", { gzip });
  await check("a,b\n1,2\n", { gzip });
  for (const other of ["a,b,c\n", "b,a\n", "a,b", "a"]) {
    await expect(check(other, { gzip })).rejects.toMatchObject({
      code: "STATE_MISMATCH",
      kind: "usage",
    });
  }
});

test("checkHead() counts only what lies before the position", async () => {
  await expect(check("a,b\n1,2\n", { cutAt: 2 })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
  });
});

test("checkHead() looks at nothing where a format has no head", async () => {
  const none = { head: new Uint8Array(), bytes: 1, gzip: false };
  await checkHead(join(folder, "not there"), none);
  await expect(checkHead(join(folder, "not there"), { ...none, head })).rejects.toMatchObject({
    code: "SINK_FAILED",
  });
});
