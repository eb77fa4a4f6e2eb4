// A process that uses the cache, for tests that need several. It says "ready", and begins once it is told to.
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Token, TokenProvider } from "@decant/core";
import { cachedProvider } from "../cached-provider.ts";
import { takeTurn } from "../take-turn.ts";

interface Task {
  readonly folder: string;
  /** Gets one token, which comes from this server when it is not in the cache. */
  readonly server?: string;
  /** Takes so many turns, and writes to this file when each begins and ends. */
  readonly log?: string;
  readonly turns?: number;
}

const { folder, server, log, turns = 0 } = JSON.parse(process.argv[2]!) as Task;
console.log("ready");
await once(process.stdin, "data");
process.stdin.destroy();
if (server) console.log(await getToken(server));
if (log) await takeTurns(log);

async function getToken(url: string): Promise<string> {
  const mint = async (): Promise<Token> => {
    const answer = await fetch(url, { headers: { pid: `${process.pid}` } });
    const { value, expiresAt } = (await answer.json()) as { value: string; expiresAt: number };
    return { value, type: "Bearer", expiresAt: new Date(expiresAt) };
  };
  const provider: TokenProvider = { name: "test", identity: "somebody", getToken: mint };
  const onWarning = (message: string) => console.error(message);
  const token = await cachedProvider(provider, { folder, onWarning }).getToken({});
  return token.value;
}

async function takeTurns(path: string): Promise<void> {
  const { signal } = new AbortController();
  for (let turn = 0; turn < turns; turn++) {
    const isDone = () => false;
    const lock = await takeTurn("lock", { folder, patienceMs: 60_000, signal, isDone });
    appendFileSync(path, `+${process.pid}\n`);
    // As long as it takes the others to try.
    for (let n = 0; n < 20; n++) await readdir(folder);
    appendFileSync(path, `-${process.pid}\n`);
    await lock![Symbol.asyncDispose]();
  }
}
