import type { ClientCertificate } from "@decant/core";
import type { SigningKey } from "./read-signing-key.ts";

/** How a client proves who it is, by the names of OpenID Connect Registration. */
export type AuthMethod =
  | "client_secret_basic"
  | "client_secret_post"
  | "private_key_jwt"
  | "tls_client_auth"
  | "none";

/** How tokens are come by. */
export type GrantName = "client-credentials" | "device-code" | "refresh-token" | "token-exchange";

/** A token to exchange for another. */
export interface SubjectToken {
  /** Reads it anew, since who made the file may replace it. */
  read(): Promise<string>;
  /** What it is (RFC 8693, section 3). */
  readonly type: string;
}

/** What the options said, checked. */
export interface Settings {
  /** As it was given. Absent: the server tells nothing of itself. */
  readonly issuer: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly deviceEndpoint: string | undefined;
  /** How messages name the server. */
  readonly server: string;
  readonly clientId: string;
  /** Absent: what fits the secret and the server. */
  readonly authMethod: AuthMethod | undefined;
  readonly secret: string | undefined;
  readonly key: SigningKey | undefined;
  readonly certificate: ClientCertificate | undefined;
  readonly assertionAudience: "issuer" | "token-endpoint";
  readonly grant: GrantName;
  readonly refreshToken: string | undefined;
  /** The token to exchange, of somebody else's server. */
  readonly subjectToken: SubjectToken | undefined;
  readonly audienceParameter: "resource" | "audience";
  readonly parameters: readonly (readonly [name: string, value: string])[];
}
