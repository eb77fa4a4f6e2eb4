import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { askServer } from "./ask-server.ts";

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function ask(url: string, token = "hunter2") {
  return askServer({ url, token, headers: { "x-proxy": "in" }, fetch: globalThis.fetch });
}

test("askServer() tells whom a token stands for, and what it may do", async () => {
  await using sentry = await startSentry({ limits: false });
  expect(await ask(sentry.url, sentry.tokens.noOrgScope)).toMatchObject({
    user: "ada@example.com",
    scopes: expect.arrayContaining(["event:read"]),
  });
  expect(await ask(sentry.url, sentry.token)).toMatchObject({
    organizations: [sentry.org],
    more: false,
  });
});

test("askServer() sends token and headers, and follows no redirect", async () => {
  const seen: unknown[] = [];
  await using elsewhere = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end();
  });
  await using server = await serve((request, response) => {
    const { authorization, "x-proxy": proxy } = request.headers;
    expect({ authorization, proxy }).toEqual({ authorization: "Bearer hunter2", proxy: "in" });
    response.writeHead(302, { location: elsewhere.url }).end();
  });
  await expect(ask(server.url)).rejects.toMatchObject({ code: "SENTRY_WRONG_URL" });
  expect(seen).toEqual([]);
});

test.each([
  [401, '{"detail":"Invalid token"}', "SENTRY_UNAUTHORIZED"],
  [200, '{"version":"0","auth":null,"user":null}', "SENTRY_UNAUTHORIZED"],
  [200, "<html>Log in</html>", "SENTRY_WRONG_URL"],
  [403, "{}", "SENTRY_WRONG_URL"],
  [503, "{}", "SOURCE_UNAVAILABLE"],
  [429, "{}", "SOURCE_UNAVAILABLE"],
])("askServer() says what %i %s means", async (status, body, code) => {
  await using server = await serve((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  const error = await ask(server.url).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code });
  expect(String(error) + JSON.stringify(error)).not.toContain("hunter2");
});

test("askServer() says that nobody answers, and says nothing of the token", async () => {
  const { url, ...gone } = await serve(() => {});
  await gone[Symbol.asyncDispose]();
  const error = await ask(url).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "SOURCE_UNAVAILABLE", retryable: true });
  expect(String(error) + JSON.stringify(error)).not.toContain("hunter2");
});
