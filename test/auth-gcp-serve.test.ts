import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startGoogle } from "@decant/simulator";
import { afterAll, expect, test } from "vitest";
import { decant, decantOk, makeFolder, type Running, startDecant } from "./support/decant.ts";

const google = await startGoogle();
const flavor = { "metadata-flavor": "Google" };
const accounts = "/computeMetadata/v1/instance/service-accounts/default";
const secret = "correct horse battery";
afterAll(() => google.close());

const cwd = await makeFolder();
const env = { GOOGLE_APPLICATION_CREDENTIALS: join(cwd, "key.json"), DEBUG: "*" };
await writeFile(env.GOOGLE_APPLICATION_CREDENTIALS, JSON.stringify(google.key));

interface Service extends Running {
  /** As it says itself: `http://HOST:PORT` or `unix:PATH`. */
  readonly place: string;
}

async function serve(args: string[], variables: Record<string, string> = {}): Promise<Service> {
  const options = { cwd, env: { ...env, ...variables } };
  const running = startDecant(["auth", "gcp", "serve", ...args], options);
  let said = "";
  const place = await new Promise<string>((resolve, reject) => {
    running.child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk;
      const [, where] = /^Serving tokens on (.+)\n/m.exec(said) ?? [];
      if (where !== undefined) resolve(where);
    });
    running.ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return { ...running, place };
}

/** Asks a service on a Unix socket. */
function askSocket(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, headers: { ...flavor, host: "localhost" } });
    asked.once("response", (response) => resolve(text(response)));
    asked.once("error", reject).end();
  });
}

test("auth gcp serve gives tokens until SIGTERM, and logs none", async () => {
  const { place, child, ended } = await serve(["--listen", "127.0.0.1:0"]);
  const get = (path: string, headers: Record<string, string> = flavor) =>
    fetch(place + path, { headers });
  const { access_token: token } = await (await get(`${accounts}/token?scopes=bigquery`)).json();
  expect(google.issued.map((item) => item.token)).toContain(token);
  const identity = await (await get(`${accounts}/identity?audience=https://a.example`)).text();
  expect(google.issued).toContainEqual(expect.objectContaining({ token: identity, kind: "id" }));
  expect((await get(`${accounts}/token`, {})).status).toBe(403);
  expect((await get(`${accounts}/token`, { ...flavor, origin: "http://a.example" })).status).toBe(
    403,
  );
  child.kill("SIGTERM");
  const { code, stdout, stderr } = await ended;
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: "" });
  const log = stderr.split("\n").filter((line) => line.startsWith("{"));
  expect(log.map((line) => JSON.parse(line))).toMatchObject([
    { method: "GET", path: `${accounts}/token`, status: 200, client: "127.0.0.1" },
    { path: `${accounts}/identity`, status: 200 },
    { path: `${accounts}/token`, status: 403 },
    { path: `${accounts}/token`, status: 403 },
  ]);
  const hidden = [token, identity, google.key.private_key.slice(100, 160)];
  for (const part of hidden) expect(stderr).not.toContain(part);
  await expect(fetch(place)).rejects.toThrow();
});

test("auth gcp serve has a socket for its owner, and replaces one that was left", async () => {
  const path = join(cwd, "tokens.sock");
  const listen = ["--listen", `unix:${path}`];
  const first = await serve(listen);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await askSocket(path, `${accounts}/email`)).toBe(google.key.client_email);
  const taken = await decant(["auth", "gcp", "serve", ...listen], { cwd, env });
  expect(taken.code).toBe(2);
  expect(taken.stderr).toContain("Code: LISTEN_FAILED");
  first.child.kill("SIGKILL");
  await first.ended;
  const second = await serve(listen);
  expect(await askSocket(path, "/healthz")).toContain("ok");
  second.child.kill("SIGINT");
  expect((await second.ended).code).toBe(0);
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  await writeFile(path, "mine");
  expect((await decant(["auth", "gcp", "serve", ...listen], { cwd, env })).code).toBe(2);
  expect((await stat(path)).size).toBe(4);
});

test("auth gcp serve wants a secret where other machines reach it", async () => {
  const listen = ["--listen", "0.0.0.0:0"];
  const refused = await decant(["auth", "gcp", "serve", ...listen], { cwd, env });
  expect(refused).toMatchObject({ code: 2, stdout: Buffer.from("") });
  expect(refused.stderr).toContain("Code: SERVE_SECRET_MISSING");
  const flags = [...listen, "--allow-scopes", "bigquery"];
  const service = await serve(flags, { DECANT_SERVE_SECRET: secret });
  const url = `${service.place.replace("0.0.0.0", "127.0.0.1")}${accounts}/token`;
  expect((await fetch(url, { headers: flavor })).status).toBe(401);
  const headers = { ...flavor, authorization: `Bearer ${secret}` };
  expect((await fetch(url, { headers })).status).toBe(200);
  expect((await fetch(`${url}?scopes=cloud-platform`, { headers })).status).toBe(403);
  service.child.kill("SIGTERM");
  const { code, stderr } = await service.ended;
  expect(code).toBe(0);
  expect(stderr).not.toContain(secret);
});

test("auth gcp serve --print-env prints what leads clients to it", async () => {
  const print = ["auth", "gcp", "serve", "--print-env", "--listen"];
  const { stdout } = await decantOk([...print, "127.0.0.1:8200"], { cwd });
  expect(stdout.toString().split("\n")).toEqual([
    "export GCE_METADATA_HOST='127.0.0.1:8200'",
    "export GCE_METADATA_IP='127.0.0.1:8200'",
    "export GCE_METADATA_ROOT='127.0.0.1:8200'",
    "",
  ]);
  for (const address of ["127.0.0.1:0", "unix:/run/a.sock"]) {
    const { code, stderr } = await decant([...print, address], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("Code: ADDRESS_UNUSABLE");
  }
});

test("auth gcp serve answers beside 1,000 clients that never finish, and stops all the same", async () => {
  const { place, child, ended } = await serve(["--listen", "127.0.0.1:0"]);
  const port = Number(new URL(place).port);
  const slow = Array.from({ length: 1_000 }, () =>
    connect(port, "127.0.0.1").on("error", () => {}),
  );
  await Promise.all(slow.map((socket) => once(socket, "connect")));
  for (const socket of slow) socket.write("GET /token HTTP/1.1\r\nhost: loc");
  expect((await fetch(`${place}/healthz`)).status).toBe(200);
  const odd = connect(port, "127.0.0.1");
  odd.end("GET http://a.example/token HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  expect(await text(odd)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${place}${accounts}/token`, { headers: flavor })).status).toBe(200);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
  for (const socket of slow) socket.destroy();
}, 60_000);
