import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process that uses the cache. */
export interface CacheProcess {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  /** What it printed after that, once it has ended. */
  readonly output: Promise<string>;
  begin(): void;
}

const program = fileURLToPath(new URL("./use-cache.ts", import.meta.url));
const options = "Deno" in globalThis ? ["run", "--allow-all"] : ["--conditions=@decant/source"];

export function startProcess(task: object): CacheProcess {
  const child = spawn(process.execPath, [...options, program, JSON.stringify(task)], {
    stdio: ["pipe", "pipe", "inherit"],
    // Node starts in a quarter of the time.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "decant-compile-cache") },
  });
  const ready = Promise.withResolvers<void>();
  const closed = once(child, "close");
  child.stdin.on("error", () => {}); // It was killed before it was told to begin.
  return {
    child,
    ready: ready.promise,
    output: readOutput(),
    begin: () => void child.stdin.write("begin\n"),
  };

  async function readOutput(): Promise<string> {
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === "ready") ready.resolve();
      else lines.push(line);
    }
    ready.resolve(); // Or it never will be.
    await closed;
    return lines.join("\n");
  }
}
