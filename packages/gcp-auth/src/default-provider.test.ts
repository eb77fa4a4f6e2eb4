import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startGoogle } from "@decant/simulator";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type DefaultProviderOptions, defaultProvider } from "./default-provider.ts";

const google = await startGoogle();
const { credentials, accounts } = google;
const home = await mkdtemp(join(tmpdir(), "gcp-auth-home-"));
afterAll(async () => {
  await google.close();
  await rm(home, { recursive: true });
});

const gcloud = join(home, ".config", "gcloud");
const adc = join(gcloud, "application_default_credentials.json");
const keyFile = join(home, "key.json");
const ada = accounts.user;

beforeEach(async () => {
  await rm(gcloud, { recursive: true, force: true });
  await write(keyFile, credentials.serviceAccount);
});

async function write(path: string, content: string | object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
}

/** gcloud as it is after `gcloud auth login`. */
async function logIn(account: string, settings = ""): Promise<void> {
  await write(join(gcloud, "active_config"), "work");
  const ini = `# by gcloud\n[core]\naccount = ${account}\nproject = acme-prod\n\n${settings}`;
  await write(join(gcloud, "configurations", "config_work"), ini);
  const { account: _, ...login } = credentials.authorizedUser;
  await write(join(gcloud, "legacy_credentials", account, "adc.json"), login);
}

function open(options: DefaultProviderOptions = {}, variables: Record<string, string> = {}) {
  const env = (name: string) => ({ HOME: home, NO_GCE_CHECK: "true", ...variables })[name];
  return defaultProvider({ env, readFile, sleep: async () => {}, ...options });
}

test("defaultProvider() takes what an option names, whatever else there is", async () => {
  await write(adc, credentials.authorizedUser);
  const variables = { GOOGLE_APPLICATION_CREDENTIALS: adc };
  for (const options of [{ keyFile }, { credentials: keyFile }]) {
    const provider = await open(options, variables);
    expect(await provider.explain?.()).toEqual({
      kind: "service_account",
      source: keyFile,
      reason: "an option names it",
      considered: [],
      principal: google.key.client_email,
      scopes: ["https://www.googleapis.com/auth/cloud-platform"],
      project: google.key.project_id,
      universe: "googleapis.com",
      endpoints: [google.tokenUri],
      warnings: [expect.stringContaining("does not end by itself")],
    });
  }
  await expect(open({ keyFile: adc })).rejects.toMatchObject({ code: "GCP_KEY_TYPE" });
  await expect(open({ keyFile, account: "a@b.example" })).rejects.toMatchObject({
    code: "GCP_OPTION_CONFLICT",
    message: 'Cannot choose a credential: "keyFile" and "account" name different ones',
  });
});

test("defaultProvider() takes the file that GOOGLE_APPLICATION_CREDENTIALS names", async () => {
  await write(adc, credentials.authorizedUser);
  const provider = await open({}, { GOOGLE_APPLICATION_CREDENTIALS: keyFile });
  expect(await provider.explain?.()).toMatchObject({
    ...{ source: keyFile, reason: "GOOGLE_APPLICATION_CREDENTIALS names it", considered: [] },
  });
  expect(await provider.getToken({})).toMatchObject({ principal: google.key.client_email });
  // What it names and is not there must not be passed over for another identity.
  const missing = join(home, "missing.json");
  await expect(open({}, { GOOGLE_APPLICATION_CREDENTIALS: missing })).rejects.toMatchObject({
    code: "GCP_KEY_UNREADABLE",
    message: `Cannot read "${missing}": there is no such file`,
  });
});

test("defaultProvider() takes the application default credentials of gcloud", async () => {
  await logIn("jo@acme.example");
  await write(adc, credentials.authorizedUser);
  const provider = await open();
  expect(await provider.explain?.()).toMatchObject({
    kind: "authorized_user",
    source: adc,
    reason: "gcloud auth application-default login left it",
    considered: [{ source: "GOOGLE_APPLICATION_CREDENTIALS", state: "it is not set" }],
    principal: ada,
    quotaProject: credentials.authorizedUser.quota_project_id,
  });
  expect(await provider.getToken({})).toMatchObject({ principal: ada });
  const elsewhere = await open({}, { HOME: "/nowhere", CLOUDSDK_CONFIG: `${gcloud}/` });
  expect((await elsewhere.explain?.())?.source).toBe(adc);
  const windows = await open({}, { APPDATA: join(home, ".config") });
  expect((await windows.explain?.())?.source).toBe(adc);
});

test("defaultProvider() stops at a file that is damaged or may not be read", async () => {
  await logIn("jo@acme.example");
  await write(adc, "{");
  await expect(open()).rejects.toMatchObject({ code: "GCP_CREDENTIALS_INVALID" });
  const denied = async (path: string) => {
    if (path === adc) throw Object.assign(new Error("denied"), { code: "EACCES" });
    return readFile(path);
  };
  await expect(open({ readFile: denied })).rejects.toMatchObject({
    code: "GCP_KEY_UNREADABLE",
    message: `Cannot read "${adc}": it may not be read`,
  });
});

