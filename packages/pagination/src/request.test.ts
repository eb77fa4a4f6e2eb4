import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { DecantError } from "@decant/core";
import { expect, test, vi } from "vitest";
import { createGate } from "./create-gate.ts";
import { request } from "./request.ts";
import type { RequestOptions, RetryEvent } from "./request-options.ts";
import { failureOf } from "./testing/failure-of.ts";
import { parseJson } from "./testing/parse-json.ts";
import { type Handler, serve } from "./testing/serve.ts";

/** A request that waits for nothing, and what it would have waited. */
function hurried(options: Partial<RequestOptions<unknown>> & { url: string }) {
  const waits: RetryEvent[] = [];
  const retry = { random: () => 1, sleep: async () => {}, ...options.retry };
  const onRetry = (event: RetryEvent) => waits.push(event);
  return { waits, done: request({ parse: parseJson, ...options, onRetry, retry }) };
}

const fail =
  (status: number, times: number, headers: Record<string, string> = {}): Handler =>
  (_, res, count) => {
    if (count <= times) res.writeHead(status, headers).end("no");
    else res.end("[1]");
  };

const cut =
  (times: number, head: Record<string, string>): Handler =>
  (_, res, count) => {
    if (count > times) return res.end("[1]");
    res.writeHead(200, head);
    res.write("[1, 2", () => res.destroy());
  };

/** Options in which a function of the caller fails after an answer of status 503. */
const faulty = {
  explain: (explain: () => never) => ({ explain }),
  onRetry: (onRetry: () => never) => ({ onRetry }),
  now: (now: () => never) => ({ now }),
};

test("request() gives the parsed body, its size, and the head", async () => {
  await using server = await serve((req, res) => {
    res.writeHead(200, { "x-hits": "3" }).end(JSON.stringify(req.headers["x-a"]));
  });
  const url = `${server.url}/a?b=c`;
  const answer = await request({ url, headers: { "x-a": "e" }, parse: parseJson });
  expect(answer).toMatchObject({ bytes: 3, response: { status: 200, url } });
  expect(answer.response.headers.get("x-hits")).toBe("3");
});

test("request() hands the head to parse()", async () => {
  await using server = await serve((_, res) => res.writeHead(200, { "x-hits": "3" }).end("[]"));
  const { value } = await request({
    url: server.url,
    parse: (_, response) => response.headers.get("x-hits"),
  });
  expect(value).toBe("3");
});

test("request() reads bodies with and without a length, and compressed ones", async () => {
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id }));
  const body = Buffer.from(JSON.stringify(rows));
  const zipped = gzipSync(body);
  const forms: Record<string, Handler> = {
    "/sized": (_, res) => res.writeHead(200, { "content-length": body.length }).end(body),
    "/chunked": (_, res) => {
      res.write(body.subarray(0, 70_000));
      res.end(body.subarray(70_000));
    },
    "/zipped": (_, res) => {
      res.writeHead(200, { "content-encoding": "gzip", "content-length": zipped.length });
      res.end(zipped);
    },
  };
  await using server = await serve((req, res, count) => forms[req.url ?? ""]?.(req, res, count));
  for (const form of Object.keys(forms)) {
    const answer = await request({ url: server.url + form, parse: parseJson });
    expect(answer.bytes).toBe(body.length);
    expect(answer.value).toEqual(rows);
  }
});

test.each([408, 429, 500, 502, 503, 504, 599])("request() tries again after %i", async (status) => {
  await using server = await serve(fail(status, 2));
  const { done, waits } = hurried({ url: server.url });
  expect((await done).value).toEqual([1]);
  expect(waits).toEqual([
    { attempt: 2, delayMs: 500, reason: `status ${status}`, pausesGate: status === 429 },
    { attempt: 3, delayMs: 1000, reason: `status ${status}`, pausesGate: status === 429 },
  ]);
});

test("request() tries again after an HTML page of a proxy", async () => {
  await using server = await serve(fail(502, 1, { "content-type": "text/html" }));
  expect((await hurried({ url: server.url }).done).value).toEqual([1]);
});

test.each([
  ["a length", { "content-length": "100" }],
  ["chunks", {}],
  ["compression", { "content-encoding": "gzip", "content-length": "100" }],
])("request() tries again after a body with %s was cut off", async (_, head) => {
  await using server = await serve(cut(2, head));
  const { done, waits } = hurried({ url: server.url });
  expect((await done).value).toEqual([1]);
  expect(waits.map(({ reason }) => reason)).toEqual(Array(2).fill("connection failed"));
});

