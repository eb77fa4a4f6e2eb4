import { credentialError } from "./credential-error.ts";
import {
  type Choice,
  type Considered,
  type FindOptions,
  type FoundCredential,
  findFile,
  isThere,
} from "./find-options.ts";
import { gcloudFolder } from "./gcloud-folder.ts";
import { type GcloudSettings, gcloudAccountFile, readGcloudSettings } from "./gcloud-settings.ts";

/** The application default credentials that gcloud keeps. */
export async function findGcloudDefault(
  options: FindOptions,
  considered: Considered[],
): Promise<FoundCredential | undefined> {
  const folder = gcloudFolder(options.effects.env);
  if (folder === undefined) {
    considered.push({ source: "the folder of gcloud", state: "no home folder is known" });
    return undefined;
  }
  const path = `${folder}/application_default_credentials.json`;
  if (!(await isThere(path, { ...options, considered }))) return undefined;
  const reason = "gcloud auth application-default login left it";
  return findFile(path, { ...options, account: undefined, choice: { reason, considered } });
}

/** The login of the account that gcloud is set to. */
export async function findGcloudAccount(
  options: FindOptions,
  considered: Considered[],
): Promise<FoundCredential | undefined> {
  const folder = gcloudFolder(options.effects.env);
  if (folder === undefined) return undefined;
  const settings = await readGcloudSettings(folder, options.effects);
  const { account, configuration } = settings;
  if (account === undefined) {
    const source = `the configuration ${configuration} of gcloud`;
    considered.push({ source, state: "it has no account" });
    return undefined;
  }
  const path = gcloudAccountFile(folder, account);
  if (!(await isThere(path, { ...options, considered }))) return undefined;
  const choice = { reason: `${account} is the active account of gcloud`, considered };
  return findLogin({ path, settings, choice }, { ...options, account });
}

/**
 * The login of an account that the caller names.
 *
 * @throws {DecantError} `GCP_LOGIN_MISSING`, `GCP_ACCOUNT_INVALID`
 */
export async function findNamedAccount(
  account: string,
  options: FindOptions,
): Promise<FoundCredential> {
  const folder = gcloudFolder(options.effects.env);
  const path = gcloudAccountFile(folder ?? "", account);
  if (folder === undefined || !(await isThere(path, { ...options, considered: [] }))) {
    throw credentialError(account, {
      code: "GCP_LOGIN_MISSING",
      state: "gcloud has no login of this account",
      hint: `Log in with: gcloud auth login ${account}; or choose one that gcloud auth list shows.`,
    });
  }
  const settings = await readGcloudSettings(folder, options.effects);
  const choice = { reason: "an option names the account", considered: [] };
  return findLogin({ path, settings, choice }, { ...options, account });
}

interface Login {
  readonly path: string;
  readonly settings: GcloudSettings;
  readonly choice: Choice;
}

async function findLogin(
  { path, settings, choice }: Login,
  options: FindOptions,
): Promise<FoundCredential> {
  const { impersonate } = settings;
  // Those are of the account which is impersonated last.
  const own = impersonate.length > 0 ? { lifetimeSeconds: undefined, subject: undefined } : {};
  const { credential, found } = await findFile(path, { ...options, ...own, choice });
  const { project = credential.project } = settings;
  return { credential: { ...credential, project }, found, impersonate };
}
