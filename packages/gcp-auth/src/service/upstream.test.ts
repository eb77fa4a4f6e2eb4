import { DecantError, type Token, type TokenProvider } from "@decant/core";
import { type GoogleOptions, type GoogleSimulator, startGoogle } from "@decant/simulator";
import { expect, test } from "vitest";
import { serviceAccountProvider } from "../service-account-provider.ts";
import { createTokenService } from "./create-token-service.ts";
import type { TokenServiceOptions } from "./options.ts";

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;

/** A clock that stands still until it is moved, with timers that fire when it has passed them. */
function createClock() {
  let time = start;
  const timers = new Set<{ readonly at: number; fire(): void }>();
  return {
    now: () => time,
    advance(ms: number) {
      time += ms;
      for (const timer of timers) if (timer.at <= time) timer.fire();
    },
    sleep(ms: number, signal: AbortSignal): Promise<void> {
      return new Promise((resolve, reject) => {
        const timer = { at: time + ms, fire: resolve };
        timers.add(timer);
        signal.addEventListener("abort", () => {
          timers.delete(timer);
          reject(signal.reason);
        });
      });
    },
    timers: () => timers.size,
  };
}

/** A service, and a client of it that waits until refreshes behind its back have ended too. */
async function serve(
  provider: TokenProvider,
  clock: ReturnType<typeof createClock>,
  more: Partial<TokenServiceOptions> = {},
) {
  const service = await createTokenService({
    ...{ accounts: [{ provider }], now: clock.now, sleep: clock.sleep, random: () => 0.5 },
    ...more,
  });
  return async (path = "/token") => {
    const work: Promise<unknown>[] = [];
    const request = new Request(`http://localhost${path}`, {
      headers: { "metadata-flavor": "Google" },
    });
    const response = await service(request, { waitUntil: (promise) => work.push(promise) });
    const text = await response.text();
    const isJson = response.headers.get("content-type") === "application/json";
    const body = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    await Promise.all(work);
    const retryAfter = response.headers.get("retry-after");
    return { status: response.status, text, body, ttl: Number(body["expires_in"]), retryAfter };
  };
}

async function serveGoogle(options: GoogleOptions = {}) {
  const clock = createClock();
  const google = await startGoogle({ ...options, now: clock.now });
  const provider = serviceAccountProvider({
    key: google.key,
    now: clock.now,
    sleep: async () => {},
    random: () => 0.5,
  });
  return { clock, google, get: await serve(provider, clock) };
}

/** Asks every 10 s until a time, and returns the answers. */
async function askUntil(
  end: number,
  { clock, get }: Pick<Awaited<ReturnType<typeof serveGoogle>>, "clock" | "get">,
  path?: string,
) {
  const answers: (Awaited<ReturnType<typeof get>> & { at: number })[] = [];
  for (; clock.now() < start + end; clock.advance(10_000)) {
    answers.push({ ...(await get(path)), at: clock.now() - start });
  }
  return answers;
}

/** One number of the metrics. */
async function metric(
  { get }: Pick<Awaited<ReturnType<typeof serveGoogle>>, "get">,
  name: string,
): Promise<number> {
  const { text } = await get("/metrics");
  const line = text.split("\n").find((sample) => sample.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length));
}

const identity = "/computeMetadata/v1/instance/service-accounts/default/identity?audience=a";

const mints = (google: GoogleSimulator) => google.log.length;

test("clients do not notice that Google is down for 10 minutes", async () => {
  const world = await serveGoogle();
  await using google = world.google;
  const before = await askUntil(45 * minute, world);
  expect(mints(google)).toBe(1);
  google.fail("down");
  const during = await askUntil(55 * minute, world);
  // Nobody is refused, and yet those who watch the service see it.
  expect((await world.get("/healthz")).body).toEqual({ status: "degraded" });
  expect(await metric(world, 'decant_mints_total{outcome="error"}')).toBeGreaterThan(5);
  google.fail(undefined);
  const after = await askUntil(80 * minute, world);
  expect((await world.get("/healthz")).body).toEqual({ status: "ok" });
  expect(await metric(world, 'decant_requests_total{route="token",status="503"}')).toBe(0);
  for (const { status, ttl } of [...before, ...during, ...after]) {
    expect(status).toBe(200);
    expect(ttl).toBeGreaterThanOrEqual(300);
  }
  expect(new Set([...before, ...during].map(({ body }) => body["access_token"])).size).toBe(1);
  expect(after.at(-1)!.body["access_token"]).not.toBe(before[0]!.body["access_token"]);
});

