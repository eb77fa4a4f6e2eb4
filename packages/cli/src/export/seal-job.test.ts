import { mkdir, mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "@decant/pipeline";
import { expect, test } from "vitest";
import { isSealed, sealJob } from "./seal-job.ts";

const job: Job = {
  source: { name: "sentry", options: { url: "https://sentry.io", org: "acme" } },
  sink: { name: "ndjson", options: {}, destination: "/tmp/events.ndjson" },
  range: { to: "2026-11-24T12:00:00Z" },
};

async function newFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), "decant-seal-"));
}

test("isSealed() knows a job as it was sealed, in whatever order", async () => {
  const folder = await newFolder();
  const { seal, ...sealed } = await sealJob(job, folder);
  expect(sealed).toEqual(job);
  const turned = Object.fromEntries(Object.entries({ ...sealed, seal }).reverse());
  expect(await isSealed(turned as unknown as Job, folder)).toBe(true);
});

test("isSealed() refuses what was changed, not sealed, or sealed by another", async () => {
  const folder = await newFolder();
  const sealed = await sealJob(job, folder);
  const changed: Job[] = [
    {
      ...sealed,
      source: { name: "sentry", options: { url: "https://evil.example", org: "acme" } },
    },
    { ...sealed, sink: { ...job.sink, destination: "/tmp/other" } },
    { ...sealed, limit: 1 },
    { ...sealed, seal: `${sealed.seal}00` },
    { ...sealed, seal: "" },
    job,
    await sealJob(job, await newFolder()),
  ];
  for (const other of changed) expect(await isSealed(other, folder)).toBe(false);
  expect(await isSealed(sealed, await newFolder())).toBe(false);
});

test("sealJob() makes one key for all who come at once, for nobody else to read", async () => {
  const folder = join(await newFolder(), "decant");
  const sealed = await Promise.all(Array.from({ length: 8 }, () => sealJob(job, folder)));
  expect(new Set(sealed.map(({ seal }) => seal)).size).toBe(1);
  expect(await readdir(folder)).toEqual(["key"]);
  expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o600);
});

test("sealJob() leaves the job as it is where no key can be kept", async () => {
  const file = join(await newFolder(), "file");
  await writeFile(file, "");
  expect(await sealJob(job, join(file, "decant"))).toEqual(job);
  const damaged = await newFolder();
  await mkdir(join(damaged, "key"));
  expect(await sealJob(job, damaged)).toEqual(job);
});
