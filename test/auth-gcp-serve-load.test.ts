import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startGoogle } from "@decant/simulator";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "./support/decant.ts";
import { startService } from "./support/start-service.ts";

const google = await startGoogle({ delayMs: 5_000 });
const cwd = await makeFolder();
const env = { GOOGLE_APPLICATION_CREDENTIALS: join(cwd, "key.json") };
await writeFile(env.GOOGLE_APPLICATION_CREDENTIALS, JSON.stringify(google.key));
afterAll(() => google.close());

const token = "/computeMetadata/v1/instance/service-accounts/default/token";
const flavor = { "metadata-flavor": "Google" };

const serve = (...args: string[]) =>
  startService(["--listen", "127.0.0.1:0", ...args], { cwd, env });

/** Opens connections to a service. */
async function open(place: string, count: number): Promise<Socket[]> {
  const { port } = new URL(place);
  const sockets = Array.from({ length: count }, () =>
    connect(Number(port), "127.0.0.1").on("error", () => {}),
  );
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  return sockets;
}

/** Waits for the end of a connection, be it a reset. */
function closed(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

const ask = (path: string, fields = "") =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\nmetadata-flavor: Google\r\n${fields}\r\n`;

/** 1,000 clients, each of them slow in its own way. */
async function openSlow(place: string): Promise<{ senders: Socket[]; end(): void }> {
  const halfway = await open(place, 400);
  for (const socket of halfway) socket.write("GET /token HTTP/1.1\r\nhost: loc");
  const dripping = await open(place, 400);
  for (const socket of dripping) socket.write("GET /token HTTP/1.1\r\nx-slow: ");
  const drip = setInterval(() => {
    for (const socket of dripping) socket.write("z");
  }, 200);
  const bodies = await open(place, 100);
  for (const socket of bodies) socket.write(ask("/token", "content-length: 9999999\r\n"));
  const readers = await open(place, 100);
  for (const socket of readers) socket.pause().write(ask("/metrics").repeat(30));
  const all = [...halfway, ...dripping, ...bodies, ...readers];
  return {
    senders: [...halfway, ...dripping, ...bodies],
    end() {
      clearInterval(drip);
      for (const socket of all) socket.destroy();
    },
  };
}

test("auth gcp serve answers beside 1,000 slow clients, ends them, and stops all the same", async () => {
  const { place, child, ended } = await serve();
  const getToken = async () => (await fetch(place + token, { headers: flavor })).status;
  const first = await openSlow(place);
  expect(await getToken()).toBe(200);
  await Promise.all(first.senders.map(closed));
  first.end();
  const second = await openSlow(place);
  expect(await getToken()).toBe(200);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
  second.end();
}, 90_000);

test("auth gcp serve gives 10,000 requests at once on a cold service the token of one mint", async () => {
  const { place, child, ended } = await serve();
  const before = google.log.length;
  google.fail("slow");
  const sockets = await open(place, 1_000);
  const last = ask(token, "connection: close\r\n");
  for (const socket of sockets) socket.write(ask(token).repeat(9) + last);
  const texts = await Promise.all(sockets.map((socket) => text(socket)));
  google.fail(undefined);
  const found = texts.flatMap((answers) => answers.match(/"access_token":"[^"]+"/g) ?? []);
  expect(found).toHaveLength(10_000);
  expect(new Set(found)).toEqual(new Set([`"access_token":"${google.issued.at(-1)!.token}"`]));
  expect(google.log.length - before).toBe(1);
  const metrics = await (await fetch(`${place}/metrics`)).text();
  expect(metrics).toContain('decant_requests_total{route="metadata_token",status="200"} 10000\n');
  expect(metrics).toContain('decant_tokens_served_total{cache="miss"} 10000\n');
  child.kill();
  expect((await ended).stderr.match(/"cache":"miss"/g)).toHaveLength(10_000);
});

test("auth gcp serve takes no bodies, no huge headers, no odd paths, and no more at once than it may", async () => {
  const { place, child, ended } = await serve("--max-connections", "3");
  const exchange = async (sent: string) => {
    const [socket] = await open(place, 1);
    socket!.write(sent);
    return (await text(socket!)).split("\r\n", 1)[0];
  };
  const endless = "transfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n";
  const host = "HTTP/1.1\r\nhost: localhost\r\n";
  expect(await exchange(`POST /token ${host}${endless}`)).toBe("HTTP/1.1 405 Method Not Allowed");
  expect(await exchange(ask("/token", `x: ${"x".repeat(20_000)}\r\n`))).toMatch(/^HTTP\/1.1 431 /);
  expect(await exchange(`GET http://a.example/ ${host}connection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 400 /,
  );
  expect(await exchange(ask("/healthz", "host: evil.example\r\nconnection: close\r\n"))).toMatch(
    /^HTTP\/1.1 421 /,
  );
  const [flood] = await open(place, 1);
  flood!.write(ask("/healthz").repeat(5_000));
  await closed(flood!);
  const taken = await open(place, 3);
  for (const socket of taken) socket.write(ask("/healthz").trimEnd());
  const [refused] = await open(place, 1);
  await closed(refused!);
  for (const socket of taken) socket.destroy();
  await expect.poll(() => fetch(`${place}/healthz`).then(({ status }) => status, String)).toBe(200);
  child.kill();
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  // Those of the flood are few, and none of them had an answer.
  expect(stderr.match(/"path":"\/healthz"/g)!.length).toBeLessThan(100);
});