test("clients get the old token while it lives when Google is down for longer, then 503", async () => {
  const world = await serveGoogle();
  await using google = world.google;
  await askUntil(45 * minute, world);
  google.fail("server_error");
  const asked = mints(google);
  const during = await askUntil(65 * minute, world);
  const ended = during.filter(({ at }) => at >= 60 * minute);
  expect(during.filter(({ at }) => at < 60 * minute).every(({ status }) => status === 200)).toBe(
    true,
  );
  expect(during.filter(({ ttl }) => ttl < 300).length).toBe(29);
  for (const { status, body, retryAfter } of ended) {
    expect({ status, error: body["error"] }).toEqual({ status: 503, error: "GCP_UNAVAILABLE" });
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(Number(retryAfter)).toBeLessThanOrEqual(30);
  }
  // Four tries each, every 30 s at most, however often clients ask.
  expect(mints(google) - asked).toBeLessThanOrEqual(4 * 45);
  google.fail(undefined);
  const [, , , , last] = await askUntil(65 * minute + 50_000, world);
  expect(last).toMatchObject({ status: 200, ttl: expect.any(Number) });
  expect(last!.ttl).toBeGreaterThan(3_500);
});

test("clients do not notice it where they ask for identity tokens either, and get 503 in the end", async () => {
  const world = await serveGoogle();
  await using google = world.google;
  const before = await askUntil(45 * minute, world, identity);
  google.fail("down");
  const during = await askUntil(65 * minute, world, identity);
  const alive = [...before, ...during.filter(({ at }) => at < 60 * minute)];
  expect(new Set(alive.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(alive[0]).toMatchObject({ status: 200, text: google.issued[0]!.token });
  for (const { status, body, retryAfter } of during.filter(({ at }) => at >= 60 * minute)) {
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: "GCP_UNREACHABLE", error_description: expect.any(String) });
    expect(Number(retryAfter)).toBeGreaterThan(0);
  }
  const route = 'decant_requests_total{route="metadata_identity",status="503"}';
  expect(await metric(world, route)).toBe(30);
  expect(await metric(world, 'decant_tokens_served_total{cache="stale"}')).toBe(30);
  google.fail(undefined);
  const after = await askUntil(66 * minute, world, identity);
  expect(after.at(-1)).toMatchObject({ status: 200, text: google.issued.at(-1)!.token });
  expect((await world.get("/healthz")).body).toEqual({ status: "ok" });
});

test("clients of a cold service get 503 while Google is down, and tokens soon after", async () => {
  const world = await serveGoogle({ fail: "html" });
  await using google = world.google;
  const during = await askUntil(10 * minute, world);
  expect(new Set(during.map(({ status }) => status))).toEqual(new Set([503]));
  expect(mints(google)).toBeLessThanOrEqual(4 * 26);
  google.fail(undefined);
  const after = await askUntil(11 * minute, world);
  expect(after.at(-1)!.status).toBe(200);
});

test("clients are told what is wrong with the credential, and Google is not asked each time", async () => {
  const world = await serveGoogle({ fail: "invalid_grant_key" });
  await using google = world.google;
  const first = await world.get();
  const second = await world.get();
  expect(first).toMatchObject({ status: 502, body: { error: "GCP_KEY_REVOKED" } });
  expect(second).toEqual(first);
  expect(mints(google)).toBe(1);
});

test.each<[unknown, string, GoogleOptions]>([
  [200, "a life of a million years", { expiresIn: 31_556_952_000_000 }],
  [502, "a life that is no number", { expiresIn: "soon" }],
  [502, "a negative life", { expiresIn: -1 }],
  [502, "no life", { expiresIn: null }],
  [200, "a life of a minute", { expiresIn: 60 }],
  [503, "HTML", { fail: "html" }],
  [503, "a 500", { fail: "internal_error" }],
  [503, "a rate limit", { fail: "rate_limited" }],
  [502, "half a JSON", { fail: "garbage" }],
  [503, "a cut body", { fail: "cut" }],
])("clients see %s when Google answers with %s", async (expected, _, options) => {
  const world = await serveGoogle(options);
  await using google = world.google;
  const { status, ttl, body } = await world.get();
  expect({ status, body }).toMatchObject({ status: expected });
  // Neither a key nor an assertion, a JWT, is in what clients see.
  const [, secret = ""] = google.key.private_key.split("\n");
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(JSON.stringify(body)).not.toContain("eyJ");
  if (status === 200) {
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(43_200);
    expect(body["access_token"]).toBe(google.issued.at(-1)!.token);
  }
});

