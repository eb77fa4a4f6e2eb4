// How long a command takes from the start of its process to its end, beside a Node that does nothing.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decantOk, makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { type Contender, measure } from "./measure.ts";

await using servers = await serve({});
const cwd = await makeFolder();
const key = join(cwd, "key.json");
await writeFile(key, JSON.stringify(servers.google.key));
const env = { HOME: cwd, XDG_CACHE_HOME: "", XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" };
const printToken = ["auth", "gcp", "print-token", "--key-file", key];

function contender(name: string, ...args: readonly string[]): Contender {
  return { name, command: process.execPath, args: [program, ...args], env, cwd };
}

await decantOk(printToken, { cwd, env: { ...process.env, ...env } as Record<string, string> });
await measure(
  "start",
  [
    { ...contender(""), name: "node -e 0", args: ["-e", "0"] },
    contender("decant --version", "--version"),
    contender("decant auth gcp print-token, kept", ...printToken),
    contender("decant auth gcp print-token --no-cache", ...printToken, "--no-cache"),
    contender("decant export sentry --help", "export", "sentry", "--help"),
    contender("decant sinks", "sinks"),
  ],
  { rounds: 15 },
);
