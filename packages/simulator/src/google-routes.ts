import type { GoogleHandler } from "./google-call.ts";
import { jwkCerts, pemCerts } from "./google-certs.ts";
import { iamCredentials } from "./google-iam.ts";
import { metadataRoot, metadataServer } from "./google-metadata.ts";
import { revokeEndpoint } from "./google-revoke.ts";
import { tokenEndpoint } from "./google-token-endpoint.ts";

/** One endpoint. */
export interface GoogleRoute {
  /** Any method where there is none. */
  readonly method?: string;
  readonly path: RegExp;
  readonly handle: GoogleHandler;
}

/** All endpoints; what no route knows is Google's page that says 404. */
export const googleRoutes: readonly GoogleRoute[] = [
  { method: "POST", path: /^\/token$/, handle: tokenEndpoint },
  { method: "POST", path: /^\/revoke$/, handle: revokeEndpoint },
  {
    method: "POST",
    path: /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):(generate(?:Access|Id)Token|sign(?:Jwt|Blob))$/,
    handle: iamCredentials,
  },
  { method: "GET", path: /^\/oauth2\/v3\/certs$/, handle: jwkCerts },
  { method: "GET", path: /^\/oauth2\/v1\/certs$/, handle: pemCerts },
  { path: /^\/computeMetadata\/v1(\/.*)?$/, handle: metadataServer },
  { path: /^\/(?:computeMetadata\/?)?$/, handle: metadataRoot },
];
