import { rm } from "node:fs/promises";
import { type Claim, listClaims, makeClaim } from "./claim.ts";
import { livenessAddress, waitForEnd } from "./liveness.ts";

/** What {@linkcode takeTurn} waits for, and for how long. */
export interface TakeTurnOptions {
  readonly folder: string;
  /** How long to wait for one holder, in milliseconds, before the next goes on; three times that in all. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Tells whether what the lock is for has been done by another. */
  isDone(): boolean;
}

/** The longest wait of all, in patiences: behind holders that hang, nobody waits forever. */
const patiences = 3;

/**
 * Waits until it is our turn to do what is done once for all: a lock that dies with its process.
 *
 * A claim is a file with the next number. Who has put one down looks again: if there is a higher
 * one, he goes back; if there are lower ones that live, he waits for them. So of two claims at the
 * same instant one is seen by the other, and at most one holds. A number that is taken is never
 * taken over, and only who holds removes the dead, so nobody removes a living one.
 *
 * @returns The lock, to be disposed of; nothing when it was done meanwhile, or patience has ended.
 */
export async function takeTurn(
  name: string,
  options: TakeTurnOptions,
): Promise<AsyncDisposable | undefined> {
  const { folder, patienceMs, signal } = options;
  const end = performance.now() + patienceMs * patiences;
  /** By id, those who were waited for, and whether they have ended. */
  const known = new Map<string, boolean>([["", true]]);

  async function settle({ id }: Claim): Promise<void> {
    const timeoutMs = Math.min(patienceMs, end - performance.now());
    if (known.has(id)) return;
    known.set(id, await waitForEnd(livenessAddress(folder, id), { timeoutMs, signal }));
  }

  async function tryOnce(): Promise<AsyncDisposable | undefined> {
    const last = (await listClaims(folder, name)).at(-1);
    if (last && !known.has(last.id)) {
      await settle(last);
      return undefined; // What was waited for may be done.
    }
    const own = await makeClaim(folder, { name, number: (last?.number ?? 0) + 1 });
    if (!own) return undefined;
    try {
      const claims = await listClaims(folder, name);
      if (claims.at(-1)?.id === own.id) {
        const others = claims.slice(0, -1);
        for (const claim of others) await settle(claim);
        await removeDead(others.filter(({ id }) => known.get(id)));
        return own;
      }
    } catch (error) {
      await own[Symbol.asyncDispose]();
      throw error;
    }
    await own[Symbol.asyncDispose]();
    return undefined;
  }

  async function removeDead(claims: readonly Claim[]): Promise<void> {
    for (const { id, path } of claims) {
      await rm(path, { force: true, recursive: true });
      if (id !== "") await rm(livenessAddress(folder, id), { force: true });
    }
  }

  while (!options.isDone() && performance.now() < end) {
    signal.throwIfAborted();
    const lock = await tryOnce();
    if (lock && !options.isDone()) return lock;
    await lock?.[Symbol.asyncDispose]();
  }
  return undefined;
}
