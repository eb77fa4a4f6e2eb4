// How long one token takes, from the start of the process to its end.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { measure } from "./measure.ts";

await using servers = await serve({});
const cwd = await makeFolder();
const key = join(cwd, "key.json");
await writeFile(key, JSON.stringify(servers.google.key));
const node = process.execPath;
const env = { HOME: cwd };
await measure(
  "auth gcp print-token",
  [
    { name: "node -e 0", command: node, args: ["-e", "0"] },
    { name: "decant --version", command: node, args: [program, "--version"], env },
    {
      name: "decant auth gcp print-token",
      command: node,
      args: [program, "auth", "gcp", "print-token", "--key-file", key],
      env,
    },
  ],
  { rounds: 11 },
);
