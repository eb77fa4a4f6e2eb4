/** A clock that jumps from wait to wait. */
export interface VirtualClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets time pass until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Makes a clock that stands still until all is at rest, and then jumps to the next wait's end. */
export function createVirtualClock(): VirtualClock {
  const waits = new Set<{ readonly at: number; readonly resolve: () => void }>();
  let time = Date.parse("2026-01-31T12:00:00.300Z");

  function jump(): boolean {
    const [next] = [...waits].sort((a, b) => a.at - b.at);
    if (!next) return false;
    waits.delete(next);
    time = Math.max(time, next.at);
    next.resolve();
    return true;
  }

  return {
    now: () => time,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const wait = { at: time + Math.max(0, ms), resolve };
        waits.add(wait);
        const stop = () => {
          waits.delete(wait);
          reject(signal?.reason);
        };
        if (signal?.aborted) stop();
        else signal?.addEventListener("abort", stop, { once: true });
      });
    },
    async run(work) {
      let working = true;
      const end = () => {
        working = false;
      };
      work.then(end, end);
      for (let idle = 0; working; ) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (!working) break;
        idle = jump() ? 0 : idle + 1;
        if (idle > 100) throw new Error("nothing waits, and the work is not done");
      }
      return await work;
    },
  };
}
