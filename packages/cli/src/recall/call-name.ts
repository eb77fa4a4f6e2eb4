import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { envAtStart } from "./env-at-start.ts";

/** A run of the program, as far as it can shape a token that is printed. */
export interface Call {
  /** What stands after the program's name. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program and what runs it, and for whom. */
  readonly program: readonly string[];
}

/** Variables that change from call to call without a meaning for the program. */
const passing = new Set([
  ...["_", "SHLVL", "OLDPWD", "COLUMNS", "LINES"],
  // Of systemd, of tracing, and of AWS Lambda.
  ...["INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID"],
  ...["TRACEPARENT", "TRACESTATE", "_X_AMZN_TRACE_ID"],
]);

/** Whether two calls that differ in this variable alone have one name. */
export function isPassing(variable: string): boolean {
  return passing.has(variable.toUpperCase());
}

/**
 * Names a call: equal names, equal calls. A hash of all of the environment, not of what was read of
 * it, so that no variable can be forgotten, and none can be guessed by itself.
 */
export function callName({ argv, cwd, env, program }: Call): string {
  const variables = Object.entries(env).filter(([name]) => !isPassing(name));
  const text = JSON.stringify([argv, cwd, variables.sort(byName), program]);
  return createHash("sha256").update(text).digest("hex");
}

/** Names the run that this process is; nothing where its folder is gone, so that no other can be equal. */
export function currentCallName(): string | undefined {
  try {
    const { argv, execArgv, version } = process;
    const program = [realpathSync(argv[1] ?? ""), version, String(process.getuid?.()), ...execArgv];
    return callName({ argv: argv.slice(2), cwd: process.cwd(), env: envAtStart, program });
  } catch {
    return undefined;
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
