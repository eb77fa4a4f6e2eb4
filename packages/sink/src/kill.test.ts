import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
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

/** Runs the program until it has printed so many lines, then kills it. */
async function runUntil(
  destination: string,
  last: Recorded,
  lines: number,
): Promise<Recorded | undefined> {
  const args = [...options, program, destination, String(total), JSON.stringify(last)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
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

test.each(["events.json", "events.ndjson.gz"])(
  "a killed export of %s goes on to the exact file",
  async (name) => {
    const destination = join(folder, name);
    let recorded: Recorded | undefined = { row: 0 };
    let runs = 0;
    for (; recorded; runs += 1)
      recorded = await runUntil(destination, recorded, 1 + ((runs * 7) % 11));
    expect(runs).toBeGreaterThan(2);
    const bytes = await readFile(destination);
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    const rows =
      name === "events.json"
        ? JSON.parse(text)
        : text
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line));
    expect(rows.map(({ n }: { n: number }) => n)).toEqual(
      Array.from({ length: total }, (_, n) => n),
    );
  },
);
