import type { Token, TokenProvider } from "@decant/core";
import { expect, test } from "vitest";
import { createTokenService } from "./create-token-service.ts";
import type { LogEntry, RequestInfo, TokenServiceOptions } from "./options.ts";

const email = "reader@demo-project.iam.gserviceaccount.com";
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const flavor = { "metadata-flavor": "Google" };

interface Asked {
  readonly scopes?: readonly string[];
  readonly audience?: string;
  readonly format?: string | undefined;
  readonly licenses?: boolean | undefined;
}

/** A provider that says what it was asked for. */
function fakeProvider(
  now = () => 0,
): TokenProvider & { readonly asked: Asked[]; fail?: Error | undefined } {
  const asked: Asked[] = [];
  const provider = {
    name: "fake",
    asked,
    fail: undefined as Error | undefined,
    async getToken({ scopes }: Asked) {
      asked.push(scopes ? { scopes } : {});
      return make(scopes ? { scopes } : {});
    },
    async getIdToken({ audience, format, licenses }: Asked) {
      asked.push({ audience: audience!, format, licenses });
      return make({});
    },
    explain: async () => ({
      ...{ kind: "fake", source: "here", reason: "", considered: [], endpoints: [], warnings: [] },
      ...{ principal: email, scopes: [cloudPlatform], project: "demo-project" },
    }),
  };
  async function make(more: Partial<Token>): Promise<Token> {
    if (provider.fail) throw provider.fail;
    const expiresAt = new Date(now() + 3_600_000);
    return { value: `token-${asked.length}`, type: "Bearer", expiresAt, principal: email, ...more };
  }
  return provider;
}

/** Rejects once the signal is aborted. */
async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  if (!signal.aborted) await promise;
  throw signal.reason;
}

async function serve(options: Partial<TokenServiceOptions> = {}) {
  const provider = fakeProvider();
  const service = await createTokenService({
    accounts: [{ provider }],
    now: () => 0,
    random: () => 0.5,
    ...options,
  });
  async function get(
    path: string,
    { headers = flavor, method = "GET", ...info }: RequestInfo & RequestInit = {},
  ) {
    const request = new Request(`http://localhost${path}`, {
      headers: headers as HeadersInit,
      method,
    });
    const response = await service(request, info);
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  }
  const v1 = (path: string, init?: RequestInfo & RequestInit) =>
    get(`/computeMetadata/v1${path}`, init);
  return { provider, service, get, v1 };
}

const account = "/instance/service-accounts/default";

