import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tokenProviderConformance } from "@decant/core/conformance";
import { startGoogle } from "@decant/simulator";
import { afterAll, beforeEach, expect, test } from "vitest";
import { decodeClaims } from "./decode-claims.ts";
import { type DefaultProviderOptions, defaultProvider } from "./default-provider.ts";

const google = await startGoogle();
const { machine } = google.accounts;
afterAll(() => google.close());
beforeEach(() => google.fail(undefined));

function open(variables: Record<string, string> = {}, options: DefaultProviderOptions = {}) {
  const env = (name: string) => ({ GCE_METADATA_HOST: google.host, ...variables })[name];
  const noWait = { sleep: async () => {}, random: () => 0 };
  return defaultProvider({ env, metadata: true, ...noWait, ...options });
}

async function startPortal(headers: Record<string, string> = {}) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html", ...headers });
    response.end("<html>Welcome to the hotel</html>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => void server.close();
  return { host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

tokenProviderConformance({
  test: (name, run) => test(`metadata server: ${name}`, run),
  open: () => open(),
  async broken() {
    google.fail("invalid_grant_account");
    return open();
  },
  secrets: () => ["no-secret-is-held"],
  scopes: ["https://www.googleapis.com/auth/drive"],
});

test("metadata server: a token has the scopes asked for, and the name of the account", async () => {
  const provider = await open();
  expect(await provider.getToken({})).toMatchObject({ principal: machine, type: "Bearer" });
  await provider.getToken({ scopes: ["drive", "email"] });
  expect(google.issued.at(-1)?.scope).toBe("https://www.googleapis.com/auth/drive email");
  // Another machine finds another account at the same address.
  expect(provider.identity).toBeUndefined();
});

test("metadata server: an identity token tells of the machine when asked", async () => {
  const provider = await open();
  const audience = "https://a.example/?x=1&y=ä";
  const standard = await provider.getIdToken!({ audience });
  expect(decodeClaims(standard.value)).toMatchObject({ aud: audience });
  expect(decodeClaims(standard.value)).not.toHaveProperty("google");
  expect(standard.principal).toBe(machine);
  const full = await provider.getIdToken!({ audience, format: "full", licenses: true });
  expect(decodeClaims(full.value)).toMatchObject({
    email: machine,
    google: { compute_engine: { license_id: expect.any(Array) } },
  });
});

test("metadata server: says that the machine has no account", async () => {
  await using bare = await startGoogle({ machine: { serviceAccount: false } });
  const provider = await open({ GCE_METADATA_HOST: bare.host });
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "GCP_ACCOUNT_MISSING",
    kind: "credentials",
  });
});

test("metadata server: is not taken for one that is a portal", async () => {
  await using portal = await startPortal();
  const assumed = await open({ GCE_METADATA_HOST: portal.host });
  await expect(assumed.getToken({})).rejects.toMatchObject({ code: "GCP_CREDENTIALS_MISSING" });
  await using liar = await startPortal({ "metadata-flavor": "Google" });
  const lied = await open({ GCE_METADATA_HOST: liar.host });
  await expect(lied.getToken({})).rejects.toMatchObject({
    code: "GCP_ANSWER_INVALID",
    message: expect.stringContaining("an HTML page"),
  });
});

test("metadata server: is found by the rules of Google's libraries", async () => {
  const none = { GCE_METADATA_HOST: "" };
  const outcome = async (
    variables: Record<string, string>,
    options: DefaultProviderOptions = {},
  ): Promise<unknown> => {
    const asked: string[] = [];
    const fetch = async (input: unknown) => {
      asked.push(String(input));
      throw new TypeError("fetch failed");
    };
    const provider = await open({ ...none, ...variables }, { metadata: false, fetch, ...options });
    await provider.getToken({}).catch(() => {});
    return asked[0];
  };
  const token = "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token";
  const ping = "http://169.254.169.254";
  expect(await outcome({})).toBe(ping);
  const pings: unknown[] = [];
  const retried = {
    async fetch(input: unknown) {
      pings.push(input);
      throw new TypeError("fetch failed");
    },
  };
  await outcome({ DETECT_GCP_RETRIES: "2" }, retried);
  expect(pings).toEqual([ping, ping, ping]);
  expect(await outcome({ METADATA_SERVER_DETECTION: "ping-only", K_SERVICE: "run" })).toBe(ping);
  expect(await outcome({ METADATA_SERVER_DETECTION: " Assume-Present " })).toBe(token);
  expect(await outcome({ K_SERVICE: "run" })).toBe(token);
  const bios = (name: string) => ({ readFile: async () => new TextEncoder().encode(name) });
  const home = { HOME: "" };
  expect(await outcome(home, bios("Google Compute Engine\n"))).toBe(token);
  expect(await outcome(home, bios("Googlish"))).toBe(ping);
  expect(await outcome({ GCE_METADATA_IP: "10.0.0.1:80" })).toBe(
    token.replace("169.254.169.254", "10.0.0.1"),
  );
  const root = { GCE_METADATA_ROOT: "metadata.example" };
  expect(await outcome(root)).toBe(token.replace("169.254.169.254", "metadata.example"));
  for (const variables of [
    { NO_GCE_CHECK: "true" },
    { METADATA_SERVER_DETECTION: "none" },
    { METADATA_SERVER_DETECTION: "bios-only" },
  ]) {
    await expect(outcome(variables)).rejects.toMatchObject({ code: "GCP_CREDENTIALS_MISSING" });
  }
  await expect(outcome({ METADATA_SERVER_DETECTION: "maybe" })).rejects.toMatchObject({
    code: "GCP_DETECTION_INVALID",
    kind: "usage",
  });
  await expect(open({ GCE_METADATA_HOST: "a/b?c" })).rejects.toMatchObject({
    code: "GCP_URL_UNSAFE",
  });
});

test("metadata server: a machine that gives no answer is not waited for", async () => {
  const fetch = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
  const variables = { GCE_METADATA_TIMEOUT: "0.02" };
  const provider = await open(variables, { fetch });
  await expect(provider.getToken({})).rejects.toMatchObject({ code: "GCP_CREDENTIALS_MISSING" });
  const reason = new Error("given up");
  const controller = new AbortController();
  const waiting = open({}, { fetch }).then((slow) => slow.getToken({ signal: controller.signal }));
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