test("request() tells a cut-off body from a whole one where fetch() does not", async () => {
  const fetch = async () => new Response("[1]", { headers: { "content-length": "4" } });
  const { done, waits } = hurried({ url: "http://a.example", fetch, retry: { retries: 1 } });
  expect((await failureOf(done)).code).toBe("SOURCE_UNAVAILABLE");
  expect(waits[0]?.reason).toBe("cut-off body");
  const longer = async () => new Response("[1, 2]", { headers: { "content-length": "4" } });
  const failure = failureOf(hurried({ url: "http://a.example", fetch: longer }).done);
  expect((await failure).message).toContain("cut off");
});

test("request() tries again after a body that cannot be parsed, and says so in the end", async () => {
  await using server = await serve((_, res) => res.end("[1, 2"));
  const { done, waits } = hurried({ url: server.url });
  expect(await failureOf(done)).toMatchObject({
    code: "PAGE_MALFORMED",
    kind: "source",
    retryable: true,
    cause: expect.any(SyntaxError),
  });
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
  expect(server.asked).toHaveLength(9);
});

test("request() does not try again where parse() itself is at fault", async () => {
  await using server = await serve((_, res) => res.end("[1]"));
  const own = new DecantError("TOO_OLD", "Cannot read the page: its format is too old", {
    kind: "source",
  });
  for (const mistake of [new Error("a bug"), new RangeError("too far"), own, "no error"]) {
    const parse = vi.fn(() => {
      throw mistake;
    });
    await expect(hurried({ url: server.url, parse }).done).rejects.toBe(mistake);
    expect(parse).toHaveBeenCalledTimes(1);
  }
});

test("request() tries again where parse() says so in its own words, and as patiently", async () => {
  await using server = await serve((_, res) => res.end("[1]"));
  const own = new DecantError("NOT_YET", "Cannot read the page: it is not ready", {
    kind: "source",
    retryable: true,
    retryAfterMs: 3000,
  });
  const parse = () => {
    throw own;
  };
  const { done, waits } = hurried({ url: server.url, parse, retry: { retries: 2 } });
  await expect(done).rejects.toBe(own);
  const wait = { delayMs: 3000, reason: "malformed body", pausesGate: true };
  expect(waits).toEqual([
    { attempt: 2, ...wait },
    { attempt: 3, ...wait },
  ]);
});

test("request() tries again after a connection that fails", async () => {
  const server = await serve(() => {});
  await server[Symbol.asyncDispose]();
  const { done, waits } = hurried({ url: `${server.url}/a?secret=1`, retry: { retries: 2 } });
  const failure = await failureOf(done);
  expect(failure).toMatchObject({ code: "SOURCE_UNAVAILABLE", retryable: true });
  expect(failure.message).toContain(`Cannot read "${server.url}/a": the connection failed`);
  expect(waits.map(({ reason }) => reason)).toEqual(Array(2).fill("connection failed"));
});

test("request() names what the system says of a failed connection, where it is told", async () => {
  const inner = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: inner }));
  const { done } = hurried({ url: "https://a.example/b?c", fetch, retry: { retries: 0 } });
  expect((await failureOf(done)).message).toBe(
    'Cannot read "https://a.example/b": the connection failed (ENOTFOUND)',
  );
});

test("request() ends a try that takes too long, before the head and within the body", async () => {
  await using server = await serve((_, res, count) => {
    if (count === 2) res.write("[");
  });
  const { done, waits } = hurried({ url: server.url, timeoutMs: 50, retry: { retries: 1 } });
  expect(await failureOf(done)).toMatchObject({
    code: "SOURCE_UNAVAILABLE",
    retryable: true,
    message: `Cannot read "${server.url}/": it took longer than 0.05 s`,
  });
  expect(waits.map(({ reason }) => reason)).toEqual(["timed out"]);
});

test("request() asks explain() for no answer whose body took too long", async () => {
  await using server = await serve((_, res) => {
    res.writeHead(404);
    res.write("no");
  });
  const explain = vi.fn(() => undefined);
  const options = { url: server.url, explain, timeoutMs: 50, retry: { retries: 0 } };
  expect(await failureOf(hurried(options).done)).toMatchObject({
    code: "SOURCE_UNAVAILABLE",
    message: `Cannot read "${server.url}/": it took longer than 0.05 s`,
  });
  expect(explain).not.toHaveBeenCalled();
});

