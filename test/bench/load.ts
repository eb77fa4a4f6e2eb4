import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isInstalled } from "./machine.ts";

/** What a server did under load. */
export interface Load {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** How a server is loaded. */
export interface LoadOptions {
  readonly url: string;
  /** As `name: value`. */
  readonly header: string;
  readonly connections: number;
  readonly seconds: number;
}

/** A command that runs on one core, where the machine can do that. */
export function onCore(core: number, command: readonly string[]): readonly [string, string[]] {
  const [program = "", ...args] = command;
  return isInstalled("taskset")
    ? ["taskset", ["-c", String(core), program, ...args]]
    : [program, args];
}

const tools = { wrk, autocannon } as const;

/** The tool that makes the load: wrk where it is installed, as it takes the least itself. */
export const loadTool: keyof typeof tools = isInstalled("wrk") ? "wrk" : "autocannon";

/** Loads a server from the second core. Any answer but 200 is an error. */
export function load(options: LoadOptions): Promise<Load> {
  return tools[loadTool](options);
}

async function wrk({ url, header, connections, seconds }: LoadOptions): Promise<Load> {
  const rates = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
  const text = await run(["wrk", ...rates, "-H", header, url]);
  const [, p99 = "", unit = ""] = /^\s*99%\s+([\d.]+)(us|ms|s)$/m.exec(text) ?? [];
  const [, perSecond] = /^Requests\/sec:\s+([\d.]+)$/m.exec(text) ?? [];
  if (perSecond === undefined || /Non-2xx|Socket errors/.test(text)) throw new Error(text);
  return {
    perSecond: Number(perSecond),
    p99Ms: Number(p99) * { us: 0.001, ms: 1, s: 1_000 }[unit as "us"],
  };
}

async function autocannon({ url, header, connections, seconds }: LoadOptions): Promise<Load> {
  const manifest = createRequire(import.meta.url).resolve("autocannon/package.json");
  const program = join(dirname(manifest), "autocannon.js");
  const rates = ["-c", String(connections), "-d", String(seconds), "--json"];
  const text = await run([process.execPath, program, ...rates, "-H", header, url]);
  const { requests, latency, errors, non2xx } = JSON.parse(text) as {
    readonly requests: { readonly average: number };
    readonly latency: { readonly p99: number };
    readonly errors: number;
    readonly non2xx: number;
  };
  if (errors + non2xx > 0) throw new Error(text);
  return { perSecond: requests.average, p99Ms: latency.p99 };
}

async function run(command: readonly string[]): Promise<string> {
  const child = spawn(...onCore(1, command), { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const code = await new Promise((resolve, reject) =>
    child.on("error", reject).on("close", resolve),
  );
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}`);
  return text;
}
