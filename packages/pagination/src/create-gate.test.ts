import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { createGate } from "./create-gate.ts";

/** A promise to be settled by hand. */
const later = () => Promise.withResolvers<void>();
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still until it is moved, and the waits that hang on it. */
function fakeClock() {
  let time = 1_000_000;
  const waits = new Set<{ until: number; resolve: () => void }>();
  return {
    now: () => time,
    waits,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const wait = { until: time + ms, resolve };
        waits.add(wait);
        signal?.addEventListener("abort", () => {
          waits.delete(wait);
          reject(signal.reason);
        });
      }),
    async advance(ms: number) {
      time += ms;
      for (const wait of waits) {
        if (wait.until > time) continue;
        waits.delete(wait);
        wait.resolve();
      }
      await settle();
    },
  };
}

test("run() never has more tasks than allowed, and starts them in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(3), { maxLength: 30 }),
      async (concurrency, lengths) => {
        const gate = createGate({ concurrency });
        const started: number[] = [];
        let running = 0;
        await Promise.all(
          lengths.map((turns, index) =>
            gate.run(async () => {
              started.push(index);
              running++;
              expect(running).toBeLessThanOrEqual(concurrency);
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              running--;
            }),
          ),
        );
        expect(started).toEqual(lengths.map((_, index) => index));
      },
    ),
  );
});

test("run() gives back what the task gives, and frees its place when it fails", async () => {
  const gate = createGate({ concurrency: 1 });
  const fail = () => {
    throw new Error("at once");
  };
  await expect(gate.run(fail)).rejects.toThrow("at once");
  await expect(gate.run(() => Promise.reject(new Error("later")))).rejects.toThrow("later");
  await expect(gate.run(async () => 7)).resolves.toBe(7);
});

test("run() leaves the queue when its signal is aborted", async () => {
  const gate = createGate({ concurrency: 1 });
  const first = later();
  const running = gate.run(() => first.promise);
  const stop = new AbortController();
  const task = vi.fn(async () => {});
  const left = gate.run(task, stop.signal);
  const next = gate.run(async () => "next");
  stop.abort(new Error("enough"));
  await expect(left).rejects.toThrow("enough");
  first.resolve();
  await running;
  await expect(next).resolves.toBe("next");
  await expect(gate.run(task, stop.signal)).rejects.toThrow("enough");
  expect(task).not.toHaveBeenCalled();
});

test("run() is not ended by a signal that is aborted while the task runs", async () => {
  const stop = new AbortController();
  const task = later();
  const running = createGate({ concurrency: 1 }).run(() => task.promise, stop.signal);
  await settle();
  stop.abort();
  task.resolve();
  await expect(running).resolves.toBeUndefined();
});

test("concurrency may grow and shrink while tasks wait", async () => {
  const gate = createGate({ concurrency: 1 });
  const tasks = Array.from({ length: 5 }, later);
  let started = 0;
  const all = tasks.map((task) =>
    gate.run(() => {
      started++;
      return task.promise;
    }),
  );
  const finish = async (count: number) => {
    for (const task of tasks.splice(0, count)) task.resolve();
    await settle();
  };
  await settle();
  expect(started).toBe(1);
  gate.concurrency = 3;
  await settle();
  expect(started).toBe(3);
  gate.concurrency = 1;
  await finish(2);
  expect(started).toBe(3);
  await finish(1);
  expect(started).toBe(4);
  await finish(2);
  await Promise.all(all);
  expect(gate.concurrency).toBe(1);
});

test("createGate() refuses a concurrency that is no count", () => {
  for (const concurrency of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => createGate({ concurrency })).toThrow(/Cannot set concurrency/);
  }
  const gate = createGate({ concurrency: 2 });
  expect(() => {
    gate.concurrency = 0;
  }).toThrow(/Cannot set concurrency/);
  expect(gate.concurrency).toBe(2);
});

test("pauseUntil() starts nothing before its time, and the latest time counts", async () => {
  const clock = fakeClock();
  const gate = createGate({ concurrency: 2, ...clock });
  gate.pauseUntil(clock.now() + 5000);
  const task = vi.fn(async () => {});
  const running = gate.run(task);
  gate.pauseUntil(clock.now() + 9000);
  gate.pauseUntil(clock.now() + 1000);
  await clock.advance(5000);
  expect(task).not.toHaveBeenCalled();
  await clock.advance(4000);
  await running;
  expect(task).toHaveBeenCalledTimes(1);
});

test("pauseUntil() leaves running tasks alone", async () => {
  const clock = fakeClock();
  const gate = createGate({ concurrency: 1, ...clock });
  const task = later();
  const running = gate.run(() => task.promise);
  gate.pauseUntil(clock.now() + 5000);
  task.resolve();
  await expect(running).resolves.toBeUndefined();
});

test("pauseUntil() keeps no timer for a queue that was left", async () => {
  const clock = fakeClock();
  const gate = createGate({ concurrency: 1, ...clock });
  gate.pauseUntil(clock.now() + 5000);
  const stop = new AbortController();
  const left = gate.run(async () => {}, stop.signal);
  expect(clock.waits.size).toBe(1);
  stop.abort(new Error("enough"));
  await expect(left).rejects.toThrow("enough");
  expect(clock.waits.size).toBe(0);
  const late = gate.run(async () => "late");
  await settle();
  await clock.advance(5000);
  await expect(late).resolves.toBe("late");
});

test("pauseUntil() holds no longer than it waited, whatever the clock says", async () => {
  const gate = createGate({ concurrency: 1, now: () => 0, sleep: async () => {} });
  gate.pauseUntil(60_000);
  await expect(gate.run(async () => "done")).resolves.toBe("done");
});

test("pauseUntil() works with real timers", async () => {
  const gate = createGate({ concurrency: 1 });
  const until = Date.now() + 20;
  gate.pauseUntil(until);
  expect(await gate.run(async () => Date.now())).toBeGreaterThanOrEqual(until - 1);
});

test("holdUntil() is asked before each start, with how many run", async () => {
  const clock = fakeClock();
  const asked: number[] = [];
  const gate = createGate({
    concurrency: 5,
    ...clock,
    holdUntil(running) {
      asked.push(running);
      return running < 2 ? 0 : Number.POSITIVE_INFINITY;
    },
  });
  const tasks = Array.from({ length: 3 }, later);
  const started: number[] = [];
  const all = tasks.map((task, index) =>
    gate.run(() => {
      started.push(index);
      return task.promise;
    }),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  expect(clock.waits.size).toBe(0);
  tasks[1]?.resolve();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  for (const task of tasks) task.resolve();
  await Promise.all(all);
  expect(asked).toEqual([0, 1, 2, 1]);
});

test("holdUntil() may change its mind while a task waits for the time", async () => {
  const clock = fakeClock();
  let until = clock.now() + 9000;
  const gate = createGate({ concurrency: 1, ...clock, holdUntil: () => until });
  const task = vi.fn(async () => {});
  const held = gate.run(task);
  until = clock.now() + 3000;
  const also = gate.run(task);
  expect(clock.waits.size).toBe(1);
  await clock.advance(2999);
  expect(task).not.toHaveBeenCalled();
  await clock.advance(1);
  await Promise.all([held, also]);
  expect(clock.waits.size).toBe(0);
});

test("holdUntil() holds no longer than was waited, whatever the clock says", async () => {
  const options = { now: () => 0, sleep: async () => {}, holdUntil: () => 60_000 };
  const gate = createGate({ concurrency: 1, ...options });
  await expect(gate.run(async () => "done")).resolves.toBe("done");
});
