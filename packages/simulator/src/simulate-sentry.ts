import { createSimulation } from "./create-simulation.ts";
import { type InProcess, replyInProcess } from "./reply-in-process.ts";
import type { SentryOptions } from "./sentry-options.ts";
import type { SentrySimulator } from "./sentry-simulator.ts";

/** A Sentry in this process, which only its own `fetch` reaches. */
export interface SimulatedSentry extends SentrySimulator {
  /**
   * Answers as the server would. A dropped connection is a rejected promise, or a body that ends in
   * an error; a request is under way until its body was read or cancelled. Any other origin refuses
   * the connection.
   */
  readonly fetch: typeof globalThis.fetch;
}

/** The most redirects that fetch follows (Fetch standard, HTTP-redirect fetch). */
const mostRedirects = 20;

/**
 * Makes the Sentry of {@linkcode startSentry} without a server, for tests that need thousands of
 * them. Its address, `https://sentry.invalid`, leads nowhere by any other way.
 *
 * @returns The simulator. There is nothing that must be closed; once it is, requests fail.
 *
 * @example
 * ```ts
 * import { simulateSentry } from "@decant/simulator";
 *
 * const sentry = simulateSentry({ eventBytes: "tiny", faults: { reset: 0.1 } });
 * const path = `/api/0/organizations/${sentry.org}/issues/${sentry.issues[0]?.id}/events/`;
 * const headers = { authorization: `Bearer ${sentry.token}` };
 * const response = await sentry.fetch(`${sentry.url}${path}?full=true`, { headers });
 * const events: unknown[] = await response.json();
 * console.log(response.status, events.length);
 * ```
 */
export function simulateSentry(
  options: Omit<SentryOptions, "port" | "gzip"> = {},
): SimulatedSentry {
  const { handle, simulator } = createSimulation(options, "https://sentry.invalid");
  const inProcess: InProcess = { handle, origin: simulator.url, now: options.now ?? Date.now };
  let open = true;
  const close = async () => {
    open = false;
  };
  return {
    ...simulator,
    async fetch(input, init) {
      const request = input instanceof Request ? new Request(input, init) : undefined;
      const { redirect = "follow", signal } = request ?? init ?? {};
      const method = request?.method ?? init?.method?.toUpperCase() ?? "GET";
      const headers = new Headers(request?.headers ?? init?.headers);
      let url = new URL(request?.url ?? String(input));
      for (let redirects = 0; redirects <= mostRedirects; redirects++) {
        signal?.throwIfAborted();
        if (!open || url.origin !== simulator.url) throw connectionRefused(url);
        const response = await replyInProcess({ url, method, headers, signal }, inProcess);
        const location = response.headers.get("location");
        if (location === null || redirect === "manual") return response;
        await response.body?.cancel();
        if (redirect === "error") throw new TypeError("fetch failed: unexpected redirect");
        url = new URL(location, url);
      }
      throw new TypeError("fetch failed: redirect count exceeded");
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function connectionRefused({ host }: URL): TypeError {
  const cause = Object.assign(new Error(`connect ECONNREFUSED ${host}`), { code: "ECONNREFUSED" });
  return new TypeError("fetch failed", { cause });
}