test("createTokenService() gives access tokens in the words of the metadata server", async () => {
  const { v1, provider } = await serve();
  const { status, headers, text } = await v1(`${account}/token`);
  expect(status).toBe(200);
  expect(text).toBe('{"access_token":"token-1","expires_in":3600,"token_type":"Bearer"}');
  expect(headers).toMatchObject({
    "metadata-flavor": "Google",
    server: "Metadata Server for VM",
    "content-type": "application/json",
    "cache-control": "no-store",
    etag: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect((await v1(`/instance/service-accounts/${email}/token`)).text).toBe(text);
  expect((await v1(`${account}/token?alt=text`)).text).toBe(
    "access_token token-1\nexpires_in 3600\ntoken_type Bearer\n",
  );
  expect(provider.asked).toEqual([{ scopes: [cloudPlatform] }]);
});

test("createTokenService() keeps tokens by the scopes that are named, in any order", async () => {
  const { v1, provider } = await serve();
  const first = await v1(`${account}/token?scopes=https://a.example/x,https://b.example/y`);
  const second = await v1(`${account}/token?scopes=https://b.example/y,https://a.example/x`);
  await v1(`${account}/token?scopes=email`);
  await v1(`${account}/token?scopes=`);
  expect(second.text).toBe(first.text);
  expect(provider.asked.map(({ scopes }) => scopes)).toEqual([
    ["https://a.example/x", "https://b.example/y"],
    ["email"],
    [cloudPlatform],
  ]);
});

test("createTokenService() gives identity tokens by audience, format and licences", async () => {
  const { v1, provider } = await serve();
  const path = `${account}/identity`;
  const { text, headers } = await v1(`${path}?audience=https://run.example.com`);
  expect(text).toBe("token-1");
  expect(headers["content-type"]).toBe("text/html");
  await v1(`${path}?audience=https://run.example.com&format=standard&licenses=FALSE`);
  await v1(`${path}?audience=https://run.example.com&format=full&licenses=TRUE`);
  expect(provider.asked).toEqual([
    { audience: "https://run.example.com", format: "standard", licenses: false },
    { audience: "https://run.example.com", format: "full", licenses: true },
  ]);
  expect((await v1(path)).status).toBe(400);
  expect((await v1(`${path}?audience=`)).status).toBe(400);
  expect((await v1(`${path}?audience=a&format=long`)).status).toBe(400);
  expect((await v1(`${path}?audience=a&alt=json`)).text).toBe('"token-3"');
});

test("createTokenService() has no identity where the provider has none", async () => {
  const { getIdToken: _, ...provider } = fakeProvider();
  const { v1 } = await serve({ accounts: [{ provider }] });
  expect((await v1(`${account}/identity?audience=a`)).status).toBe(404);
  expect((await v1(`${account}/`)).text).toBe("aliases\nemail\nscopes\ntoken\n");
});

test("createTokenService() tells of project, machine and universe", async () => {
  const { v1 } = await serve({
    numericProjectId: "123456789012",
    projectAttributes: { "enable-oslogin": "TRUE" },
    instance: { id: "4520031799277581759", attributes: { "cluster-name": "demo" } },
  });
  const text = async (path: string) => (await v1(path)).text;
  expect(await text("/project/project-id")).toBe("demo-project");
  expect(await text("/project/numeric-project-id")).toBe("123456789012");
  expect(await text("/project/attributes/enable-oslogin")).toBe("TRUE");
  expect(await text("/universe/universe-domain")).toBe("googleapis.com");
  expect(await text("/instance/id")).toBe("4520031799277581759");
  expect(await text("/instance/name")).toBe("decant");
  expect(await text("/instance/zone")).toBe("projects/123456789012/zones/local-a");
  expect(await text("/instance/hostname")).toBe("decant.local-a.c.demo-project.internal");
  expect(await text("/instance/attributes/cluster-name")).toBe("demo");
  expect(await text(`${account}/email`)).toBe(email);
  expect(await text(`${account}/scopes`)).toBe(`${cloudPlatform}\n`);
  expect(await text(`${account}/aliases`)).toBe("default\n");
});

test("createTokenService() lists folders, one level or all", async () => {
  const { get, v1 } = await serve({ instance: { id: "4520031799277581759" } });
  expect((await get("/", { headers: {} })).text).toBe("computeMetadata/\n");
  expect((await get("/?recursive=true", { headers: {} })).text).toBe("computeMetadata/\n");
  expect((await get("/computeMetadata/")).text).toBe("v1/\n");
  expect((await v1("/")).text).toBe("instance/\nproject/\nuniverse/\n");
  expect((await v1("/?alt=json")).text).toBe('["instance/","project/","universe/"]');
  expect((await v1("/instance/service-accounts/")).text).toBe(`${email}/\ndefault/\n`);
  const { text, headers } = await v1("/instance/service-accounts/?recursive=true");
  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.parse(text)).toEqual({
    [email]: { aliases: ["default"], email, scopes: [cloudPlatform] },
    default: { aliases: ["default"], email, scopes: [cloudPlatform] },
  });
  const all = await v1("/?recursive=true");
  expect(all.text).toContain('"id":4520031799277581759,');
  expect(JSON.parse(all.text)).toMatchObject({
    instance: { serviceAccounts: { default: { email } }, tags: [] },
    project: { projectId: "demo-project" },
    universe: { universeDomain: "googleapis.com" },
  });
  expect((await v1("/project/?recursive=true&alt=text")).text).toBe("project-id demo-project\n");
});

test("createTokenService() leads to the slash of a folder, and keeps the query", async () => {
  const { get, v1 } = await serve();
  for (const path of ["/computeMetadata/v1", "/computeMetadata/v1/instance", "/computeMetadata"]) {
    const { status, headers } = await get(`${path}?recursive=true`);
    expect({ status, location: headers["location"] }).toEqual({
      status: 301,
      location: `${path}/?recursive=true`,
    });
  }
  for (const path of [
    "/project/project-id/",
    "/nothing",
    "//instance/",
    "/instance/%zz",
    "/instance/toString",
  ]) {
    expect((await v1(path)).status).toBe(404);
  }
  expect((await get("/favicon.ico")).status).toBe(404);
  expect((await v1("/project/project-id?alt=xml")).status).toBe(400);
});

test("createTokenService() gives one token as plain JSON", async () => {
  const { get } = await serve();
  expect(JSON.parse((await get("/token")).text)).toEqual({
    ...{ access_token: "token-1", expires_in: 3_600, token_type: "Bearer", principal: email },
    ...{ expires_at: "1970-01-01T01:00:00.000Z", scope: cloudPlatform },
  });
  expect(JSON.parse((await get(`/token?account=${email}&scopes=email`)).text)).toMatchObject({
    access_token: "token-2",
    scope: "email",
  });
  expect((await get("/token?account=other@example.com")).status).toBe(404);
});

test("createTokenService() serves several accounts, each with its own tokens", async () => {
  const other = fakeProvider();
  const { v1, provider } = await serve({
    accounts: [
      { provider: fakeProvider() },
      { provider: other, email: "b@example.com", scopes: "email" },
    ],
  });
  await v1("/instance/service-accounts/b@example.com/token");
  await v1("/instance/service-accounts/b%40example.com/token");
  expect(other.asked).toEqual([{ scopes: ["email"] }]);
  expect(provider.asked).toEqual([]);
  expect((await v1("/instance/service-accounts/b@example.com/aliases")).text).toBe("");
});

test("createTokenService() refuses what a web page, a proxy or a stranger may have sent", async () => {
  const { get, v1, provider } = await serve({ hosts: ["Tokens.example.com"] });
  const statusWith = async (headers: Record<string, string>, path = `${account}/token`) =>
    (await v1(path, { headers })).status;
  expect(await statusWith({})).toBe(403);
  expect(await statusWith({ "metadata-flavor": "google" })).toBe(404);
  expect(await statusWith({ ...flavor, origin: "https://evil.example" })).toBe(403);
  expect(await statusWith({ ...flavor, "x-forwarded-for": "10.0.0.1" })).toBe(403);
  expect(await statusWith({ ...flavor, host: "evil.example:8080" })).toBe(421);
  expect(await statusWith({ ...flavor, host: "localhost.evil.example" })).toBe(421);
  expect((await get("/token", { headers: {} })).status).toBe(403);
  expect(provider.asked).toEqual([]);
  for (const host of [
    "127.0.0.1:8080",
    "[::1]:8080",
    "metadata.google.internal.",
    "tokens.example.com",
  ]) {
    expect(await statusWith({ ...flavor, host })).toBe(200);
  }
});

test("createTokenService() only lets read", async () => {
  const { v1 } = await serve();
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const { status, headers } = await v1(`${account}/token`, { method });
    expect({ status, allow: headers["allow"] }).toEqual({ status: 405, allow: "GET, HEAD" });
  }
  expect(await v1("/project/project-id", { method: "HEAD" })).toMatchObject({
    status: 200,
    text: "",
  });
});

