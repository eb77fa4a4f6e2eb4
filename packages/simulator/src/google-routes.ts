import { awsMetadata, awsSession } from "./google-aws-metadata.ts";
import type { GoogleHandler } from "./google-call.ts";
import { jwkCerts, pemCerts } from "./google-certs.ts";
import { iamCredentials } from "./google-iam.ts";
import { projectInfo, tokenInfo } from "./google-info.ts";
import { metadataRoot, metadataServer } from "./google-metadata.ts";
import { revokeEndpoint } from "./google-revoke.ts";
import { stsIntrospect, stsOauthToken, stsRevoke, stsToken } from "./google-sts.ts";
import { subjectTokenServer } from "./google-subject-token.ts";
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
  { method: "POST", path: /^\/v1\/token$/, handle: stsToken },
  { method: "POST", path: /^\/v1\/oauthtoken$/, handle: stsOauthToken },
  { method: "POST", path: /^\/v1\/introspect$/, handle: stsIntrospect },
  { method: "POST", path: /^\/v1\/revoke$/, handle: stsRevoke },
  { path: /^\/tokeninfo$/, handle: tokenInfo },
  { method: "GET", path: /^\/v1\/projects\/([\w-]+)$/, handle: projectInfo },
  { method: "GET", path: /^\/subject-token$/, handle: subjectTokenServer },
  { method: "PUT", path: /^\/latest\/api\/token$/, handle: awsSession },
  { method: "GET", path: /^\/latest\/meta-data\/(.*)$/, handle: awsMetadata },
  { path: /^\/computeMetadata\/v1(\/.*)?$/, handle: metadataServer },
  { path: /^\/(?:computeMetadata\/?)?$/, handle: metadataRoot },
];
