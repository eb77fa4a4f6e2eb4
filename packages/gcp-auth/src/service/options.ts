import type { TokenProvider } from "@decant/core";

/** A service account as clients of the service see it. */
export interface ServedAccount {
  /** Where its tokens come from. */
  readonly provider: TokenProvider;
  /** Its address, by which clients may name it. @default the principal that the provider explains */
  readonly email?: string;
  /** The scopes of a token when a client names none. @default those that the provider explains */
  readonly scopes?: string | readonly string[];
}

/** The machine that clients are told they run on. */
export interface ServedInstance {
  /** Digits. @default {"1"} */
  readonly id?: string;
  /** @default {"decant"} */
  readonly name?: string;
  /** The last part of the zone's name, such as `europe-west3-a`. @default {"local-a"} */
  readonly zone?: string;
  /** @default `<name>.<zone>.c.<project>.internal` */
  readonly hostname?: string;
  /** Values by name, such as `cluster-name`. @default none */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How many requests of one client are answered. */
export interface RateLimit {
  /** How many a second, for as long as it likes. */
  readonly perSecond: number;
  /** How many at once, after a pause. */
  readonly burst: number;
}

/** How a token came about: from memory, new, or with 5 minutes or less left as nothing better is to be had. */
export type CacheResult = "hit" | "miss" | "stale";

/** One request, for an access log. It holds no token, no secret and no query. */
export interface LogEntry {
  /** When it came, in milliseconds since 1970. */
  readonly time: number;
  /** Who asked, as the server said. */
  readonly client?: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** How long the answer took, in milliseconds. */
  readonly ms: number;
  /** How the token came about, where one was given. */
  readonly cache?: CacheResult;
  /** Why the request was refused, or what failed. */
  readonly error?: string;
}

/** What {@linkcode createTokenService} works with. */
export interface TokenServiceOptions {
  /** The accounts, at least one: the first is also called `default`. */
  readonly accounts: readonly ServedAccount[];
  /** @default the project that the first provider explains */
  readonly projectId?: string;
  /** Digits. Absent: clients that ask for it get 404. */
  readonly numericProjectId?: string;
  /** Values of the project by name. @default none */
  readonly projectAttributes?: Readonly<Record<string, string>>;
  readonly instance?: ServedInstance;
  /** @default what the first provider explains, else `googleapis.com` */
  readonly universeDomain?: string;
  /** The only scopes that clients may name. @default any */
  readonly allowedScopes?: string | readonly string[];
  /** The only audiences of identity tokens. @default any */
  readonly allowedAudiences?: readonly string[];
  /**
   * Names without a port by which clients may reach the service, besides those of loopback,
   * `metadata.google.internal` and `169.254.169.254`: a web page that makes its own name lead here is
   * refused.
   *
   * @default none
   */
  readonly hosts?: readonly string[];
  /**
   * What clients must send as `Authorization: Bearer`, 16 characters of ASCII or more, with no space
   * at the ends. Google's own libraries cannot send it. @default nothing is demanded
   */
  readonly secret?: string;
  /** @default no limit */
  readonly rateLimit?: RateLimit;
  /** How many tokens are kept in memory; what was not used for longest goes first. @default {1_000} */
  readonly maxTokens?: number;
  /** Stops the service: those who wait for a change are answered, and no token is asked for any more. */
  readonly signal?: AbortSignal;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** Spreads refreshes, from 0 up to 1. @default {Math.random} */
  readonly random?: () => number;
  /** Waits, and rejects once the signal is aborted. @default {a timer} */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Gets one entry a request. It must not throw. @default nothing is told */
  readonly onLog?: (entry: LogEntry) => void;
}

/** What a server knows of a request besides. */
export interface RequestInfo {
  /** Whose requests count together for the rate limit, such as the address of the peer. */
  readonly client?: string;
  /** Keeps a worker at the edge alive until a refresh has ended. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** What a service needs of a request: a `Request` has it. The names of headers are in lower case. */
export interface TokenServiceRequest extends Pick<Request, "method" | "url" | "signal"> {
  readonly headers: Pick<Headers, "get">;
}

/** An answer to be written as it is. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers one request. It never rejects. */
export type TokenResponder = (
  request: TokenServiceRequest,
  info?: RequestInfo,
) => Promise<TokenAnswer>;

/** Answers one request. It never rejects. */
export type TokenService = (request: Request, info?: RequestInfo) => Promise<Response>;
