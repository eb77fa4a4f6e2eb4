import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthContext, DecantError } from "@decant/core";
import { startGoogle } from "@decant/simulator";
import { afterAll, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import plugin from "./plugin.ts";

const google = await startGoogle();
const folder = await mkdtemp(join(tmpdir(), "gcp-auth-"));
afterAll(async () => {
  await google.close();
  await rm(folder, { recursive: true });
});

const json = JSON.stringify(google.key);
const file = join(folder, "key.json");
await writeFile(file, json);

function open(options: AuthContext["options"], changes: Partial<AuthContext> = {}) {
  return plugin.open({
    options,
    env: () => undefined,
    readFile,
    readStdin: async () => new Uint8Array(),
    now: Date.now,
    fetch: globalThis.fetch,
    ...changes,
  });
}

test("plugin reads the key from a file", async () => {
  const provider = await open({ "key-file": file });
  expect(provider.name).toBe("gcp");
  expect(await provider.getToken({})).toMatchObject({ principal: google.key.client_email });
});

test("plugin reads the key from standard input", async () => {
  const provider = await open(
    { "key-file": "-", subject: "jo@acme.example" },
    { readStdin: async () => new TextEncoder().encode(json) },
  );
  expect(await provider.getToken({})).toMatchObject({ principal: "jo@acme.example" });
  await expect(open({ "key-file": "-" })).rejects.toMatchObject({
    message: 'Cannot use "standard input" as a service account key: it is empty',
  });
});

test("plugin says where it looked for a credential", async () => {
  const env = (name: string) => (name === "NO_GCE_CHECK" ? "true" : undefined);
  for (const options of [{}, { "key-file": "" }]) {
    await expect(open(options, { env })).rejects.toMatchObject({
      code: "GCP_CREDENTIALS_MISSING",
      kind: "credentials",
      message: expect.stringContaining("GOOGLE_APPLICATION_CREDENTIALS: it is not set; "),
      hint: expect.stringMatching(/--key-file, --credentials or GOOGLE_APPLICATION_CREDENTIALS/),
    });
  }
});

test("plugin says why a file cannot be read", async () => {
  const missing = join(folder, "missing.json");
  await expect(open({ "key-file": missing })).rejects.toMatchObject({
    code: "GCP_KEY_UNREADABLE",
    message: `Cannot read "${missing}": there is no such file`,
  });
  await mkdir(join(folder, "folder"));
  await expect(open({ "key-file": join(folder, "folder") })).rejects.toMatchObject({
    message: expect.stringContaining(": it is a folder"),
  });
});

test("plugin says that a file may not be read, or what else the system says", async () => {
  const fail = (code: string) => () => Promise.reject(Object.assign(new Error(json), { code }));
  const refusal = new DecantError("FILE_UNSUITABLE", "Cannot read", { kind: "usage" });
  const refuse = () => Promise.reject(refusal);
  await expect(open({ "key-file": "k" }, { readFile: refuse })).rejects.toBe(refusal);
  await expect(open({ "key-file": "k" }, { readFile: fail("EACCES") })).rejects.toMatchObject({
    message: 'Cannot read "k": it may not be read',
  });
  await expect(open({ "key-file": "-" }, { readStdin: fail("EIO") })).rejects.toMatchObject({
    message: 'Cannot read "standard input": EIO',
  });
});

test("plugin does not show a key that stands where its path belongs", async () => {
  const line = google.key.private_key.split("\n")[1] ?? "";
  for (const path of [json, ` ${json}`, google.key.private_key, btoa(json)]) {
    const error = await open({ "key-file": path }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "GCP_KEY_UNREADABLE", kind: "credentials" });
    const { message, hint, stack } = error as Error & { hint: string };
    for (const secret of [line, btoa(json).slice(0, 40)]) {
      expect([message, hint, stack].join("\n")).not.toContain(secret);
    }
  }
});

test("plugin lets an option win over the variable that stands in for another", async () => {
  const env = (name: string) =>
    name === "GOOGLE_APPLICATION_CREDENTIALS" ? "missing.json" : undefined;
  const provider = await open({ "key-file": file, credentials: "missing.json" }, { env });
  expect(await provider.explain?.()).toMatchObject({ source: file, reason: "an option names it" });
  await expect(open({ "key-file": file, credentials: file })).rejects.toMatchObject({
    code: "GCP_OPTION_CONFLICT",
    kind: "usage",
  });
});

test("plugin reads each option that its data declares", async () => {
  const read = new Set<string | symbol>();
  const options = new Proxy<AuthContext["options"]>(
    { "key-file": file },
    {
      get(target, name) {
        read.add(name);
        return Reflect.get(target, name);
      },
    },
  );
  await open(options);
  const declared = manifest.decant.auth.gcp.options;
  expect([...read].sort()).toEqual(Object.keys(declared).sort());
  expect(declared.credentials.env).toBe("GOOGLE_APPLICATION_CREDENTIALS");
});
