import { awsSubjectToken } from "./aws-subject-token.ts";
import { basicAuthorization } from "./basic-authorization.ts";
import { type CallOptions, callForJson } from "./call-server.ts";
import { certificateSubjectToken } from "./certificate-subject-token.ts";
import { checkGoogleEndpoint } from "./check-endpoint.ts";
import type { Credential } from "./credential.ts";
import { credentialError } from "./credential-error.ts";
import type { CredentialFile } from "./credential-file.ts";
import type { Exchange } from "./exchange-error.ts";
import { executableSubjectToken } from "./executable-subject-token.ts";
import { expandScopes } from "./expand-scopes.ts";
import { fileSubjectToken } from "./file-subject-token.ts";
import { impersonatedCredential } from "./impersonated-credential.ts";
import { type ExpiringToken, parseToken } from "./parse-token.ts";
import { readFields } from "./read-fields.ts";
import { readImpersonationUrl } from "./read-impersonation-url.ts";
import { stsFlaw } from "./sts-flaw.ts";
import type { SubjectTokenContext, SubjectTokenSource } from "./subject-token.ts";
import { fileUniverse } from "./universe.ts";
import { urlSubjectToken } from "./url-subject-token.ts";

interface Federation {
  readonly context: SubjectTokenContext;
  readonly tokens: SubjectTokenSource;
  readonly tokenUrl: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly userProject: string | undefined;
}

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
const workforcePool = /^\/\/iam\.[^/]+\/locations\/[^/]+\/workforcePools\/[^/]+\/providers\/.+/;

/**
 * Workload or workforce identity federation (https://google.aip.dev/auth/4117): the token of another
 * identity provider is exchanged for one of Google (RFC 8693), with which a service account may
 * be impersonated.
 */
export async function externalAccountCredential(given: CredentialFile): Promise<Credential> {
  const { file, source, effects, subject } = given;
  const fields = readFields(file, source);
  const universe = fileUniverse(given);
  const impersonation = readImpersonationUrl(given, universe);
  const federation = await readFederation({
    ...given,
    universe,
    credentialSource: fields.object("credential_source"),
    audience: fields.text("audience"),
    subjectTokenType: fields.text("subject_token_type"),
    target: impersonation?.target,
  });
  const credential = federatedCredential(federation, universe);
  if (!impersonation) return credential;
  const settings = fields.optionalObject("service_account_impersonation") ?? {};
  const lifetimeSeconds =
    given.lifetimeSeconds ?? readFields(settings, source).optionalNumber("token_lifetime_seconds");
  return {
    ...impersonatedCredential({ credential, ...impersonation, lifetimeSeconds, subject, effects }),
    kind: "external_account",
  };
}

async function readFederation(context: SubjectTokenContext & { universe: string }) {
  const { file, source, universe, audience } = context;
  const fields = readFields(file, source);
  const tokens = await readSource(context);
  const tokenUrl =
    fields.optionalText("token_url") ?? tokens.tokenUrl ?? `https://sts.${universe}/v1/token`;
  const userProject = fields.optionalText("workforce_pool_user_project");
  if (userProject !== undefined && !workforcePool.test(audience)) {
    throw credentialError(source, {
      state: "it has a workforce_pool_user_project, but its audience is no workforce pool",
    });
  }
  const place = { source, field: "token_url", service: "sts", universe } as const;
  return {
    ...{ context, tokens, userProject },
    tokenUrl: checkGoogleEndpoint(tokenUrl, place),
    clientId: fields.optionalText("client_id"),
    clientSecret: fields.optionalText("client_secret"),
  };
}

function readSource(
  context: SubjectTokenContext,
): SubjectTokenSource | Promise<SubjectTokenSource> {
  const kinds = {
    environment_id: awsSubjectToken,
    file: fileSubjectToken,
    url: urlSubjectToken,
    executable: executableSubjectToken,
    certificate: certificateSubjectToken,
  };
  const { credentialSource, source } = context;
  const names = Object.keys(kinds).filter((name) => credentialSource[name] !== undefined);
  // That of AWS has an address too, of the metadata server.
  const [name, ...others] = names.includes("environment_id") ? ["environment_id"] : names;
  if (name !== undefined && others.length === 0) return kinds[name as keyof typeof kinds](context);
  throw credentialError(source, {
    state:
      name === undefined
        ? "its credential_source is none that is known"
        : `its credential_source has ${names.join(" and ")}, of which there can be one`,
  });
}

function federatedCredential(federation: Federation, universe: string): Credential {
  const { context, tokens, tokenUrl, clientId, userProject } = federation;
  const { audience, subjectTokenType, effects, file, source } = context;
  const fields = readFields(file, source);
  const quotaProject = fields.optionalText("quota_project_id");
  return {
    ...{ kind: "external_account", universe, quotaProject },
    project: userProject,
    defaultScopes: expandScopes([]),
    identity:
      tokens.identity === undefined
        ? undefined
        : [
            ...["external_account", audience, subjectTokenType, tokenUrl, universe],
            ...[clientId ?? null, userProject ?? null, quotaProject ?? null, tokens.identity],
          ],
    endpoints: [...tokens.endpoints, tokenUrl],
    warnings: tokens.warnings ?? [],
    mint: (scopes, signal) => exchangeToken(federation, scopes, { ...effects, signal }),
  };
}

async function exchangeToken(
  federation: Federation,
  scopes: readonly string[],
  options: CallOptions,
): Promise<ExpiringToken> {
  const { context, tokens, tokenUrl: url, clientId, clientSecret, userProject } = federation;
  const { audience, subjectTokenType, source, target } = context;
  const exchange: Exchange = {
    label: target ?? source,
    ...{ url, urlSource: "token_url in the file", scopes },
    findFlaw: (refusal) => stsFlaw(audience, refusal),
  };
  const body = new URLSearchParams({
    ...{ grant_type: grantType, audience, scope: scopes.join(" ") },
    requested_token_type: accessTokenType,
    subject_token: await tokens.get(options),
    subject_token_type: subjectTokenType,
    // With a client of its own, the project of the client is counted against.
    ...(userProject !== undefined &&
      clientId === undefined && { options: JSON.stringify({ userProject }) }),
  });
  const headers = clientId === undefined ? {} : basicAuthorization(clientId, clientSecret ?? "");
  const fetch = (await tokens.fetch?.()) ?? options.fetch;
  return parseToken(
    exchange,
    await callForJson({ ...exchange, headers, body }, { ...options, fetch }),
  );
}
