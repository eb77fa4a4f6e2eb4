/** The members of an object that came as JSON: claims, a header, an answer. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * How requests are refused:
 *
 * - `invalid_grant_clock`: as if the client's clock were wrong
 * - `invalid_grant_key`: the key was revoked
 * - `invalid_grant_account`: the account was deleted
 * - `invalid_grant_token`: the refresh token expired or was revoked
 * - `invalid_rapt`: the user must sign in again
 * - `invalid_client`: no such OAuth client
 * - `unauthorized_client`: the delegation is not authorised
 * - `invalid_scope`: no such scope
 * - `invalid_target`: no such workload identity provider
 * - `permission_denied`: 403 as the IAM API words it
 * - `rate_limited`: 429, with `retry-after`
 * - `internal_error`: 500 with JSON
 * - `server_error`: 503 with JSON
 * - `html`: 502 with a page of HTML
 *
 * Or how they go wrong:
 *
 * - `down`: the connection closes without an answer
 * - `cut`: the connection closes in the middle of the body
 * - `slow`: the answer is good, but comes after `delayMs`
 * - `garbage`: 200 with a body that is no JSON
 * - `empty`: 200 with no body
 */
export type GoogleFailure =
  | "invalid_grant_clock"
  | "invalid_grant_key"
  | "invalid_grant_account"
  | "invalid_grant_token"
  | "invalid_rapt"
  | "invalid_client"
  | "unauthorized_client"
  | "invalid_scope"
  | "invalid_target"
  | "permission_denied"
  | "rate_limited"
  | "internal_error"
  | "server_error"
  | "html"
  | "down"
  | "cut"
  | "slow"
  | "garbage"
  | "empty";

/** Which requests fail. */
export interface GoogleFaultOptions {
  /** How many requests fail before they succeed. @default {Infinity} */
  readonly times?: number;
  /** What the paths of these requests begin with, such as `/v1/token`. @default {"/"} */
  readonly path?: string;
}

/** The virtual machine that the metadata server tells of. */
export interface GoogleMachineOptions {
  /** Whether the machine has a service account. @default {true} */
  readonly serviceAccount?: boolean;
  /**
   * What the machine's account may be used for. Tokens that name their scopes get any of them when
   * `cloud-platform` is among these, otherwise only these.
   *
   * @default `cloud-platform` and `userinfo.email`
   */
  readonly scopes?: readonly string[];
  /** Values that users gave the machine. @default {{ "cluster-name": "demo-cluster" }} */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How {@linkcode startGoogle} is called. */
export interface GoogleOptions {
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /**
   * How long access tokens live, in seconds, by what the answers say. What is not a number from 1 to
   * 43,200 is said all the same, while the token lives for an hour; null leaves `expires_in` out.
   *
   * @default {3600}
   */
  readonly expiresIn?: number | string | null;
  /** What every request ends in. @default nothing */
  readonly fail?: GoogleFailure;
  /** How many requests fail before they succeed. @default {Infinity} */
  readonly failTimes?: number;
  /** What the paths of requests that fail begin with. @default {"/"} */
  readonly failPath?: string;
  /** How long `slow` answers take, in milliseconds. @default {1000} */
  readonly delayMs?: number;
  /** @default {"googleapis.com"} */
  readonly universeDomain?: string;
  /**
   * Who may act as a service account: its address, and the principals with the role
   * `iam.serviceAccountTokenCreator` on it.
   *
   * @default the user, `exporter`, `relay` and federated identities may act as `reader`, the user and
   * `exporter` as `relay`, and `relay` alone as `vault`
   */
  readonly tokenCreators?: Readonly<Record<string, readonly string[]>>;
  /** Accounts whose tokens may live for 12 hours instead of one. @default `vault` */
  readonly longLived?: readonly string[];
  readonly machine?: GoogleMachineOptions;
  /** Whether AWS's metadata server wants a session token: 2 refuses without. @default {2} */
  readonly imds?: 1 | 2;
  /**
   * Whether there is an endpoint with mutual TLS besides, for workloads with a certificate.
   *
   * @default {false}
   */
  readonly mutualTls?: boolean;
  /** @default any free port */
  readonly port?: number;
}