test.each<[number, string, GoogleOptions]>([
  [503, "HTML", { fail: "html" }],
  [503, "a 500", { fail: "internal_error" }],
  [503, "a rate limit", { fail: "rate_limited" }],
  [502, "half a JSON", { fail: "garbage" }],
  [503, "a cut body", { fail: "cut" }],
  [502, "a key that was revoked", { fail: "invalid_grant_key" }],
])(
  "clients see %s instead of an identity token when Google answers with %s",
  async (expected, _, options) => {
    const world = await serveGoogle(options);
    await using google = world.google;
    const { status, body, text } = await world.get(identity);
    expect({ status, body }).toMatchObject({
      status: expected,
      body: { error: expect.any(String) },
    });
    expect(text).not.toContain("eyJ");
    expect((await world.get("/healthz")).body).toEqual({ status: "degraded" });
    expect(await metric(world, 'decant_mints_total{outcome="error"}')).toBe(1);
    google.fail(undefined);
    world.clock.advance(minute);
    expect(await world.get(identity)).toMatchObject({
      status: 200,
      text: google.issued.at(-1)!.token,
    });
  },
);

/** A provider whose answers are given by the test. */
function manualProvider() {
  const asked: { minTtlMs: number; signal: AbortSignal; answer(token: Token): void }[] = [];
  const provider: TokenProvider = {
    name: "manual",
    getToken: ({ minTtlMs = 0, signal }) =>
      new Promise((resolve) => asked.push({ minTtlMs, signal: signal!, answer: resolve })),
  };
  return { asked, provider };
}

test("a cold client gets 503 after a minute when a provider never answers", async () => {
  const clock = createClock();
  const { provider, asked } = manualProvider();
  const get = await serve(provider, clock);
  const answer = get();
  await expect.poll(() => asked.length).toBe(1);
  clock.advance(60_000);
  expect(await answer).toMatchObject({ status: 503, body: { error: "GCP_SERVICE_TIMEOUT" } });
  expect(asked[0]!.signal.aborted).toBe(true);
  expect(clock.timers()).toBe(0);
});

test("a client with an old token to get waits 2 s for a new one, and the next gets that", async () => {
  const clock = createClock();
  const { provider, asked } = manualProvider();
  const service = await createTokenService({
    ...{ accounts: [{ provider }], now: clock.now, sleep: clock.sleep, random: () => 0.5 },
  });
  const get = async () => {
    const headers = { "metadata-flavor": "Google" };
    const response = await service(new Request("http://localhost/token", { headers }));
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const token = (value: string) => ({
    ...{ value, type: "Bearer", expiresAt: new Date(clock.now() + 60 * minute) },
  });
  const first = get();
  await expect.poll(() => asked.length).toBe(1);
  asked[0]!.answer(token("old"));
  expect(await first).toBe("old");
  clock.advance(56 * minute);
  const second = get();
  await expect.poll(() => asked.length).toBe(2);
  clock.advance(2_000);
  expect(await second).toBe("old");
  expect(await get()).toBe("old");
  asked[1]!.answer(token("new"));
  await expect.poll(get).toBe("new");
  expect(asked).toHaveLength(2);
});

test("a provider that hands on tokens of its own cache is asked for what it has", async () => {
  const clock = createClock();
  const asked: number[] = [];
  const expiresAt = new Date(start + 60 * minute);
  const provider: TokenProvider = {
    name: "metadata",
    async getToken({ minTtlMs = 0 }) {
      asked.push(minTtlMs);
      if (expiresAt.getTime() - clock.now() > minTtlMs) {
        return { value: "kept", type: "Bearer", expiresAt };
      }
      throw new DecantError("GCP_TTL_UNMET", "Cannot get a token that lives so long", {
        kind: "usage",
      });
    },
  };
  const get = await serve(provider, clock);
  clock.advance(56 * minute);
  expect(await get()).toMatchObject({ status: 200, ttl: 240 });
  expect(await get()).toMatchObject({ status: 200, ttl: 240 });
  expect(asked).toEqual([300_000, 0]);
});

test("a token that has already ended is not given", async () => {
  const clock = createClock();
  const provider: TokenProvider = {
    name: "dead",
    getToken: async () => ({ value: "dead", type: "Bearer", expiresAt: new Date(start) }),
  };
  const get = await serve(provider, clock);
  expect(await get()).toMatchObject({ status: 503, body: { error: "GCP_SERVICE_TOKEN_DEAD" } });
});