test("createTokenService() demands the secret, if there is one", async () => {
  const secret = "correct horse battery";
  const { get, v1 } = await serve({ secret });
  const status = async (authorization: string) =>
    (await v1(`${account}/token`, { headers: { ...flavor, authorization } })).status;
  expect(await status(`Bearer ${secret}`)).toBe(200);
  expect(await status(`Bearer ${secret}!`)).toBe(401);
  expect(await status("Bearer ")).toBe(401);
  expect(await status(secret)).toBe(401);
  expect((await v1(`${account}/token`)).status).toBe(401);
  expect((await get("/")).status).toBe(401);
  expect((await get("/metrics")).status).toBe(401);
  expect((await get("/healthz")).status).toBe(200);
});

test("createTokenService() gives no scope and no audience that is not allowed", async () => {
  const { v1, provider } = await serve({
    allowedScopes: "cloud-platform, email",
    allowedAudiences: ["https://a.example"],
  });
  const status = async (path: string) => (await v1(`${account}/${path}`)).status;
  expect(await status("token")).toBe(200);
  expect(await status("token?scopes=email")).toBe(200);
  expect(await status("token?scopes=email,profile")).toBe(403);
  expect(await status("identity?audience=https://a.example")).toBe(200);
  expect(await status("identity?audience=https://a.example/")).toBe(403);
  expect(provider.asked).toHaveLength(3);
  expect(await status("token?scopes=no%22scope")).toBe(400);
  expect(await status(`token?scopes=${"a,".repeat(101)}`)).toBe(400);
});

