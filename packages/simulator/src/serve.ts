/**
 * The simulators as a program of their own, so that they take no time or memory of what is measured
 * or tested: `node serve.js '{"sentry":{"flavor":"old"},"google":{"expiresIn":600}}'`.
 *
 * It prints one line of JSON with the addresses, the tokens and the key, and stays until its
 * standard input closes. Each line of input is a command and gets a line of output:
 * `{"add":{"issue":"6100000000","count":5}}` lets events arrive, with `time` and `received` as in
 * `addEvents`; `{"log":true}` gives both logs.
 *
 * @module
 */

// biome-ignore lint/style/noRestrictedImports: this module is a program, started on its own.
import process from "node:process";
import { createInterface } from "node:readline";
import type { GoogleOptions } from "./google-options.ts";
import type { SentryOptions } from "./sentry-options.ts";
import { startGoogle } from "./start-google.ts";
import { startSentry } from "./start-sentry.ts";

interface Config {
  readonly sentry?: SentryOptions;
  readonly google?: GoogleOptions;
}

interface Command {
  readonly add?: {
    readonly issue: string;
    readonly count: number;
    readonly time?: number;
    readonly received?: number;
  };
  readonly log?: boolean;
}

const config = JSON.parse(process.argv[2] ?? "{}") as Config;
const sentry = await startSentry(config.sentry);
const google = await startGoogle(config.google);

const { url, org, flavor, token, tokens, projects, issues } = sentry;
print({
  sentry: { url, org, flavor, token, tokens, projects, issues },
  google: { url: google.url, tokenUri: google.tokenUri, key: google.key },
});
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") print(answer(line));
}
await Promise.all([sentry.close(), google.close()]);

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function answer(line: string): unknown {
  try {
    return run(JSON.parse(line) as Command);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function run({ add, log }: Command): unknown {
  if (add) {
    sentry.addEvents(add.issue, add.count, add);
    return { added: add.count };
  }
  if (log) return { log: sentry.log, google: google.log };
  throw new Error('Cannot run the command: it is neither {"add":...} nor {"log":true}');
}