test.each([
  [429, "SOURCE_THROTTLED", "source", true],
  [503, "SOURCE_UNAVAILABLE", "source", true],
  [401, "SOURCE_REJECTED", "credentials", false],
  [403, "SOURCE_REJECTED", "credentials", false],
  [404, "SOURCE_REJECTED", "source", false],
  [400, "SOURCE_REJECTED", "source", false],
  [304, "SOURCE_REJECTED", "source", false],
])("request() ends with %i as %s", async (status, code, kind, retryable) => {
  await using server = await serve(fail(status, 99));
  const failure = await failureOf(hurried({ url: server.url, retry: { retries: 1 } }).done);
  expect(failure).toMatchObject({ code, kind, retryable });
  expect(failure.message).toContain(`status ${status}`);
  expect(failure.hint).toMatch(/\.$/);
  expect(server.asked).toHaveLength(retryable ? 2 : 1);
});

test("request() waits as long as the server asks where that is longer", async () => {
  await using server = await serve((_, res, count) => {
    if (count === 1) res.writeHead(429, { "retry-after": "7" }).end();
    else if (count === 2) res.writeHead(503, { "retry-after": "0" }).end();
    else res.end("[1]");
  });
  const { done, waits } = hurried({ url: server.url });
  await done;
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([7000, 1000]);
});

test("request() gives up when the waits would be longer than the budget", async () => {
  await using server = await serve(fail(503, 99));
  const { done, waits } = hurried({ url: server.url, retry: { budgetMs: 4000 } });
  await failureOf(done);
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([500, 1000, 2000]);
});

test("request() does not begin a wait that is longer than the budget, but says how long", async () => {
  await using server = await serve(fail(429, 99, { "retry-after": "3600" }));
  const { done, waits } = hurried({ url: server.url });
  expect(await failureOf(done)).toMatchObject({ retryable: true, retryAfterMs: 3_600_000 });
  expect(waits).toEqual([]);
});

test("request() leaves half of a wait to chance", async () => {
  await using server = await serve(fail(503, 2));
  const { done, waits } = hurried({ url: server.url, retry: { random: () => 0 } });
  await done;
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([250, 500]);
});

test("request() holds the whole gate when the server has had too much", async () => {
  await using server = await serve((_, res, count) => {
    if (count === 1) res.writeHead(429, { "retry-after": "7" }).end();
    else if (count === 2) res.writeHead(500).end();
    else res.end("[1]");
  });
  const gate = createGate({ concurrency: 1, sleep: async () => {} });
  const pauseUntil = vi.spyOn(gate, "pauseUntil");
  await hurried({ url: server.url, gate, now: () => 1_000_000 }).done;
  expect(pauseUntil.mock.calls).toEqual([[1_007_000]]);
});

test("request() holds the gate for others even when it gives up", async () => {
  await using server = await serve(fail(429, 99));
  const gate = createGate({ concurrency: 1, sleep: async () => {} });
  const pauseUntil = vi.spyOn(gate, "pauseUntil");
  await failureOf(hurried({ url: server.url, gate, now: () => 0, retry: { retries: 0 } }).done);
  expect(pauseUntil.mock.calls).toEqual([[500]]);
});

test("request() holds its place until the body has ended, and not while it waits", async () => {
  const gate = createGate({ concurrency: 1 });
  const inBody = Promise.withResolvers<void>();
  await using server = await serve((_, res, count) => {
    if (count === 1) return res.writeHead(500).end();
    res.write("[1");
    inBody.promise.then(() => res.end("]"));
  });
  const order: string[] = [];
  const other = (name: string) => gate.run(async () => void order.push(name));
  const { done } = hurried({ url: server.url, gate, retry: { sleep: () => other("in the wait") } });
  await vi.waitUntil(() => server.asked.length === 2);
  const after = other("after the body");
  await new Promise<void>((resolve) => setImmediate(resolve));
  order.push("in the body");
  inBody.resolve();
  await Promise.all([done, after]);
  expect(order).toEqual(["in the wait", "in the body", "after the body"]);
});

