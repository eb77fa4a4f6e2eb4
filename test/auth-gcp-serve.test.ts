import { stat, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startGoogle } from "@decant/simulator";
import { afterAll, expect, test } from "vitest";
import { decant, decantOk, makeFolder } from "./support/decant.ts";
import { startService } from "./support/start-service.ts";

const google = await startGoogle();
const flavor = { "metadata-flavor": "Google" };
const accounts = "/computeMetadata/v1/instance/service-accounts/default";
const secret = "correct horse battery";
afterAll(() => google.close());

const cwd = await makeFolder();
const env = { GOOGLE_APPLICATION_CREDENTIALS: join(cwd, "key.json"), DEBUG: "*" };
await writeFile(env.GOOGLE_APPLICATION_CREDENTIALS, JSON.stringify(google.key));

const serve = (args: string[], variables: Record<string, string> = {}) =>
  startService(args, { cwd, env: { ...env, ...variables } });

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
  const second = await serve([...listen, "--socket-mode", "660"]);
  expect(await askSocket(path, "/healthz")).toContain("ok");
  expect((await stat(path)).mode & 0o777).toBe(0o660);
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
  for (const address of ["127.0.0.1:0", "0.0.0.0:8200", "unix:/run/a.sock"]) {
    const { code, stderr } = await decant([...print, address], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("Code: ADDRESS_UNUSABLE");
  }
});

test("auth gcp serve limits the rate of a client, and tells what it is told to tell", async () => {
  const file = join(cwd, "secret");
  await writeFile(file, `${secret}\n`);
  const { place, child, ended } = await serve([
    ...["--listen", "127.0.0.1:0", "--secret-file", file, "--rate-limit", "1", "--rate-burst", "8"],
    ...["--account-email", "a@example.com", "--project-id", "acme", "--project-number", "42"],
    ...["--project-attribute", "note=a=b, c", "--instance-attribute", "cluster-name=demo"],
    ...["--instance-id", "7", "--instance-name", "box", "--instance-zone", "north-a"],
    ...["--instance-hostname", "box.example.com"],
  ]);
  const get = (path: string, headers: Record<string, string>) =>
    fetch(`${place}/computeMetadata/v1/${path}`, { headers });
  expect((await get("?recursive=true", flavor)).status).toBe(401);
  const known = { ...flavor, authorization: `Bearer ${secret}` };
  expect(await (await get("?recursive=true", known)).json()).toMatchObject({
    instance: {
      ...{ attributes: { "cluster-name": "demo" }, hostname: "box.example.com", id: 7 },
      ...{ name: "box", zone: "projects/42/zones/north-a" },
      serviceAccounts: { "a@example.com": { aliases: ["default"] } },
    },
    project: { attributes: { note: "a=b, c" }, numericProjectId: 42, projectId: "acme" },
  });
  const statuses: number[] = [];
  while (statuses.at(-1) !== 429) statuses.push((await get("instance/id", known)).status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(Number((await get("instance/id", known)).headers.get("retry-after"))).toBeGreaterThan(0);
  child.kill();
  expect((await ended).stderr).not.toContain(secret);
});

test("auth gcp serve asks a metadata server directly, whatever the proxy", async () => {
  const { place, child, ended } = await serve(["--metadata", "--listen", "127.0.0.1:0"], {
    ...{ GCE_METADATA_HOST: new URL(google.url).host, HTTP_PROXY: "http://127.0.0.1:9" },
  });
  const answer = await fetch(`${place}${accounts}/token`, { headers: flavor });
  expect({ status: answer.status, text: await answer.text() }).toMatchObject({ status: 200 });
  child.kill();
  await ended;
});

test.each([
  [["--rate-limit", "0"], 'Cannot use "0" for "--rate-limit": it is less than 1'],
  [["--rate-burst", "5"], 'Cannot use "5" for "--rate-burst": there is no --rate-limit'],
  [["--max-tokens", "many"], 'Cannot use "many" for "--max-tokens": it is no whole number'],
  [["--instance-attribute", "demo"], 'Cannot use "demo" for "--instance-attribute": it is not NA'],
  [["--project-number", "acme"], "numericProjectId"],
  [["--secret-file", "nothing"], 'Cannot read "nothing": ENOENT'],
  [["--socket-mode", "777"], "Expected --socket-mode=777 to be one of: 600, 660, 666"],
  [["--listen", "8178"], 'Cannot listen on "8178": it is no address'],
])("auth gcp serve %j is refused", async (args, message) => {
  const { code, stdout, stderr } = await decant(["auth", "gcp", "serve", ...args], { cwd, env });
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});
