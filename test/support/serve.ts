import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { GoogleSimulator, SentryOptions, SentrySimulator } from "@decant/simulator";

/** Simulators in a process of their own, so that they take no time or memory of the tester. */
export interface Served extends AsyncDisposable {
  readonly sentry: Pick<SentrySimulator, "url" | "org" | "token" | "issues" | "projects">;
  readonly google: Pick<GoogleSimulator, "url" | "tokenUri" | "key">;
}

/** Starts both simulators in a child process. */
export async function serve(sentry: Omit<SentryOptions, "now">): Promise<Served> {
  const module = fileURLToPath(import.meta.resolve("@decant/simulator/serve"));
  const child = spawn(
    process.execPath,
    ["--conditions=@decant/source", module, JSON.stringify({ sentry })],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      ...(JSON.parse(line) as Pick<Served, "sentry" | "google">),
      async [Symbol.asyncDispose]() {
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error("the simulators did not start");
}
