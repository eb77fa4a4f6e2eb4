import type { ServerResponse } from "node:http";
import { expect, test, vi } from "vitest";
import { createGate } from "./create-gate.ts";
import type { NextPage } from "./next-page.ts";
import { type Page, type PaginateOptions, paginate } from "./paginate.ts";
import { failureOf } from "./testing/failure-of.ts";
import { parseJson } from "./testing/parse-json.ts";
import { serve, type TestServer } from "./testing/serve.ts";

/** Which page is asked for: page 0 without a cursor, page n with `0:n:0`. */
function pageOf(path: string): number {
  const cursor = new URL(path, "http://x").searchParams.get("cursor");
  return Number(cursor?.split(":")[1] ?? 0);
}

/** Sends a page as Sentry does, with a host of its own invention. */
function sendPage(res: ServerResponse, page: { rows: unknown; next: string | false }): void {
  const cursor = page.next || "0:999:0";
  const links = [
    '<http://internal:9000/?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1"',
    `<http://internal:9000/?cursor=${cursor}>; rel="next"; results="${page.next !== false}"; cursor="${cursor}"`,
  ];
  res.writeHead(200, { link: links.join(", ") }).end(JSON.stringify(page.rows));
}

/** A list of this many pages; page n holds n. */
function serveList(pages: number): Promise<TestServer> {
  return serve((req, res) => {
    const page = pageOf(req.url ?? "");
    sendPage(res, { rows: [page], next: page + 1 < pages && `0:${page + 1}:0` });
  });
}

const settings = (url: string): PaginateOptions<unknown> => ({
  url,
  parse: parseJson,
  retry: { sleep: async () => {} },
});

/** A gate, and a wait for so many requests to be sent and answered. */
function quietGate(server: TestServer) {
  const gate = createGate({ concurrency: 1 });
  const until = async (asked: number) => {
    await vi.waitUntil(() => server.asked.length >= asked, { interval: 5 });
    await gate.run(async () => {});
  };
  return { gate, until };
}

