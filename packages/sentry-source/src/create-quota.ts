/** What limits the requests of a period. */
export interface Quota {
  /**
   * The time before which no more may be sent: 0 where there is room, `Infinity` where an answer has
   * to come first.
   *
   * @param unanswered How many are under way that no answer has counted yet.
   */
  holdUntil(unanswered: number): number;
  /** Takes note of an answer that came just now. */
  observe(answer: Pick<Response, "headers" | "status">, sent: number): void;
}

/** How a quota is made. */
export interface QuotaOptions {
  now(): number;
  /** From 0 up to 1. */
  random(): number;
}

/** What the server says of the present period. */
interface Period {
  readonly limit: number;
  readonly remaining: number;
  /** When it ends, in milliseconds since 1970 by the server's clock. */
  readonly reset: number;
}

/** No server's period is longer: what seems to be is a mistake, and nothing to wait for. */
const longestMs = 600_000;
/** After a refusal, the first request of so many periods has to tell what others left of it. */
const carefulPeriods = 10;

/**
 * Keeps the number of requests in each period, by what the answers say is left of it
 * (https://docs.sentry.io/api/ratelimits/). Requests under way count as if none of them were
 * counted yet, so that the server need not refuse any; only other programs can use up the rest.
 */
export function createQuota({ now, random }: QuotaOptions): Quota {
  let limit = Number.POSITIVE_INFINITY;
  // The first answer has to tell what there is.
  let left = 1;
  let reset = 0;
  let endsAt = Number.POSITIVE_INFINITY;
  /** In how many more periods others may be quicker. */
  let careful = 0;
  const server = createServerClock();

  function note(period: Period, received: number): void {
    // An answer that was overtaken speaks of a period that is over.
    if (period.reset < reset) return;
    left = period.reset > reset ? period.remaining : Math.min(left, period.remaining);
    ({ limit, reset } = period);
    endsAt = reset - server.ahead() + 50 + random() * 100;
    if (endsAt - received > longestMs) left = Number.POSITIVE_INFINITY;
  }

  return {
    holdUntil(unanswered) {
      if (now() >= endsAt) {
        left = careful > 0 ? 1 : limit;
        careful = Math.max(0, careful - 1);
        // When the next one ends, an answer will tell.
        endsAt = Number.POSITIVE_INFINITY;
      }
      return unanswered < left ? 0 : endsAt;
    },
    observe({ headers, status }, sent) {
      const received = now();
      server.observe(headers, { sent, received });
      const period = readPeriod(headers);
      if (period) note(period, received);
      else if (limit === Number.POSITIVE_INFINITY) left = limit;
      // An error page of a proxy: the server behind it may have counted it.
      else if (endsAt !== Number.POSITIVE_INFINITY) left--;
      if (status === 429 && period?.remaining === 0) careful = carefulPeriods;
    },
  };
}

function readPeriod(headers: Headers): Period | undefined {
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    readCount(headers, name),
  );
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  return limit > 0 && reset > 0 ? { limit, remaining, reset: reset * 1_000 } : undefined;
}

/** Reads a header of Sentry's limiter, which writes "None" for a limit that there is not. */
export function readCount(headers: Headers, name: string): number | undefined {
  const text = headers.get(`x-sentry-rate-limit-${name}`) ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** How far the server's clock is ahead of ours, in milliseconds. */
function createServerClock() {
  let ahead: number | undefined;
  return {
    ahead: () => ahead ?? 0,
    /** `Date` has whole seconds and is written between sending and receiving: each answer bounds it. */
    observe(headers: Headers, { sent, received }: { sent: number; received: number }): void {
      const date = Date.parse(headers.get("date") ?? "");
      if (Number.isNaN(date)) return;
      const least = date - received;
      const most = date + 1_000 - sent;
      // The greatest lower bound is the best guess, until one of the clocks was set.
      if (ahead === undefined || least > ahead || most < ahead) ahead = least;
    },
  };
}
