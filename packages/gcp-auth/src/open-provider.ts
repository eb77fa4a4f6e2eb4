import type { TokenProvider } from "@decant/core";
import { type CredentialProviderOptions, credentialProvider } from "./credential-provider.ts";
import type { Effects } from "./effects.ts";
import type { FoundCredential } from "./find-options.ts";
import { checkAccountName, iamUrl } from "./iam-url.ts";
import { impersonatedCredential } from "./impersonated-credential.ts";
import { refuseLifetime } from "./parse-lifetime.ts";
import { defaultUniverse } from "./universe.ts";

/** What {@linkcode openProvider} works with. */
export interface OpenOptions extends Pick<CredentialProviderOptions, "scopes"> {
  /** Service accounts, each impersonated by the one before; the last one is wanted. */
  readonly impersonate?: readonly string[] | undefined;
  readonly lifetimeSeconds?: number | undefined;
  /** The user that the last one is to act for. */
  readonly subject?: string | undefined;
  readonly quotaProject?: string | undefined;
  readonly universe?: string | undefined;
  readonly effects: Effects;
}

/** Makes a provider of what was found, impersonating where this is wanted. */
export function openProvider(
  { credential, found, impersonate: usual = [] }: FoundCredential,
  options: OpenOptions,
): TokenProvider {
  const { impersonate, effects, scopes, lifetimeSeconds, subject, quotaProject } = options;
  const chain = impersonate?.length ? impersonate : usual;
  const target = chain.at(-1);
  if (target === undefined) {
    if (lifetimeSeconds !== undefined && !credential.hasLifetime) {
      refuseLifetime(`credential of type ${credential.kind}`);
    }
    return credentialProvider(credential, { found, scopes, effects });
  }
  const universe = credential.universe ?? options.universe ?? defaultUniverse;
  const delegates = chain.slice(0, -1).map(checkAccountName);
  const url = iamUrl(target, { universe, env: effects.env });
  const impersonated = impersonatedCredential({
    ...{ credential, target, delegates, url, lifetimeSeconds, subject, quotaProject, effects },
  });
  const reason = `${found.reason}, and it impersonates ${target}`;
  return credentialProvider(impersonated, { found: { ...found, reason }, scopes, effects });
}
