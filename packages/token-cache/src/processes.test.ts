import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startProcess } from "./testing/start-process.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "decant-"));
});
afterEach(() => rm(folder, { recursive: true }));

type Mint = (pid: number, answer: () => void) => void;

async function serve(mint: Mint): Promise<{ url: string; minted: string[] } & AsyncDisposable> {
  const minted: string[] = [];
  const server = createServer(({ headers }: IncomingMessage, response: ServerResponse) => {
    mint(Number(headers["pid"]), () => {
      const value = `token ${minted.length + 1}`;
      minted.push(value);
      response.end(JSON.stringify({ value, expiresAt: Date.now() + 3_600_000 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    minted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function beginAll(processes: readonly ReturnType<typeof startProcess>[]): Promise<void> {
  await Promise.all(processes.map(({ ready }) => ready));
  for (const { begin } of processes) begin();
}

test("cachedProvider() asks once for 64 processes on a cold cache", {
  timeout: 120_000,
}, async () => {
  await using server = await serve((_, answer) => setImmediate(answer));
  const task = { folder: join(folder, "tokens"), server: server.url };
  const processes = Array.from({ length: 64 }, () => startProcess(task));
  await beginAll(processes);
  const outputs = await Promise.all(processes.map(({ output }) => output));
  expect(outputs).toEqual(Array.from({ length: 64 }, () => "token 1"));
  expect(server.minted).toEqual(["token 1"]);
  const files = await readdir(task.folder);
  expect(files.filter((file) => !/^(swept|[0-9a-f]{32}-[0-9a-f]{32}\.token)$/.test(file))).toEqual(
    [],
  );
});

test("cachedProvider() goes on when who asks is killed, before or after the answer", async () => {
  let asked = 0;
  const killed = new Set<number>();
  await using server = await serve((pid, answer) => {
    asked++;
    if (asked % 3 === 0 || asked > 5) answer();
    if (asked > 5) return;
    killed.add(pid);
    process.kill(pid, "SIGKILL");
  });
  const task = { folder: join(folder, "tokens"), server: server.url };
  const processes = Array.from({ length: 12 }, () => startProcess(task));
  await beginAll(processes);
  const outputs = await Promise.all(processes.map(({ output }) => output));
  const living = outputs.filter((_, n) => !killed.has(processes[n]!.child.pid!));
  expect(killed.size).toBeGreaterThan(1);
  expect(new Set(living)).toEqual(new Set([server.minted.at(-1)]));
});

test("takeTurn() lets one process in at a time, also when others are killed at any instant", async () => {
  const log = join(folder, "log");
  const processes = Array.from({ length: 6 }, () => startProcess({ folder, log, turns: 25 }));
  await beginAll(processes);
  const doomed = processes.slice(0, 3);
  const killing = doomed.map(async ({ child }, n) => {
    // Some turns later, at whatever instant that is.
    while (child.exitCode === null && turnsIn(log) < 15 + 20 * n) await new Promise(setImmediate);
    child.kill("SIGKILL");
  });
  await Promise.all([...killing, ...processes.map(({ output }) => output)]);
  const dead = new Set(doomed.map(({ child }) => `${child.pid}`));
  let holder: string | undefined;
  for (const line of readFileSync(log, "utf8").trim().split("\n")) {
    const pid = line.slice(1);
    if (line.startsWith("+")) {
      expect(holder === undefined || dead.has(holder)).toBe(true);
      holder = pid;
    } else {
      expect(holder).toBe(pid);
      holder = undefined;
    }
  }
  for (const { child } of processes.slice(3)) {
    expect(readFileSync(log, "utf8").split(`-${child.pid}\n`)).toHaveLength(26);
  }
});

function turnsIn(log: string): number {
  try {
    return readFileSync(log, "utf8").split("+").length - 1;
  } catch {
    return 0; // Not begun.
  }
}
