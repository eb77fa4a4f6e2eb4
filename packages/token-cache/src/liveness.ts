import { rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "@decant/core";
import { systemCode } from "@decant/core/file";

/** The shortest that an address may be on the systems with the shortest: 104 bytes with a final 0. */
const longestAddress = 100;

/** How long to wait for room in a queue of connections that is full, in milliseconds. */
const fullQueueMs = 20;

/** Where a process can be watched that holds something under this id. */
export function livenessAddress(folder: string, id: string): string {
  if (platform() === "win32") return `\\\\.\\pipe\\decant-${id}`;
  const path = join(folder, `${id}.sock`);
  const fits = new TextEncoder().encode(path).length <= longestAddress;
  return fits ? path : join(tmpdir(), `decant-${id}.sock`);
}

/**
 * Shows that this process lives, until it is disposed of: a socket on which nothing is ever said.
 * The system closes it with the process, whatever ends that, and tells all who are connected.
 */
export async function showLiveness(address: string): Promise<AsyncDisposable> {
  const watchers = new Set<Socket>();
  const server = createServer((socket) => {
    watchers.add(socket);
    socket.on("error", () => {}); // A watcher that went away.
    socket.on("close", () => watchers.delete(socket));
    socket.resume();
    socket.unref();
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(address, resolve);
  await listening;
  server.unref();
  return {
    async [Symbol.asyncDispose]() {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const watcher of watchers) watcher.destroy();
      await closed;
      await rm(address, { force: true }).catch(() => {}); // Most systems have done so.
    },
  };
}

/**
 * Waits until the process at an address has ended or lets go.
 *
 * @returns Whether it has; if not, the time is up, or it cannot be seen.
 * @throws the signal's reason once it is aborted.
 */
export async function waitForEnd(
  address: string,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const { timeoutMs, signal } = options;
  const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs)));
  const either = AbortSignal.any([signal, timeout]);
  for (;;) {
    const error = await connection(address, either);
    signal.throwIfAborted();
    if (timeout.aborted) return false;
    switch (systemCode(error)) {
      case "EAGAIN": // It lives, and so many wait that one more does not fit.
        await sleep(fullQueueMs, signal);
        break;
      case "EACCES":
      case "EPERM":
        return false;
      case "EMFILE":
      case "ENFILE":
        throw error;
      default:
        return true;
    }
  }
}

/** Connects, and tells how that ended: the error, or nothing where the other side closed or time is up. */
async function connection(address: string, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  const socket = connect(address);
  socket.once("error", resolve);
  socket.once("close", stop);
  socket.resume();
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.on("error", () => {}); // After it was destroyed.
    socket.destroy();
  }
}
