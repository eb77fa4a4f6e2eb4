import { hashText } from "./random.ts";

/**
 * What goes wrong. All of it follows from the seed, the address and how often that was asked for.
 * Where nothing else is said, a number is the probability, from 0 to 1, for each request.
 *
 * @example
 * ```ts
 * import { startSentry } from "@decant/simulator";
 *
 * const sentry = await startSentry({
 *   faults: { serverError: 0.1, cutBody: 0.05, lateBetweenPages: 2, maxConsecutive: 2 },
 * });
 * await sentry.close();
 * ```
 */
export interface Faults {
  /** 500 with Sentry's own body. */
  readonly serverError?: number;
  /** 502 with a page of HTML from a proxy. */
  readonly badGateway?: number;
  /** The connection is dropped in the middle of the body. */
  readonly cutBody?: number;
  /** The body ends early, but well framed: a proxy cut it. */
  readonly truncatedJson?: number;
  /** The connection is dropped before any answer. */
  readonly reset?: number;
  /** The answer comes late. */
  readonly slow?: { readonly rate: number; readonly ms: number };
  /** 429: the window is used up. */
  readonly tooMany?: number;
  /** 429: too many at a time, though requests of the window remain. */
  readonly tooManyConcurrent?: number;
  /** 429 of the query service, with no headers. */
  readonly snubaThrottle?: number;
  /** 400 that means a timeout: of event lists and discover only. */
  readonly queryTimeout400?: number;
  /** Adds a `Retry-After` with a date, one second ahead, to the errors above. */
  readonly retryAfterDate?: boolean;
  /** A page of a list whose cursors count rows repeats one of them: events, explore, replays. */
  readonly duplicateRows?: number;
  /** A page of such a list is short though it is not the last. */
  readonly shortPages?: number;
  /** Events of the same second change their order at each request. */
  readonly shuffleTies?: boolean;
  /** After each page of events or of a dataset this many new ones arrive at the head. */
  readonly insertBetweenPages?: number;
  /** After each page this many arrive late, with the time of the page's first event. */
  readonly lateBetweenPages?: number;
  /** Every page but the first names its own cursor as the next. */
  readonly repeatCursor?: boolean;
  /** Every page is the first. */
  readonly ignoreCursor?: boolean;
  /** The second page comes for ever, each time under a new cursor. */
  readonly endlessPage?: boolean;
  /** The origin that `Link` headers point to, instead of the right one. */
  readonly crossOriginLink?: string;
  /** Every answer is a login page, with status 200. */
  readonly htmlLogin?: boolean;
  /** Any page that would hold one of these events is a 500, whatever its size. */
  readonly failEvent?: readonly string[];
  /** What `count()` is off by. */
  readonly countOff?: number;
  /**
   * Explore looks at a sample of spans and logs: each second row is missing, and `dataScanned` is
   * `partial`, unless `sampling=HIGHEST_ACCURACY` is asked for.
   */
  readonly partialScan?: boolean;
  /**
   * Never more faults in a row at one address than this, so that a client that tries often enough
   * gets through.
   *
   * @default {3}
   */
  readonly maxConsecutive?: number;
}

/** The faults that are a matter of probability. */
type ChanceFault = {
  [K in keyof Faults]-?: Faults[K] extends number | undefined ? K : never;
}[keyof Faults];

/** Decides, request by request, what goes wrong. */
export interface FaultPlan {
  readonly settings: Faults;
  /** The fault of a new request to this address, of those that replace or spoil the answer. */
  next(url: string, candidates: readonly SpoilingFault[]): SpoilingFault | undefined;
  /** Whether a fault that a client need not notice occurs at this address now. */
  roll(fault: "duplicateRows" | "shortPages" | "slow", url: string): boolean;
}

/** The faults that make a client ask again. */
export type SpoilingFault = Extract<
  ChanceFault,
  | "serverError"
  | "badGateway"
  | "cutBody"
  | "truncatedJson"
  | "reset"
  | "tooMany"
  | "tooManyConcurrent"
  | "snubaThrottle"
  | "queryTimeout400"
>;

/** Makes the plan. */
export function createFaultPlan(settings: Faults, seed: number): FaultPlan {
  const asked = new Map<string, { times: number; inRow: number }>();
  const most = settings.maxConsecutive ?? 3;
  const chance = (fault: string, url: string) =>
    hashText(seed, `${fault} ${asked.get(url)?.times ?? 0} ${url}`) / 2 ** 32;
  return {
    settings,
    next(url, candidates) {
      const before = asked.get(url) ?? { times: 0, inRow: 0 };
      const fault =
        before.inRow >= most
          ? undefined
          : candidates.find((name) => chance(name, url) < (settings[name] ?? 0));
      asked.set(url, { times: before.times + 1, inRow: fault ? before.inRow + 1 : 0 });
      return fault;
    },
    roll(fault, url) {
      const rate = fault === "slow" ? settings.slow?.rate : settings[fault];
      return rate !== undefined && chance(fault, url) < rate;
    },
  };
}
