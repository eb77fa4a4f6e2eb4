import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "@decant/pipeline";
import { expect, test } from "vitest";
import { ndjsonJob } from "./ndjson-job.ts";
import { sealJob } from "./seal-job.ts";
import { sentryJob } from "./sentry-job.ts";
import { trustFiles, trustJob } from "./trust-job.ts";

const keyFolder = await mkdtemp(join(tmpdir(), "decant-trust-"));
const url = "http://sentry.example.com";
const job: Job = {
  source: sentryJob({ url, org: "acme", allowInsecureHttp: true }),
  sink: { name: "ndjson", options: {}, destination: "/data/events.ndjson" },
  range: { to: "2026-11-24T12:00:00Z" },
};
const beside = { state: "/data/events.ndjson.decant", allowInsecureHttp: false, keyFolder };
const elsewhere = { ...beside, state: "/data/x.decant" };
const refused = {
  code: "TARGET_UNTRUSTED",
  message: expect.stringMatching(/"http:\/\/sentry\.example\.com".*"\/data\/events\.ndjson"/),
};

test("trustJob() takes a sealed job as it is, if nothing else is said", async () => {
  const sealed = await sealJob(job, keyFolder);
  const output = job.sink.destination;
  expect(await trustJob(sealed, elsewhere)).toBe(sealed);
  expect(await trustJob(sealed, { ...elsewhere, url: `${url}/`, output })).toBe(sealed);
  for (const said of [{ url: "https://other.example" }, { output: "/data/other" }]) {
    await expect(trustJob(sealed, { ...elsewhere, ...said })).rejects.toMatchObject(refused);
  }
});

test("trustJob() wants the server of any other confirmed, and an output that is not beside", async () => {
  const output = job.sink.destination;
  for (const options of [
    beside,
    { ...beside, output },
    { ...beside, url: "http://sentry.example.org" },
    { ...elsewhere, url },
    { ...elsewhere, url, output: "/data/other" },
    { ...beside, url, output: "/data/other" },
  ]) {
    await expect(trustJob(job, options)).rejects.toMatchObject(refused);
  }
  await expect(trustJob(job, elsewhere)).rejects.toMatchObject({
    hint: expect.stringContaining(`resume /data/x.decant --url ${url} --output ${output}`),
  });
  expect(await trustJob(job, { ...beside, url })).toMatchObject({ sink: job.sink });
  expect(await trustJob(job, { ...elsewhere, url, output })).toMatchObject({ sink: job.sink });
});

test("trustJob() does not let a state allow plain http", async () => {
  const confirmed = { ...beside, url };
  const { source } = await trustJob(job, confirmed);
  expect(source).toEqual(sentryJob({ url, org: "acme" }));
  const allowed = await trustJob(job, { ...confirmed, allowInsecureHttp: true });
  expect(allowed.source).toEqual(job.source);
});

test("trustFiles() takes a sealed job, and any other if its output is named", async () => {
  const files = ndjsonJob({ files: ["/home/me/private.json"], stream: "events" });
  const made = { ...job, source: files };
  const sealed = await sealJob(made, keyFolder);
  const output = job.sink.destination;
  expect(await trustFiles(sealed, elsewhere)).toBe(sealed);
  expect(await trustFiles(made, { ...beside, output })).toBe(made);
  const changed = { ...sealed, source: ndjsonJob({ files: ["/etc/a"], stream: "events" }) };
  for (const [given, said] of [
    [made, {}],
    [changed, {}],
    [sealed, { output: "/data/other" }],
  ] as const) {
    await expect(trustFiles(given, { ...beside, ...said })).rejects.toMatchObject({
      code: "TARGET_UNTRUSTED",
      message: expect.stringMatching(/reads "\/.*" and writes "\/data\/events\.ndjson"$/),
      hint: expect.stringMatching(/ resume .* --output \/data\/events\.ndjson$/),
    });
  }
});
