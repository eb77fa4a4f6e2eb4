import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createFetch } from "./create-fetch.ts";

afterEach(() => vi.unstubAllEnvs());

function withEnv(env: Record<string, string>): Promise<typeof fetch> {
  for (const name of [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
  ]) {
    vi.stubEnv(name, env[name]);
  }
  return createFetch((name) => process.env[name]);
}

async function serve() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("from the server");
  });
  // A proxy that leads every name to this server.
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const { port } = server.address() as { port: number };
    const target = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on("error", () => target.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.closeAllConnections() };
}

test("createFetch() is the runtime's own where no proxy is set", async () => {
  expect(await withEnv({ NO_PROXY: "example.com" })).toBe(globalThis.fetch);
});

test("createFetch() goes through the proxy, but not for hosts in NO_PROXY", async () => {
  const { url, asked, close } = await serve();
  const proxied = await withEnv({ HTTP_PROXY: url, NO_PROXY: "127.0.0.1" });
  const response = await proxied("http://sentry.invalid/api/0/", { headers: { "x-a": "b" } });
  expect(await response.text()).toBe("from the server");
  expect(asked.join("\n")).toContain("sentry.invalid");
  asked.length = 0;
  await (await proxied(`${url}/direct`)).text();
  expect(asked).toEqual(["GET /direct"]);
  close();
});

test("createFetch() asks the metadata server directly", async () => {
  const server = await serve();
  const proxy = await serve();
  vi.stubEnv("GCE_METADATA_HOST", new URL(server.url).host);
  const proxied = await withEnv({ HTTP_PROXY: proxy.url });
  await (await proxied(`${server.url}/computeMetadata/v1/`)).text();
  expect({ server: server.asked, proxy: proxy.asked }).toEqual({
    server: ["GET /computeMetadata/v1/"],
    proxy: [],
  });
  vi.stubEnv("GCE_METADATA_HOST", undefined);
  await (await proxied(`${server.url}/other`)).text();
  expect(proxy.asked.join("\n")).toContain(new URL(server.url).host);
  for (const { close } of [server, proxy]) close();
});
