import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Json } from "@decant/core";
import { afterAll, expect, test } from "vitest";

const folder = await mkdtemp(join(tmpdir(), "decant-kill-"));
afterAll(() => rm(folder, { recursive: true }));

const total = 400;

const program = fileURLToPath(new URL("./testing/append-rows.ts", import.meta.url));
const options = "Deno" in globalThis ? ["run", "--allow-all"] : ["--conditions=@decant/source"];

interface Recorded {
  readonly position?: Json;
  readonly finishing?: boolean;
  readonly row: number;
}

interface KillOptions {
  readonly destination: string;
  readonly streams: readonly string[];
  /** Kills the program when it has printed so many lines. */
  readonly lines: number;
}

/** @returns What was recorded last, or nothing when the program came to its end. */
async function runUntil(
  last: Recorded,
  { destination, streams, lines }: KillOptions,
): Promise<Recorded | undefined> {
  const own = [destination, streams.join(","), String(total), JSON.stringify(last)];
  const child = spawn(process.execPath, [...options, program, ...own], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let recorded: Recorded | undefined = last;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    recorded = line === "done" ? undefined : JSON.parse(line);
    seen += 1;
    if (seen === lines) child.kill("SIGKILL");
  }
  await closed;
  return recorded;
}

async function numbersIn(path: string): Promise<number[]> {
  const bytes = await readFile(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  const json = path.includes(".ndjson") ? `[${text.trim().replaceAll("\n", ",")}]` : text;
  return JSON.parse(json).map(({ n }: { n: number }) => n);
}

test.each([
  ["events.json", [""]],
  ["events.ndjson.gz", [""]],
  ["folder.json", ["events.json", "issues.json", "replays.json"]],
  ["folder.ndjson.gz", ["events.ndjson.gz", "issues.ndjson.gz", "replays.ndjson.gz"]],
])("a killed export into %s goes on to the exact files", async (name, files) => {
  const destination = join(folder, name);
  const streams = ["events", "issues", "replays"].slice(0, files.length);
  let recorded: Recorded | undefined = { row: 0 };
  let runs = 0;
  for (; recorded; runs += 1) {
    const lines = 1 + ((runs * 7) % 11);
    recorded = await runUntil(recorded, { destination, streams, lines });
  }
  expect(runs).toBeGreaterThan(2);
  const all = Array.from({ length: total }, (_, n) => n);
  for (const file of files) expect(await numbersIn(join(destination, file))).toEqual(all);
  if (files.length > 1) expect((await readdir(destination)).sort()).toEqual(files);
});