test("request() lets explain() put a failure into words", async () => {
  const body = `${"x".repeat(9000)}`;
  await using server = await serve((_, res) => res.writeHead(404, { "x-a": "b" }).end(body));
  const explain = vi.fn(
    () => new DecantError("NO_PROJECT", 'Cannot find "web"', { kind: "usage" }),
  );
  const failure = await failureOf(hurried({ url: server.url, explain }).done);
  expect(failure.code).toBe("NO_PROJECT");
  expect(explain.mock.calls).toMatchObject([[{ status: 404, body: body.slice(0, 8192) }]]);
});

test("request() follows what explain() says of trying again, against the status", async () => {
  const words = (retryable: boolean, retryAfterMs?: number) => () =>
    new DecantError("BUSY", "Cannot read", {
      kind: "source",
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  await using busy = await serve(fail(400, 1, { "retry-after": "60" }));
  const { done, waits } = hurried({ url: busy.url, explain: words(true, 2000) });
  await done;
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([2000]);
  await using broken = await serve(fail(503, 1));
  await failureOf(hurried({ url: broken.url, explain: words(false) }).done);
  expect(broken.asked).toHaveLength(1);
});

test.each([new Error("a bug"), new TypeError("x is undefined"), "no error at all", undefined])(
  "request() throws what a function of the caller throws at once, as it is: %s",
  async (mistake) => {
    const fault = () => {
      throw mistake;
    };
    const retry = { random: () => 1, sleep: async () => {} };
    const outcomes = (Object.keys(faulty) as (keyof typeof faulty)[]).map(async (name) => {
      await using server = await serve(fail(503, 99));
      const common = { url: server.url, parse: parseJson, retry };
      const outcome = await Promise.allSettled([request({ ...common, ...faulty[name](fault) })]);
      return [name, server.asked.length, ...outcome];
    });
    const thrown = { status: "rejected", reason: mistake };
    expect(await Promise.all(outcomes)).toEqual(
      Object.keys(faulty).map((name) => [name, 1, thrown]),
    );
  },
);

test("request() never follows a redirect", async () => {
  await using other = await serve((_, res) => res.end("[1]"));
  await using server = await serve((_, res) => {
    res.writeHead(302, { location: `${other.url}/secret/path` }).end();
  });
  const failure = await failureOf(hurried({ url: server.url }).done);
  expect(failure).toMatchObject({ code: "PAGE_REDIRECTED", retryable: false });
  expect(failure.message).toContain(`"${other.url}"`);
  expect(failure.message).not.toContain("secret");
  expect(other.asked).toEqual([]);
});

test.each([
  ["text/html; charset=utf-8", "\n <html>login</html>"],
  ["text/html", "<p>hello"],
  ["application/json", "<!DOCTYPE html><title>x</title>"],
])("request() refuses HTML sent as %s, at once", async (type, body) => {
  await using server = await serve((_, res) => {
    res.writeHead(200, { "content-type": type }).end(body);
  });
  const explain = vi.fn(() => undefined);
  const failure = await failureOf(hurried({ url: server.url, explain }).done);
  expect(failure).toMatchObject({ code: "PAGE_HTML", retryable: false });
  expect(explain.mock.calls).toMatchObject([[{ status: 200, body }]]);
  expect(server.asked).toHaveLength(1);
});

test("request() takes JSON that is sent as text/html", async () => {
  await using server = await serve((_, res) => {
    res.writeHead(200, { "content-type": "text/html" }).end("[1]");
  });
  expect((await hurried({ url: server.url }).done).value).toEqual([1]);
});

test("request() refuses a body of too many bytes by its length, before reading it", async () => {
  await using server = await serve((_, res) => {
    res.writeHead(200, { "content-length": 1001 });
    res.write("[");
  });
  const failure = await failureOf(hurried({ url: server.url, maxBytes: 1000 }).done);
  expect(failure).toMatchObject({ code: "PAGE_TOO_LARGE", retryable: false });
});

test("request() stops reading a body without an end", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await serve((_, res) => {
    res.once("close", closed.resolve);
    const more = () => void (res.destroyed || res.write("x".repeat(10_000), more));
    more();
  });
  const failure = await failureOf(hurried({ url: server.url, maxBytes: 100_000 }).done);
  expect(failure.code).toBe("PAGE_TOO_LARGE");
  await closed.promise;
});

test("request() takes a body of just the bytes allowed", async () => {
  await using server = await serve((_, res, count) => {
    if (count === 1) res.writeHead(200, { "content-length": 3 });
    res.write("[");
    res.end("1]");
  });
  for (let count = 0; count < 2; count++) {
    expect((await hurried({ url: server.url, maxBytes: 3 }).done).value).toEqual([1]);
  }
});

test("request() ends with the signal's reason in the queue, a transfer, a wait, or before", async () => {
  await using silent = await serve((_, res) => res.write("["));
  await using busy = await serve(fail(503, 99));
  const gate = createGate({ concurrency: 1 });
  const stop = new AbortController();
  const { signal } = stop;
  const parse = parseJson;
  const ends = Promise.allSettled([
    request({ url: silent.url, gate, signal, parse }),
    request({ url: silent.url, gate, signal, parse }),
    request({ url: busy.url, signal, parse, retry: { minDelayMs: 60_000, maxDelayMs: 60_000 } }),
  ]);
  await vi.waitUntil(() => silent.asked.length === 1 && busy.asked.length === 1);
  const reason = new Error("enough");
  stop.abort(reason);
  expect(await ends).toEqual(Array(3).fill({ status: "rejected", reason }));
  await expect(request({ url: silent.url, signal, parse })).rejects.toBe(reason);
  expect(silent.asked).toHaveLength(1);
});

test("request() leaves no timer and no listener behind", async () => {
  await using server = await serve(fail(503, 1));
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  const set = vi.spyOn(globalThis, "setTimeout");
  const cleared = vi.spyOn(globalThis, "clearTimeout");
  const gate = createGate({ concurrency: 1 });
  const timeoutMs = 54_321;
  await request({
    url: server.url,
    parse: parseJson,
    signal,
    gate,
    timeoutMs,
    retry: { minDelayMs: 2 },
  });
  const timers = set.mock.results.filter((_, index) => set.mock.calls[index]?.[1] === timeoutMs);
  const clears = cleared.mock.calls.map(([timer]) => timer);
  vi.restoreAllMocks();
  expect(timers).toHaveLength(2);
  for (const { value } of timers) expect(clears).toContain(value);
  // Two tries, twice through the gate, and one wait.
  expect(added).toHaveBeenCalledTimes(5);
  for (const [, listener] of added.mock.calls) {
    expect(removed.mock.calls.map((call) => call[1])).toContain(listener);
  }
});

test("request() leaves a DecantError of a wrapped fetch() as it is", async () => {
  const error = new DecantError("TOKEN_MISSING", "Cannot get a token", { kind: "credentials" });
  const fetch = vi.fn(() => Promise.reject(error));
  await expect(hurried({ url: "http://a.example", fetch }).done).rejects.toBe(error);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test.each(["nonsense", "file:///etc/passwd", "ftp://a.example", "https://user:hunter2@a.example"])(
  "request() refuses the address %s",
  async (url) => {
    const failure = await failureOf(hurried({ url }).done);
    expect(failure).toMatchObject({ code: "REQUEST_INVALID", kind: "usage" });
    expect(failure.message).not.toContain("hunter2");
  },
);

test("request() never shows a header in an error", async () => {
  const secret = "hunter2";
  const headers = { authorization: `Bearer ${secret}` };
  await using server = await serve((req, res, count) => {
    if (req.url === "/cut") res.write("[", () => res.destroy());
    else if (req.url === "/late") return;
    else if (req.url === "/malformed") res.end("[1");
    else if (req.url === "/html") res.end("<html>");
    else if (req.url === "/moved") res.writeHead(302, { location: "http://b.example" }).end();
    else res.writeHead([401, 404, 429, 500][count % 4] ?? 500).end();
  });
  const paths = ["cut", "late", "malformed", "html", "moved", "1", "2", "3", "4"];
  const urls = [...paths.map((path) => `${server.url}/${path}`), "http://127.0.0.1:1/"];
  const failures = urls.map((url) =>
    failureOf(hurried({ url, headers, timeoutMs: 200, retry: { retries: 0 } }).done),
  );
  const broken = { authorization: `Bearer ${secret}\n${secret}` };
  failures.push(failureOf(hurried({ url: server.url, headers: broken }).done));
  for (const failure of await Promise.all(failures)) {
    expect(inspect(failure, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(
      secret,
    );
  }
});
