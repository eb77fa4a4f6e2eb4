import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isTrusted, readTrustedNames } from "./trusted-names.ts";

async function trustFileOf(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "decant-trust-")), "trusted-plugins");
  await writeFile(file, text);
  return file;
}

test("readTrustedNames() knows decant's own scope, and adds what the file says", async () => {
  expect(await readTrustedNames("/nowhere/trusted-plugins")).toEqual(["@decant/*"]);
  const file = await trustFileOf("# ours\n@acme/*\r\n\nkafka # the one for queues\n");
  expect(await readTrustedNames(file)).toEqual(["@decant/*", "@acme/*", "kafka"]);
});

test.each(["*", "@*/x", "a b", "../x", "@acme/**"])(
  "readTrustedNames() refuses the line %j",
  async (line) => {
    await expect(readTrustedNames(await trustFileOf(line))).rejects.toMatchObject({
      code: "TRUST_INVALID",
      message: expect.stringContaining(line),
    });
  },
);

test("isTrusted() takes a scope as a whole, and a name exactly", () => {
  const names = ["@acme/*", "kafka"];
  expect(isTrusted("@acme/a", names)).toBe(true);
  expect(isTrusted("kafka", names)).toBe(true);
  for (const name of ["@acme-evil/a", "@acme", "kafka2", "Kafka"]) {
    expect(isTrusted(name, names), name).toBe(false);
  }
});
