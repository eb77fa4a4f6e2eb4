import { createHash } from "node:crypto";
import { simulateSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import type { AttachmentStore } from "./save-file.ts";
import { exportAll, failureOf } from "./testing/export-all.ts";
import { redirected, sourceOf } from "./testing/simulated.ts";

const projects = [{ slug: "web", issues: [{ events: 6 }, { events: 3 }] }];
const now = Date.now();
const small = { limits: false, eventBytes: 300, projects, now: () => now } as const;
const range = { to: new Date(now + 1_000).toISOString() };
const streams = ["attachments"];

/** A store in memory, by content. */
function createStore(): AttachmentStore & { files: Map<string, Uint8Array>; failures: number } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    failures: 0,
    async save(body) {
      try {
        const bytes = new Uint8Array(await new Response(body).arrayBuffer());
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        files.set(sha256, bytes);
        return { sha256, bytes: bytes.byteLength, path: `files/${sha256}` };
      } catch (error) {
        this.failures++;
        throw error;
      }
    },
  };
}

interface FiledRow {
  readonly data: { readonly id: string; readonly size: number; readonly sha1: string };
  readonly file: { readonly sha256: string; readonly bytes: number; readonly path: string } | null;
}

function parse(rows: ReadonlyMap<string, string>): FiledRow[] {
  return [...rows.values()].map((text) => JSON.parse(text) as FiledRow);
}

test("attachments are stored before their rows, whole, also over failures", async () => {
  const sentry = simulateSentry({ ...small, faults: { serverError: 0.2, cutBody: 0.2 } });
  const attachments = createStore();
  const source = sourceOf(sentry, { streams, attachments });
  const { rows, ends } = await exportAll(source, { range, interrupted: true });
  const found = parse(rows);
  expect(found.length).toBe([...sentry.rows("attachments")].length);
  expect(found.length).toBeGreaterThan(1);
  for (const { data, file } of found) {
    const bytes = attachments.files.get(file?.sha256 ?? "");
    expect(bytes?.byteLength).toBe(data.size);
    expect(createHash("sha1").update(bytes!).digest("hex")).toBe(data.sha1);
    expect(file).toMatchObject({ bytes: data.size, path: `files/${file?.sha256}` });
  }
  for (const { why } of ends.values()) expect(why).toBe("complete");
});

test.each([
  ["is gone", () => new Response(null, { status: 404 })],
  ["is another one", () => new Response("something else")],
])("an attachment that %s is null in its row, and told", async (_, answer) => {
  const sentry = simulateSentry(small);
  const [first] = sentry.rows("attachments");
  const { fetch } = redirected(sentry, ({ pathname }) =>
    pathname.endsWith(`/attachments/${first?.id}/`) ? answer() : undefined,
  );
  const source = sourceOf(sentry, { streams, attachments: createStore(), fetch });
  const { rows, ends } = await exportAll(source, { range });
  expect(
    parse(rows)
      .filter(({ file }) => file === null)
      .map(({ data }) => data.id),
  ).toEqual([first?.id]);
  const told = [...ends.values()].filter(({ detail }) => detail !== undefined);
  expect(told).toEqual([{ why: "complete", detail: expect.stringContaining("1 file") }]);
});

test("a store that fails ends the export, and is no failure of the server", async () => {
  const sentry = simulateSentry(small);
  const attachments: AttachmentStore = {
    async save(body) {
      await body.cancel();
      throw new Error("ENOSPC: no space left on device");
    },
  };
  const failure = failureOf(exportAll(sourceOf(sentry, { streams, attachments }), { range }));
  expect(await failure).toMatchObject({
    ...{ code: "SENTRY_FILE_UNSAVED", kind: "sink" },
    message: expect.stringContaining("ENOSPC"),
  });
});

test("attachments without a store are rows alone", async () => {
  const sentry = simulateSentry(small);
  const { rows } = await exportAll(sourceOf(sentry, { streams }), { range });
  for (const text of rows.values()) expect(text).not.toContain('"file"');
  expect(sentry.log.some(({ path }) => path.includes("download"))).toBe(false);
});

test("attachments that the token may not download are rows without a file under all, and refused by name", async () => {
  const sentry = simulateSentry(small);
  const token = sentry.createToken(["event:read", "org:read"]);
  const attachments = createStore();
  const all = sourceOf(sentry, { streams: "all", attachments, token });
  const { rows, ends } = await exportAll(all, { range });
  const filed = parse(rows).filter((row) => "file" in row);
  expect(filed.length).toBe([...sentry.rows("attachments")].length);
  expect(filed.every(({ file }) => file === null)).toBe(true);
  const own = [...ends].filter(([key]) => key.startsWith("attachments/"));
  for (const [, end] of own) {
    const detail = expect.stringMatching(/^the token may not read \d+ files?: .* project:read$/);
    expect(end).toEqual({ why: "denied", detail });
  }
  const named = exportAll(sourceOf(sentry, { streams, attachments, token }), { range });
  expect(await failureOf(named)).toMatchObject({ code: "SENTRY_FORBIDDEN" });
});
