interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** What is run once for all who ask for it under one name at the same time. */
export interface SharedTask<T> {
  /** Ends the waiting of this caller, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Its signal ends when nobody waits for it any more. */
  run(signal: AbortSignal): Promise<T>;
}

/** Runs a task, or waits for the one that runs under this name already. */
export type ShareFlight<T> = (name: string, task: SharedTask<T>) => Promise<T>;

/**
 * Lets callers within one process share what they wait for; one that gives up leaves the others alone.
 *
 * @returns The function that runs tasks by name.
 *
 * @example
 * ```ts
 * import { shareFlight } from "@decant/core";
 *
 * const share = shareFlight<string>();
 * const load = () => share("greeting", { run: async () => "good day" });
 * const [one, other] = await Promise.all([load(), load()]); // run once
 * ```
 */
export function shareFlight<T>(): ShareFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function takeOff(name: string, { run }: SharedTask<T>): Flight<T> {
    const controller = new AbortController();
    const flight = { result: run(controller.signal), controller, waiting: 0 };
    flights.set(name, flight);
    return flight;
  }

  return async (name, task) => {
    task.signal?.throwIfAborted();
    const flight = flights.get(name) ?? takeOff(name, task);
    flight.waiting++;
    try {
      return await abortable(flight.result, task.signal);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0) {
        if (flights.get(name) === flight) flights.delete(name);
        flight.controller.abort();
      }
    }
  };
}

/** Settles like the promise, or rejects with the signal's reason, whichever comes first. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