async function collect<T>(pages: AsyncIterable<Page<T>>): Promise<Page<T>[]> {
  const all: Page<T>[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** Every page that comes before the failure, and the failure. */
async function collectUntilFailure(options: PaginateOptions<unknown>) {
  const values: unknown[] = [];
  const read = async () => {
    for await (const { value } of paginate(options)) values.push(value);
  };
  return { failure: await failureOf(read()), values };
}

test("paginate() reads every page to the end, each once", async () => {
  await using server = await serveList(4);
  expect(await collect(paginate(settings(`${server.url}/a?full=true`)))).toEqual([
    { value: [0], bytes: 3, next: "0:1:0" },
    { value: [1], bytes: 3, next: "0:2:0" },
    { value: [2], bytes: 3, next: "0:3:0" },
    { value: [3], bytes: 3 },
  ]);
  expect(server.asked).toEqual([
    "/a?full=true",
    ...[1, 2, 3].map((page) => `/a?full=true&cursor=0%3A${page}%3A0`),
  ]);
});

test("paginate() goes on from a cursor", async () => {
  await using server = await serveList(4);
  const pages = await collect(paginate({ ...settings(server.url), cursor: "0:2:0" }));
  expect(pages.map(({ value }) => value)).toEqual([[2], [3]]);
});

test("paginate() goes on after an empty page, and after a short one", async () => {
  await using server = await serve((req, res) => {
    const page = pageOf(req.url ?? "");
    sendPage(res, { rows: page === 3 ? [3] : [], next: page < 4 && `0:${page + 1}:0` });
  });
  const pages = await collect(paginate(settings(server.url)));
  expect(pages.map(({ value }) => value)).toEqual([[], [], [], [3], []]);
});

test("paginate() takes GlitchTip's header and encodes its cursors", async () => {
  const cursors = ["bz0xJnI9MQ==", "cD0+/w=="];
  await using server = await serve((req, res) => {
    const asked = new URL(req.url ?? "", "http://x").searchParams.get("cursor");
    const next = cursors[asked === null ? 0 : cursors.indexOf(asked) + 1];
    const segment = next
      ? `<http://h/?cursor=${next}>; rel="next"; results="true"; cursor="${next}"`
      : '<http://h/>; rel="next"; results="false"';
    res.writeHead(200, { link: `{'<http://h/>; rel="previous"; results="false", ${segment}'}` });
    res.end(JSON.stringify(asked));
  });
  const pages = await collect(paginate(settings(server.url)));
  expect(pages.map(({ value }) => value)).toEqual([null, ...cursors]);
});

test("paginate() sends nothing before the first page is asked for", async () => {
  await using server = await serveList(2);
  const pages = paginate(settings(server.url));
  await pages.return();
  expect(server.asked).toEqual([]);
});

test("paginate() asks for one page ahead, and no more", async () => {
  await using server = await serveList(5);
  const { gate, until } = quietGate(server);
  const pages = paginate({ ...settings(server.url), gate });
  for (const asked of [2, 3, 4]) {
    await pages.next();
    await until(asked);
    expect(server.asked).toHaveLength(asked);
  }
  await pages.return();
});

test("paginate() does not ask ahead when the page in hand is larger than allowed", async () => {
  await using server = await serveList(3);
  for (const [readAheadBytes, expected] of [
    [3, [2, 3, 3]],
    [2, [1, 2, 3]],
  ] as const) {
    const fetch = vi.fn(globalThis.fetch);
    const asked: number[] = [];
    for await (const _ of paginate({ ...settings(server.url), readAheadBytes, fetch })) {
      asked.push(fetch.mock.calls.length);
    }
    expect(asked).toEqual(expected);
  }
});

test("paginate() keeps to a gate of one while it asks ahead", async () => {
  let open = 0;
  let most = 0;
  await using server = await serve((req, res) => {
    most = Math.max(most, ++open);
    res.once("close", () => open--);
    const page = pageOf(req.url ?? "");
    sendPage(res, { rows: [page], next: page < 9 && `0:${page + 1}:0` });
  });
  const gate = createGate({ concurrency: 1 });
  const lists = [1, 2, 3].map(() => collect(paginate({ ...settings(server.url), gate })));
  for (const pages of await Promise.all(lists)) expect(pages).toHaveLength(10);
  expect(most).toBe(1);
});

test("paginate() ends the request on its way when the loop is left", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await serve((req, res, count) => {
    if (count === 2) res.once("close", closed.resolve).write("[");
    else sendPage(res, { rows: [pageOf(req.url ?? "")], next: "0:1:0" });
  });
  for await (const { value } of paginate(settings(server.url))) {
    expect(value).toEqual([0]);
    await vi.waitUntil(() => server.asked.length === 2);
    break;
  }
  await closed.promise;
});

test("paginate() hands out a page before it tells that the next one failed", async () => {
  await using server = await serve((req, res) => {
    const page = pageOf(req.url ?? "");
    if (page === 2) res.writeHead(404).end();
    else sendPage(res, { rows: [page], next: `0:${page + 1}:0` });
  });
  const { gate, until } = quietGate(server);
  const pages = paginate({ ...settings(server.url), gate });
  await pages.next();
  const second = await pages.next();
  await until(3);
  expect(second.value).toEqual({ value: [1], bytes: 3, next: "0:2:0" });
  expect(await failureOf(pages.next())).toMatchObject({ code: "SOURCE_REJECTED" });
  expect((await pages.next()).done).toBe(true);
});

test("paginate() tells nobody of a failure that nobody asks for", async () => {
  await using server = await serve((req, res, count) => {
    if (count === 2) res.writeHead(404).end();
    else sendPage(res, { rows: [pageOf(req.url ?? "")], next: "0:1:0" });
  });
  const { gate, until } = quietGate(server);
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const pages = paginate({ ...settings(server.url), gate });
  await pages.next();
  await until(2);
  await pages.return();
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test("paginate() loses no page to faults on the way", async () => {
  await using server = await serve((req, res, count) => {
    const page = pageOf(req.url ?? "");
    const send = () => sendPage(res, { rows: [page], next: page < 19 && `0:${page + 1}:0` });
    if (count % 5 === 0) res.writeHead(429, { "retry-after": "1" }).end();
    else if (count % 7 === 0) res.writeHead(502, { "content-type": "text/html" }).end("<html>");
    else if (count % 3 === 0) res.write("[", () => res.destroy());
    else send();
  });
  const gate = createGate({ concurrency: 2, sleep: async () => {} });
  const pages = await collect(paginate({ ...settings(server.url), gate }));
  expect(pages.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, page) => [page]));
});

test("paginate() refuses a cursor that came again, after the page that sent it", async () => {
  await using server = await serve((req, res) => {
    const page = pageOf(req.url ?? "");
    sendPage(res, { rows: [page], next: `0:${page === 3 ? 1 : page + 1}:0` });
  });
  const { failure, values } = await collectUntilFailure(settings(server.url));
  expect(failure).toMatchObject({ code: "PAGE_REPEATED", kind: "source", retryable: false });
  expect(values).toEqual([[0], [1], [2], [3]]);
  expect(server.asked).toHaveLength(4);
});

test("paginate() refuses the cursor that it went on from", async () => {
  await using server = await serve((_, res) => sendPage(res, { rows: [], next: "0:5:0" }));
  const { failure, values } = await collectUntilFailure({
    ...settings(server.url),
    cursor: "0:5:0",
  });
  expect(failure.code).toBe("PAGE_REPEATED");
  expect(values).toEqual([[]]);
});

test("paginate() refuses a page that comes three times under new cursors", async () => {
  const rows = ["x".repeat(2000)];
  await using server = await serve((req, res) => {
    sendPage(res, { rows, next: `0:${pageOf(req.url ?? "") + 1}:0` });
  });
  const { failure, values } = await collectUntilFailure(settings(server.url));
  expect(failure.code).toBe("PAGE_REPEATED");
  expect(values).toEqual([rows, rows]);
});

test("paginate() takes a page that comes twice: new rows pushed it on", async () => {
  await using server = await serve((req, res) => {
    const page = pageOf(req.url ?? "");
    const rows = [(page === 2 ? "1" : `${page}`).repeat(2000)];
    sendPage(res, { rows, next: page < 3 && `0:${page + 1}:0` });
  });
  expect(await collect(paginate(settings(server.url)))).toHaveLength(4);
});

test("paginate() goes to no other origin", async () => {
  await using other = await serve((_, res) => res.end("[]"));
  await using server = await serve((_, res) => {
    res.writeHead(200, { link: `<${other.url}/?cursor=1>; rel="next"` }).end("[]");
  });
  const { failure } = await collectUntilFailure(settings(server.url));
  expect(failure.code).toBe("PAGE_CROSS_ORIGIN");
  const next: NextPage<unknown> = {
    cursorAfter: () => "1",
    urlAt: (_, cursor) => new URL(`${other.url}/?cursor=${cursor}`),
  };
  const astray = await collectUntilFailure({ ...settings(server.url), next });
  expect(astray.failure.code).toBe("PAGE_CROSS_ORIGIN");
  expect(astray.values).toEqual([[]]);
  expect(other.asked).toEqual([]);
});

test("paginate() does not take a lost header for the end", async () => {
  await using server = await serve((req, res) => {
    const page = pageOf(req.url ?? "");
    if (page === 2) res.end("[2]");
    else sendPage(res, { rows: [page], next: `0:${page + 1}:0` });
  });
  const { failure, values } = await collectUntilFailure(settings(server.url));
  expect(failure).toMatchObject({ code: "PAGE_LINK_INVALID", retryable: true });
  expect(values).toEqual([[0], [1]]);
});

test("paginate() follows cursors in the body", async () => {
  await using server = await serve((req, res) => {
    const after = Number(new URL(req.url ?? "", "http://x").searchParams.get("after") ?? 0);
    res.end(JSON.stringify({ rows: [after], after: after < 2 ? after + 1 : null }));
  });
  const pages = paginate<{ rows: number[]; after: number | null }>({
    url: server.url,
    parse: (body) => JSON.parse(new TextDecoder().decode(body)),
    next: {
      cursorAfter: ({ value }) => value.after?.toString(),
      urlAt: (url, cursor) => new URL(`?after=${cursor}`, url),
    },
  });
  expect((await collect(pages)).flatMap(({ value }) => value.rows)).toEqual([0, 1, 2]);
});

test("paginate() throws what a NextPage throws at once, as it is", async () => {
  await using server = await serveList(3);
  const mistake = new TypeError("x is undefined");
  const fault = () => {
    throw mistake;
  };
  const fine = { cursorAfter: () => "0:1:0", urlAt: (url: URL) => url };
  for (const next of [
    { ...fine, cursorAfter: fault },
    { ...fine, urlAt: fault },
  ]) {
    const asked = server.asked.length;
    await expect(collect(paginate({ ...settings(server.url), next }))).rejects.toBe(mistake);
    expect(server.asked.length - asked).toBe(1);
  }
});

test("paginate() ends with the signal's reason, even with a page in hand", async () => {
  await using server = await serveList(5);
  const stop = new AbortController();
  const reason = new Error("enough");
  const pages = paginate({ ...settings(server.url), signal: stop.signal });
  await pages.next();
  await vi.waitUntil(() => server.asked.length === 2);
  stop.abort(reason);
  await expect(pages.next()).rejects.toBe(reason);
  const late = paginate({ ...settings(server.url), signal: stop.signal });
  await expect(late.next()).rejects.toBe(reason);
  expect(server.asked).toHaveLength(2);
});
