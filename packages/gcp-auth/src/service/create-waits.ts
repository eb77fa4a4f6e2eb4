import type { TokenServiceRequest } from "./options.ts";

/** How long a client wants to wait. */
interface WaitRequest {
  readonly params: URLSearchParams;
  /** The tag of what it would get now. */
  readonly tag: string;
  /** Its signal ends when the client is gone. */
  readonly request: Pick<TokenServiceRequest, "signal">;
}

/** Holds back the answers to those who wait for a change. */
export interface Waits {
  /** Resolves to false, at once, if too many wait already. */
  wait(request: WaitRequest): Promise<boolean>;
  count(): number;
}

const longestSeconds = 300;
const most = 1_000;

/**
 * Makes what `wait_for_change=true` needs
 * (https://cloud.google.com/compute/docs/metadata/querying-metadata#waitforchange). Nothing that can
 * be waited for ever changes here, so that a wait ends after `timeout_sec`, five minutes at most, when
 * the client is gone or the service stops; and one with another `last_etag` ends at once.
 */
export function createWaits(effects: {
  readonly signal: AbortSignal;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}): Waits {
  let waiting = 0;
  return {
    count: () => waiting,
    async wait({ params, tag, request }) {
      const seconds = secondsToWait(params, tag);
      if (seconds === 0) return true;
      if (waiting >= most) return false;
      waiting++;
      try {
        const ended = AbortSignal.any([effects.signal, request.signal]);
        await effects.sleep(seconds * 1_000, ended).catch(() => undefined);
      } finally {
        waiting--;
      }
      return true;
    },
  };
}

/** How many seconds a client is to wait, 0 for none. */
function secondsToWait(params: URLSearchParams, tag: string): number {
  if (params.get("wait_for_change")?.toLowerCase() !== "true") return 0;
  const last = params.get("last_etag");
  if (last !== null && last !== "" && last !== tag) return 0;
  const asked = params.get("timeout_sec");
  if (asked === null || asked === "") return longestSeconds;
  return /^\d+$/.test(asked) ? Math.min(Number(asked), longestSeconds) : 0;
}
