import type { GoogleCredentials, ServiceAccountKey } from "./google-credentials.ts";
import type { GoogleFailure, GoogleFaultOptions, JsonObject } from "./google-options.ts";

/** How a token was asked for. */
export type GoogleGrant =
  | "jwt-bearer"
  | "refresh_token"
  | "token-exchange"
  | "generateAccessToken"
  | "generateIdToken"
  | "metadata";

/** One token that was handed out. */
export interface IssuedToken {
  readonly token: string;
  readonly kind: "access" | "id";
  readonly grant: GoogleGrant;
  /** The address of an account, or the `principal://` of a federated identity. */
  readonly principal: string;
  /** Scopes with spaces between, of access tokens. */
  readonly scope?: string;
  /** Whom an ID token is for. */
  readonly audience?: string;
  /** The user that a service account stands for. */
  readonly sub?: string;
  /** Of the assertion; none for other grants. */
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
  /** What was found true of the request: grant, principal, scope, quota project and the like. */
  readonly verified?: JsonObject;
}

/** The addresses of the accounts there are. All but the user's are service accounts. */
export interface GoogleAccounts {
  readonly user: string;
  /** Has a key. */
  readonly exporter: string;
  /** Stands on the machine with the metadata server. */
  readonly machine: string;
  readonly reader: string;
  readonly relay: string;
  /** Only `relay` may act as it, so that it takes a chain of impersonation. */
  readonly vault: string;
}

/** What a workload with a certificate has, in PEM. */
export interface GoogleCertificates {
  /** The authority that signed the workload's certificate, and the server's. */
  readonly ca: string;
  readonly certificate: string;
  /** The private key of the certificate. */
  readonly key: string;
}

/** Google's endpoints, running. */
export interface GoogleSimulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, with no slash at the end. All endpoints begin with it. */
  readonly url: string;
  readonly tokenUri: string;
  /** `127.0.0.1:PORT`, for `GCE_METADATA_HOST` and its like. */
  readonly host: string;
  /** A key file that the endpoint accepts, made at the start. */
  readonly key: ServiceAccountKey;
  readonly accounts: GoogleAccounts;
  /** Credential files of every kind, whose addresses are the simulator's. */
  readonly credentials: GoogleCredentials;
  /** Only with `mutualTls`. */
  readonly certificates?: GoogleCertificates;
  readonly issued: readonly IssuedToken[];
  readonly log: readonly GoogleRequest[];
  /** An identity token of the foreign provider that the workload identity pool trusts. */
  subjectToken(changes?: JsonObject): Promise<string>;
  /** Where tokens of an account can be had by impersonation. */
  impersonationUrl(account: string): string;
  /** Makes requests fail from now on, or none. */
  fail(failure: GoogleFailure | undefined, options?: GoogleFaultOptions): void;
  /** Stops, and drops the connections that are open. */
  close(): Promise<void>;
}
