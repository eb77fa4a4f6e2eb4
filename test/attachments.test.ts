import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder } from "./support/decant.ts";

interface Row {
  readonly issueId: string;
  readonly data: { readonly id: string; readonly size: number; readonly sha1: string };
  readonly file: { readonly sha256: string; readonly bytes: number; readonly path: string } | null;
}

async function rowsOf(path: string): Promise<Row[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test("attached files lie beside the output, each as the server has it", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 20 }, { events: 4 }] }],
    faults: { cutBody: 0.1, serverError: 0.05 },
    limits: false,
  });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  await decantOk(["export", "sentry", "attachments", "-q"], { cwd, env });

  const rows = await rowsOf(join(cwd, "attachments.ndjson"));
  expect(rows.map(({ data }) => data.id).sort()).toEqual(
    [...sentry.rows("attachments")].map(({ json }) => JSON.parse(text(json)).id).sort(),
  );
  for (const { data, file } of rows) {
    const bytes = await readFile(join(cwd, "attachments.ndjson.files", file!.path));
    expect(bytes.byteLength).toBe(data.size);
    expect(hash("sha1", bytes)).toBe(data.sha1);
    expect(hash("sha256", bytes)).toBe(file!.sha256);
  }

  const state = "attachments.ndjson.decant";
  await decantOk(["verify", state], { cwd });
  const { path } = rows[0]!.file!;
  await writeFile(join(cwd, "attachments.ndjson.files", path), "something else");
  const { code, stderr } = await decant(["verify", state], { cwd });
  expect({ code, stderr }).toEqual({ code: 7, stderr: expect.stringContaining(path.slice(3)) });

  const without = [
    "export",
    "sentry",
    "attachments",
    "--no-attachments",
    "-q",
    "-o",
    "rows.ndjson",
  ];
  await decantOk(without, { cwd, env });
  expect((await rowsOf(join(cwd, "rows.ndjson")))[0]).not.toHaveProperty("file");
  expect(await readdir(cwd)).not.toContain("rows.ndjson.files");
}, 60_000);

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function hash(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
