import { answerAccessToken, answerIdToken } from "./answer-token.ts";
import type { Tokens } from "./create-tokens.ts";
import {
  digits,
  folder,
  list,
  type MetadataFolder,
  type MetadataNode,
  text,
} from "./metadata-node.ts";
import type { ServedInstance } from "./options.ts";
import type { Account } from "./resolve-accounts.ts";

/** What clients are told. */
export interface MetadataOptions {
  readonly accounts: readonly Account[];
  readonly tokens: Tokens;
  readonly projectId: string | undefined;
  readonly numericProjectId: string | undefined;
  readonly projectAttributes: Readonly<Record<string, string>>;
  readonly instance: ServedInstance;
  readonly universeDomain: string;
}

/**
 * All that the metadata server tells, from its root
 * (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys).
 */
export function metadataTree(options: MetadataOptions): MetadataFolder {
  const { projectId, numericProjectId, projectAttributes, universeDomain } = options;
  const v1 = folder({
    instance: instanceFolder(options),
    project: folder({
      attributes: attributes(projectAttributes),
      "numeric-project-id": numericProjectId === undefined ? undefined : digits(numericProjectId),
      "project-id": projectId === undefined ? undefined : text(projectId),
    }),
    universe: folder({ "universe-domain": text(universeDomain) }),
  });
  return folder({ computeMetadata: folder({ v1 }) });
}

function instanceFolder(options: MetadataOptions): MetadataFolder {
  const { instance, projectId = "local", numericProjectId = "0" } = options;
  const { id = "1", name = "decant", zone = "local-a" } = instance;
  const { hostname = `${name}.${zone}.c.${projectId}.internal` } = instance;
  return folder({
    attributes: attributes(instance.attributes ?? {}),
    hostname: text(hostname),
    id: digits(id),
    "machine-type": text(`projects/${numericProjectId}/machineTypes/custom`),
    name: text(name),
    preempted: text("FALSE"),
    "service-accounts": serviceAccounts(options),
    tags: list([], "json"),
    zone: text(`projects/${numericProjectId}/zones/${zone}`),
  });
}

function attributes(values: Readonly<Record<string, string>>): MetadataFolder {
  const entries = Object.entries(values).map(([name, value]) => [name, text(value)] as const);
  return folder(Object.fromEntries(entries), { chosen: true });
}

function serviceAccounts({ accounts, tokens }: MetadataOptions): MetadataFolder {
  const entries = accounts.flatMap((account, index) => {
    const isDefault = index === 0;
    const node = accountFolder(account, { tokens, aliases: isDefault ? ["default"] : [] });
    return [
      ...(account.email === undefined ? [] : [[account.email, node] as const]),
      ...(isDefault ? [["default", node] as const] : []),
    ];
  });
  return folder(Object.fromEntries(entries), { chosen: true });
}

function accountFolder(
  account: Account,
  { tokens, aliases }: { readonly tokens: Tokens; readonly aliases: readonly string[] },
): MetadataFolder {
  const { provider, email = "default", scopes = [] } = account;
  const identity: MetadataNode = {
    kind: "action",
    run: async ({ params, alt, info }) =>
      answerIdToken(await tokens.identity({ account, params, info }), alt),
  };
  return folder({
    aliases: list(aliases),
    email: text(email),
    identity: provider.getIdToken && identity,
    scopes: list(scopes),
    token: {
      kind: "action",
      run: async ({ params, alt, info }) =>
        answerAccessToken(await tokens.access({ account, params, info }), alt),
    },
  });
}
