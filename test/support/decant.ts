import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built program, as an installed one would be run. */
export const program: string = fileURLToPath(
  new URL("../../packages/cli/bin/decant.js", import.meta.url),
);

/** Compiled code that runs share, as those of one user would: each has an empty HOME. */
const compileCache = fileURLToPath(
  new URL("../../node_modules/.cache/decant/compile", import.meta.url),
);

/** How a run of the program ended. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

export interface DecantOptions {
  /** Where it runs. */
  readonly cwd: string;
  /** Added to an environment with an empty HOME and nothing of the tester's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The Node to run it with. @default {process.execPath} */
  readonly node?: string;
}

/** Makes an empty folder of its own for a test. */
export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "decant-e2e-"));
}

/** Starts the program. */
export function startDecant(args: readonly string[], options: DecantOptions): Running {
  const { cwd, env, input, node = process.execPath } = options;
  const home = join(cwd, ".home");
  const child = spawn(node, [program, ...args], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      TMPDIR: tmpdir(),
      NODE_COMPILE_CACHE: compileCache,
      ...env,
    },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(input);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  const ended = new Promise<Run>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const texts = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
      resolve({ code, signal, ...texts });
    });
  });
  return { child, ended };
}

/** Runs the program to its end. */
export function decant(args: readonly string[], options: DecantOptions): Promise<Run> {
  return startDecant(args, options).ended;
}

/** Runs the program and expects it to end well. */
export async function decantOk(args: readonly string[], options: DecantOptions): Promise<Run> {
  const run = await decant(args, options);
  if (run.code !== 0) throw new Error(`decant ${args.join(" ")}: exit ${run.code}\n${run.stderr}`);
  return run;
}
