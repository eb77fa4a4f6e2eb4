import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { LockOwner } from "@decant/pipeline";

/** Describes this process as the holder of a lock, and tells whether another one still runs. */
export async function lockOwner(): Promise<LockOwner> {
  return {
    pid: process.pid,
    started: (await startOf(process.pid)) ?? "unknown",
    async isAlive({ pid, started }) {
      if (!exists(pid)) return false;
      const found = await startOf(pid);
      // Where it cannot be found out, the process counts as the holder: rather wait than harm.
      return found === undefined || started === "unknown" || found === started;
    },
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in whatever form the system tells it. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    // proc_pid_stat(5): field 22, after a name in brackets that may hold anything.
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${text.slice(text.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return await startByPs(pid);
  }
}

async function startByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
