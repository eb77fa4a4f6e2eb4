import { callForJson } from "./call-server.ts";
import type { Credential } from "./credential.ts";
import { credentialProvider } from "./credential-provider.ts";
import { delegatedCredential } from "./delegated-credential.ts";
import type { Effects } from "./effects.ts";
import { expandScopes } from "./expand-scopes.ts";
import { generateIdToken } from "./generate-id-token.ts";
import { type IamTarget, iamExchange } from "./iam-exchange.ts";
import { checkLifetime, refuseLifetime } from "./parse-lifetime.ts";
import { parseIamToken } from "./parse-token.ts";

/** What {@linkcode impersonatedCredential} works with. */
export interface ImpersonationOptions {
  /** Who impersonates. */
  readonly credential: Credential;
  /** The service account. */
  readonly target: string;
  /** Those in between, each of which may impersonate the next. @default {[]} */
  readonly delegates?: readonly string[] | undefined;
  /** The address of its `generateAccessToken`. */
  readonly url: string;
  /** How long a token lives, in seconds. @default {3600} */
  readonly lifetimeSeconds?: number | undefined;
  /** The user that the service account is to act for, by domain-wide delegation. */
  readonly subject?: string | undefined;
  readonly quotaProject?: string | undefined;
  readonly effects: Effects;
}

/** A service account that is impersonated, and the token of who does it. */
export interface Impersonation extends Omit<ImpersonationOptions, "quotaProject"> {
  readonly iamTarget: IamTarget;
  getBearer(signal: AbortSignal): Promise<string>;
}

/** The credential of a service account that another credential impersonates. */
export function impersonatedCredential(options: ImpersonationOptions): Credential {
  const { credential, target, delegates = [], url, lifetimeSeconds, subject, effects } = options;
  const { quotaProject = credential.quotaProject } = options;
  const source = credential.principal ?? `the credential of type ${credential.kind}`;
  const found = { source, reason: "it impersonates another", considered: [] };
  const provider = credentialProvider(credential, { found, effects });
  const impersonation: Impersonation = {
    ...options,
    iamTarget: { target, delegates, url, source, quotaProject },
    getBearer: async (signal) => (await provider.getToken({ signal })).value,
  };
  const common = {
    kind: "impersonated_service_account",
    project: credential.project,
    quotaProject,
    universe: credential.universe,
    defaultScopes: expandScopes([]),
    identity: credential.identity && [
      ...["impersonated_service_account", target, delegates, url, lifetimeSeconds ?? null],
      ...[subject ?? null, quotaProject ?? null, credential.identity],
    ],
    warnings: credential.warnings,
  };
  if (subject === undefined) return { ...common, ...ownTokens(impersonation) };
  if (lifetimeSeconds !== undefined) refuseLifetime("user that is acted for");
  return { ...common, ...delegatedCredential({ ...impersonation, subject }) };
}

/** How the service account's own tokens are got. */
function ownTokens(
  impersonation: Impersonation,
): Pick<Credential, "principal" | "hasLifetime" | "endpoints" | "mint" | "mintIdToken"> {
  const { credential, target, url, iamTarget, effects, getBearer } = impersonation;
  const { lifetimeSeconds = 3600 } = impersonation;
  checkLifetime(lifetimeSeconds);
  return {
    principal: target,
    hasLifetime: true,
    endpoints: [...credential.endpoints, url],
    async mint(scopes, signal) {
      const bearer = await getBearer(signal);
      const body = { scope: scopes, lifetime: `${lifetimeSeconds}s` };
      const call = { method: "generateAccessToken", bearer, scopes, body } as const;
      const exchange = iamExchange(iamTarget, call);
      return parseIamToken(exchange, await callForJson(exchange, { ...effects, signal }));
    },
    async mintIdToken({ audience }, signal) {
      const bearer = await getBearer(signal);
      return generateIdToken({ ...iamTarget, audience, bearer }, { ...effects, signal });
    },
  };
}
