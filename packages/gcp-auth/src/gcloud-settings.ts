import { DecantError } from "@decant/core";
import type { Effects } from "./effects.ts";
import { parseIni } from "./parse-ini.ts";
import { readText } from "./read-text.ts";

/** What gcloud is set to. */
export interface GcloudSettings {
  /** The name of its active configuration. */
  readonly configuration: string;
  readonly account: string | undefined;
  readonly project: string | undefined;
  /** The service accounts it impersonates, each by the one before. */
  readonly impersonate: readonly string[];
}

/**
 * Reads what gcloud is set to: its variables first, then its active configuration
 * (https://cloud.google.com/sdk/docs/configurations).
 *
 * @param folder Where gcloud keeps its files.
 */
export async function readGcloudSettings(
  folder: string,
  effects: Effects,
): Promise<GcloudSettings> {
  const { env } = effects;
  const read = (path: string) => readIfThere(`${folder}/${path}`, effects);
  const named = env("CLOUDSDK_ACTIVE_CONFIG_NAME") || (await read("active_config"))?.trim();
  const configuration = named || "default";
  // It becomes part of a path.
  const isName = /^[a-z0-9][a-z0-9_-]*$/i.test(configuration);
  const text = isName ? await read(`configurations/config_${configuration}`) : undefined;
  const settings = parseIni(text ?? "");
  const setting = (section: string, name: string) =>
    env(`CLOUDSDK_${section}_${name}`.toUpperCase()) || settings[`${section}.${name}`] || undefined;
  const chain = setting("auth", "impersonate_service_account") ?? "";
  return {
    configuration,
    account: setting("core", "account"),
    project: setting("core", "project"),
    impersonate: chain
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  };
}

/**
 * The file in which gcloud keeps the login of an account, in the form of application default
 * credentials.
 *
 * @throws {DecantError} `GCP_ACCOUNT_INVALID`
 */
export function gcloudAccountFile(folder: string, account: string): string {
  // It is part of a path, and no account has these.
  if (/^[^/\\\p{C}]+$/u.test(account) && !account.startsWith(".")) {
    return `${folder}/legacy_credentials/${account}/adc.json`;
  }
  throw new DecantError(
    "GCP_ACCOUNT_INVALID",
    `Cannot use the account ${JSON.stringify(account.slice(0, 100))} of gcloud: it is no name`,
    { kind: "usage", hint: "Give the name of an account that gcloud auth list shows." },
  );
}

async function readIfThere(path: string, effects: Effects): Promise<string | undefined> {
  const fail = (state: string, code: string | undefined) =>
    Object.assign(new Error(state), { code });
  try {
    return await readText(path, { effects, fail });
  } catch {
    return undefined;
  }
}
