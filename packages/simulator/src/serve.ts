/**
 * The simulators as a program of their own, so that they take no time or memory of what is measured
 * or tested: `node serve.js '{"sentry":{"flavor":"old"},"google":{"expiresIn":600}}'`.
 *
 * It prints one line of JSON with the addresses, the tokens and the key, and stays until its
 * standard input closes. Each line of input is a command and gets a line of output:
 *
 * - `{"add":{"issue":"6100000000","count":5}}` lets events arrive, with `time` and `received` as in
 *   `addEvents`
 * - `{"addIssue":{"project":"web","events":5}}`, `{"addRows":{"stream":"releases","count":2}}`,
 *   `{"changeRow":{"stream":"issues","id":"6100000000","changes":{"status":"resolved"}}}` and
 *   `{"removeRow":{"stream":"releases","id":"1"}}` do what the methods of these names do
 * - `{"rows":"releases"}` gives all rows of a stream, `json` as text
 * - `{"token":["org:read"]}` makes a token with these scopes
 * - `{"fail":{"failure":"down","times":3,"path":"/token"}}` makes Google's requests fail
 * - `{"log":true}` gives both logs
 *
 * @module
 */

// biome-ignore lint/style/noRestrictedImports: this module is a program, started on its own.
import process from "node:process";
import { createInterface } from "node:readline";
import type { GoogleFailure, GoogleFaultOptions, GoogleOptions } from "./google-options.ts";
import type { IssueOptions, SentryOptions } from "./sentry-options.ts";
import type { AddRowsOptions, SimulatedRow } from "./sentry-simulator.ts";
import { startGoogle } from "./start-google.ts";
import { startSentry } from "./start-sentry.ts";
import type { StreamName } from "./stream-name.ts";

interface Config {
  readonly sentry?: SentryOptions;
  readonly google?: GoogleOptions;
}

interface Row {
  readonly stream: StreamName;
  readonly id: string;
}

interface Command {
  readonly add?: {
    readonly issue: string;
    readonly count: number;
    readonly time?: number;
    readonly received?: number;
  };
  readonly addIssue?: { readonly project: string } & IssueOptions;
  readonly addRows?: { readonly stream: StreamName; readonly count: number } & AddRowsOptions;
  readonly changeRow?: Row & { readonly changes: Readonly<Record<string, unknown>> };
  readonly removeRow?: Row;
  readonly rows?: StreamName;
  readonly token?: readonly string[];
  readonly fail?: { readonly failure?: GoogleFailure } & GoogleFaultOptions;
  readonly log?: boolean;
}

const config = JSON.parse(process.argv[2] ?? "{}") as Config;
const sentry = await startSentry(config.sentry);
const google = await startGoogle(config.google);

const { url, org, flavor, token, tokens, projects, issues } = sentry;
print({
  sentry: { url, org, flavor, token, tokens, projects, issues },
  google: { ...google, issued: undefined, log: undefined },
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

function run(command: Command): unknown {
  const { add, addIssue, rows, token, log } = command;
  if (add) {
    sentry.addEvents(add.issue, add.count, add);
    return { added: add.count };
  }
  if (addIssue) return { issue: sentry.addIssue(addIssue.project, addIssue) };
  if (rows) return { rows: [...sentry.rows(rows)].map(withText) };
  if (token) return { token: sentry.createToken(token) };
  if (log) return { log: sentry.log, google: google.log };
  return change(command);
}

function change({ addRows, changeRow, removeRow, fail }: Command): unknown {
  if (fail) {
    google.fail(fail.failure, fail);
    return { failing: fail.failure ?? null };
  }
  if (addRows) {
    sentry.addRows(addRows.stream, addRows.count, addRows);
    return { added: addRows.count };
  }
  if (changeRow) {
    sentry.changeRow(changeRow.stream, changeRow.id, changeRow.changes);
    return { changed: changeRow.id };
  }
  if (removeRow) {
    sentry.removeRow(removeRow.stream, removeRow.id);
    return { removed: removeRow.id };
  }
  throw new Error("Cannot run the command: the simulator knows none of that name");
}

function withText({ json, ...rest }: SimulatedRow): unknown {
  return { ...rest, json: new TextDecoder().decode(json) };
}