test("defaultProvider() takes the account that gcloud is set to", async () => {
  await logIn("jo@acme.example");
  const provider = await open();
  const source = join(gcloud, "legacy_credentials", "jo@acme.example", "adc.json");
  expect(await provider.explain?.()).toMatchObject({
    source,
    reason: "jo@acme.example is the active account of gcloud",
    considered: [
      { source: "GOOGLE_APPLICATION_CREDENTIALS", state: "it is not set" },
      { source: adc, state: "there is no such file" },
    ],
    principal: "jo@acme.example",
    project: "acme-prod",
  });
  expect(await provider.getToken({})).toMatchObject({ principal: "jo@acme.example" });
});

test("defaultProvider() goes by gcloud's own variables", async () => {
  await logIn("jo@acme.example");
  await logIn("sam@acme.example");
  const account = await open({}, { CLOUDSDK_CORE_ACCOUNT: "jo@acme.example" });
  expect((await account.explain?.())?.principal).toBe("jo@acme.example");
  await write(join(gcloud, "configurations", "config_home"), "[core]\naccount=jo@acme.example");
  const configuration = await open({}, { CLOUDSDK_ACTIVE_CONFIG_NAME: "home" });
  expect((await configuration.explain?.())?.principal).toBe("jo@acme.example");
  const strange = open({}, { CLOUDSDK_ACTIVE_CONFIG_NAME: "../x" });
  await expect(strange).rejects.toMatchObject({ code: "GCP_CREDENTIALS_MISSING" });
});

test("defaultProvider() impersonates whom gcloud is set to impersonate, or whom the caller names", async () => {
  const chain = `[auth]\nimpersonate_service_account = ${accounts.relay}, ${accounts.vault}\n`;
  await logIn("jo@acme.example", chain);
  const variables = { CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: google.url };
  const provider = await open({}, variables);
  expect((await provider.explain?.())?.principal).toBe(accounts.vault);
  expect(await provider.getToken({})).toMatchObject({ principal: accounts.vault });
  expect(google.log.at(-1)?.verified).toMatchObject({ delegates: [accounts.relay] });
  const other = await open({ impersonate: [accounts.reader] }, variables);
  expect(await other.getToken({})).toMatchObject({ principal: accounts.reader });
  await expect(open({ impersonate: ["a/b"] }, variables)).rejects.toMatchObject({
    code: "GCP_ACCOUNT_INVALID",
  });
});

test("defaultProvider() takes an account that the caller names, if gcloud has its login", async () => {
  await logIn("jo@acme.example");
  await logIn("sam@acme.example");
  const provider = await open({ account: "jo@acme.example" });
  expect(await provider.explain?.()).toMatchObject({
    ...{ principal: "jo@acme.example", reason: "an option names the account" },
  });
  await expect(open({ account: "no@acme.example" })).rejects.toMatchObject({
    code: "GCP_LOGIN_MISSING",
    hint: expect.stringContaining("gcloud auth login no@acme.example"),
  });
  for (const account of ["../../etc", "a\\b", ".."]) {
    await expect(open({ account })).rejects.toMatchObject({ code: "GCP_ACCOUNT_INVALID" });
  }
});

test("defaultProvider() takes the account of the machine last", async () => {
  const provider = await open({}, { NO_GCE_CHECK: "", GCE_METADATA_HOST: google.host });
  expect(await provider.explain?.()).toMatchObject({
    kind: "metadata_server",
    source: google.url,
    reason: "nothing else was found",
    considered: [
      { source: "GOOGLE_APPLICATION_CREDENTIALS", state: "it is not set" },
      { source: adc, state: "there is no such file" },
      { source: "the configuration default of gcloud", state: "it has no account" },
    ],
  });
  expect(await provider.getToken({})).toMatchObject({ principal: accounts.machine });
});

test("defaultProvider() says where it looked in vain", async () => {
  const error = await open().catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: "GCP_CREDENTIALS_MISSING",
    kind: "credentials",
    message: expect.stringContaining(`${adc}: there is no such file; the configuration default`),
    hint: expect.stringContaining("gcloud auth application-default login"),
  });
  // Where there is neither a file nor a variable, as at the edge.
  const nothing = await defaultProvider({
    fetch: () => Promise.reject(new TypeError("no network")),
  });
  await expect(nothing.getToken({})).rejects.toMatchObject({
    code: "GCP_CREDENTIALS_MISSING",
    message: expect.stringContaining("http://169.254.169.254: no metadata server answers"),
  });
});

test("defaultProvider() tells identities apart by all that shapes a token", async () => {
  const identities = await Promise.all(
    [
      { keyFile },
      { keyFile, subject: "jo@acme.example" },
      { keyFile, quotaProject: "other" },
      { keyFile, scopes: "drive" },
      { keyFile, impersonate: ["a@b.example"] },
      { keyFile, impersonate: ["c@b.example", "a@b.example"] },
      { keyFile, impersonate: ["a@b.example"], lifetimeSeconds: 60 },
      { keyFile, impersonate: ["a@b.example"], quotaProject: "other" },
    ].map(async (options) => (await open(options)).identity),
  );
  expect(identities).not.toContain(undefined);
  expect(new Set(identities).size).toBe(identities.length);
  expect((await open({ keyFile })).identity).toBe(identities[0]);
});
