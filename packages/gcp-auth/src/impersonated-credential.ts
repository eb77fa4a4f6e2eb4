import { callForJson } from "./call-server.ts";
import type { Credential } from "./credential.ts";
import { credentialProvider } from "./credential-provider.ts";
import type { Effects } from "./effects.ts";
import { expandScopes } from "./expand-scopes.ts";
import { generateIdToken } from "./generate-id-token.ts";
import { type IamTarget, iamExchange } from "./iam-exchange.ts";
import { checkLifetime } from "./parse-lifetime.ts";
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
  readonly quotaProject?: string | undefined;
  readonly effects: Effects;
}

/** The credential of a service account that another credential impersonates. */
export function impersonatedCredential(options: ImpersonationOptions): Credential {
  const { credential, target, delegates = [], url, lifetimeSeconds = 3600, effects } = options;
  checkLifetime(lifetimeSeconds);
  const { quotaProject = credential.quotaProject } = options;
  const source = credential.principal ?? `the credential of type ${credential.kind}`;
  const iamTarget: IamTarget = { target, delegates, url, source, quotaProject };
  const found = { source, reason: "it impersonates another", considered: [] };
  const provider = credentialProvider(credential, { found, effects });
  return {
    kind: "impersonated_service_account",
    principal: target,
    project: credential.project,
    quotaProject,
    universe: credential.universe,
    defaultScopes: expandScopes([]),
    identity: credential.identity && [
      "impersonated_service_account",
      ...[target, delegates, url, lifetimeSeconds, quotaProject ?? null, credential.identity],
    ],
    hasLifetime: true,
    endpoints: [...credential.endpoints, url],
    warnings: credential.warnings,
    async mint(scopes, signal) {
      const { value: bearer } = await provider.getToken({ signal });
      const body = { scope: scopes, lifetime: `${lifetimeSeconds}s` };
      const exchange = iamExchange(iamTarget, {
        ...{ method: "generateAccessToken", bearer, scopes, body },
      });
      return parseIamToken(exchange, await callForJson(exchange, { ...effects, signal }));
    },
    async mintIdToken({ audience }, signal) {
      const { value: bearer } = await provider.getToken({ signal });
      return generateIdToken({ ...iamTarget, audience, bearer }, { ...effects, signal });
    },
  };
}
