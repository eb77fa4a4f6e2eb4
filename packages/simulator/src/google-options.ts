/** A service account's key file, field by field. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS#8 in PEM. */
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  /** Where the simulator listens. */
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

/**
 * How requests are refused:
 *
 * - `invalid_grant_clock`: as if the client's clock were wrong
 * - `invalid_grant_key`: the key was revoked
 * - `invalid_grant_account`: the account was deleted
 * - `unauthorized_client`: the delegation is not authorised
 * - `invalid_scope`: no such scope
 * - `server_error`: 503 with JSON
 * - `html`: 502 with a page of HTML
 */
export type GoogleFailure =
  | "invalid_grant_clock"
  | "invalid_grant_key"
  | "invalid_grant_account"
  | "unauthorized_client"
  | "invalid_scope"
  | "server_error"
  | "html";

/** How {@linkcode startGoogle} is called. */
export interface GoogleOptions {
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** How long access tokens live, in seconds. @default {3600} */
  readonly expiresIn?: number;
  /** What every request ends in. @default nothing */
  readonly fail?: GoogleFailure;
  /** How many requests fail before they succeed. @default {Infinity} */
  readonly failTimes?: number;
  /** @default any free port */
  readonly port?: number;
}

/** The claims and the header of an assertion. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One token that was handed out. */
export interface IssuedToken {
  readonly token: string;
  readonly scope?: string;
  readonly sub?: string;
  readonly claims: JsonObject;
  readonly header: JsonObject;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** One request that was answered. */
export interface GoogleRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** In milliseconds since 1970 by the simulator's clock. */
  readonly at: number;
}

/** A token endpoint that runs. */
export interface GoogleSimulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, with no slash at the end. */
  readonly url: string;
  readonly tokenUri: string;
  /** A key file that the endpoint accepts, made at the start. */
  readonly key: ServiceAccountKey;
  readonly issued: readonly IssuedToken[];
  readonly log: readonly GoogleRequest[];
  /** Stops, and drops the connections that are open. */
  close(): Promise<void>;
}