test("createTokenService() limits the requests of each client", async () => {
  let time = 0;
  const { get } = await serve({ rateLimit: { perSecond: 2, burst: 3 }, now: () => time });
  const status = async (client: string) => (await get("/healthz", { client })).status;
  expect([await status("a"), await status("a"), await status("a")]).toEqual([200, 200, 200]);
  const { status: refused, headers } = await get("/healthz", { client: "a" });
  expect({ refused, after: headers["retry-after"] }).toEqual({ refused: 429, after: "1" });
  expect(await status("b")).toBe(200);
  time += 500;
  expect([await status("a"), await status("a")]).toEqual([200, 429]);
});

test("createTokenService() counts for Prometheus, and tells whether all is well", async () => {
  const { get, v1, provider } = await serve();
  await v1(`${account}/token`);
  await v1(`${account}/token`);
  await get("/nothing");
  const { text, headers } = await get("/metrics", { headers: {} });
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  for (const line of text.trimEnd().split("\n")) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.e+-]+)$/,
    );
  }
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      'decant_requests_total{route="metadata_token",status="200"} 2',
      'decant_requests_total{route="other",status="404"} 1',
      'decant_tokens_served_total{cache="hit"} 1',
      'decant_tokens_served_total{cache="miss"} 1',
      'decant_mints_total{outcome="ok"} 1',
      "decant_mint_seconds_count 1",
      "decant_tokens_kept 1",
    ]),
  );
  expect((await get("/healthz")).text).toBe('{"status":"ok"}\n');
  provider.fail = new Error("secret of the provider");
  const failed = await get("/token?scopes=email");
  expect(failed.status).toBe(503);
  expect(failed.text).not.toContain("secret");
  expect((await get("/healthz")).text).toBe('{"status":"degraded"}\n');
});

test("createTokenService() logs each request, without query, token or secret", async () => {
  const log: LogEntry[] = [];
  const { get, v1 } = await serve({ onLog: (entry) => log.push(entry) });
  await v1(`/instance/service-accounts/${email}/token?scopes=email`, { client: "127.0.0.1" });
  await get(`/${"a".repeat(64)}/x?key=secret`);
  expect(log).toEqual([
    {
      ...{ time: 0, client: "127.0.0.1", method: "GET", status: 200, ms: 0, cache: "miss" },
      path: `/computeMetadata/v1/instance/service-accounts/${email}/token`,
    },
    { time: 0, method: "GET", path: "/.../x", status: 404, ms: 0, error: "not_found" },
  ]);
});

test("createTokenService() lets 10,000 clients at once share one mint", async () => {
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const provider = fakeProvider();
  const slow: TokenProvider = {
    ...provider,
    async getToken(request) {
      const token = provider.getToken(request);
      await open;
      return token;
    },
  };
  const { v1 } = await serve({ accounts: [{ provider: slow }] });
  const answers = Array.from({ length: 10_000 }, () => v1(`${account}/token`));
  resolve();
  const texts = new Set(
    (await Promise.all(answers)).map(({ status, text }) => `${status} ${text}`),
  );
  expect([...texts]).toEqual([
    '200 {"access_token":"token-1","expires_in":3600,"token_type":"Bearer"}',
  ]);
  expect(provider.asked).toHaveLength(1);
});

test("createTokenService() keeps no more tokens than it was told", async () => {
  const { v1, get, provider } = await serve({ maxTokens: 3 });
  const scopes = (name: string) => v1(`${account}/token?scopes=${name}`);
  for (const name of ["a", "b", "c", "a", "d"]) await scopes(name);
  expect(provider.asked).toHaveLength(4);
  await scopes("a");
  expect(provider.asked).toHaveLength(4);
  await scopes("b");
  expect(provider.asked).toHaveLength(5);
  expect((await get("/metrics")).text).toContain("\ndecant_tokens_kept 3\n");
});

test("createTokenService() refuses more new names at once than it may keep", async () => {
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const provider = fakeProvider();
  const slow: TokenProvider = {
    ...provider,
    getToken: (request) => open.then(() => provider.getToken(request)),
  };
  const { v1 } = await serve({ accounts: [{ provider: slow }], maxTokens: 2 });
  const answers = ["a", "b", "c"].map((name) => v1(`${account}/token?scopes=${name}`));
  const third = await answers[2]!;
  expect({ status: third.status, ...JSON.parse(third.text) }).toMatchObject({
    status: 503,
    error: "GCP_SERVICE_BUSY",
  });
  resolve();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 503]);
});

test("createTokenService() holds those who wait for a change, until it stops", async () => {
  const stop = new AbortController();
  const waits: number[] = [];
  const { v1, get } = await serve({
    signal: stop.signal,
    sleep(ms, signal) {
      waits.push(ms);
      return aborted(signal);
    },
  });
  const tag = (await v1("/project/?recursive=true")).headers["etag"];
  const stale = await v1("/project/?recursive=true&wait_for_change=true&last_etag=0");
  expect(stale.headers["etag"]).toBe(tag);
  const held = v1(`/project/?recursive=true&wait_for_change=true&last_etag=${tag}&timeout_sec=60`);
  const left = v1("/instance/?wait_for_change=true");
  await expect.poll(() => waits).toEqual([60_000, 300_000]);
  expect((await get("/metrics")).text).toContain("\ndecant_waiting 2\n");
  stop.abort();
  expect(await held).toMatchObject({
    status: 200,
    text: '{"attributes":{},"projectId":"demo-project"}',
  });
  expect((await left).status).toBe(200);
  expect((await v1(`${account}/token`)).status).toBe(503);
});

test("createTokenService() lets go of a client that is gone", async () => {
  const { service } = await serve({
    sleep: (_, signal) => aborted(signal),
  });
  const gone = new AbortController();
  const url = "http://localhost/computeMetadata/v1/instance/?wait_for_change=true";
  const answer = service(new Request(url, { headers: flavor, signal: gone.signal }));
  gone.abort();
  expect((await answer).status).toBe(200);
});

test("createTokenService() refuses options that make no sense", async () => {
  const { provider } = await serve();
  const wrong: Partial<TokenServiceOptions>[] = [
    { accounts: [] },
    { accounts: [{ provider }, { provider }] },
    { accounts: [{ provider, email: "a/b@example.com" }] },
    { secret: "short" },
    { secret: "correct horse battery staple " },
    { secret: "correct horse\nbattery staple" },
    { secret: "pässwörter für alle" },
    { rateLimit: { perSecond: 0, burst: 1 } },
    { maxTokens: 0 },
    { numericProjectId: "demo" },
    { instance: { id: "-1" } },
    { allowedScopes: [] },
    { allowedAudiences: [] },
    { allowedScopes: "email" },
  ];
  for (const options of wrong) {
    await expect(serve(options), JSON.stringify(options)).rejects.toMatchObject({
      code: "GCP_SERVICE_OPTION",
      kind: "usage",
    });
  }
});
