import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findTarget } from "./find-target.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-target-"));
afterAll(() => rm(folder, { recursive: true }));
const servicefile = join(folder, "services");
await writeFile(
  servicefile,
  "# mine\n[other]\nhost=other\n\n[prod]\nhost = db.prod\ndbname=sentry\nuser=loader\npassword=secret\nsslmode=require\n",
);

test.each(["-", "postgres://", "postgresql://", "postgres:"])(
  "findTarget() takes all from the option url where the destination is %s",
  async (destination) => {
    const url = "postgres://me:secret@db:1/x?sslmode=disable";
    expect(await findTarget(destination, { url, host: "elsewhere" })).toEqual({
      ...{ user: "me", password: "secret", host: "db", port: 1, database: "x" },
      ...{ params: { sslmode: "disable" }, label: "postgres://db:1/x" },
    });
  },
);

test("findTarget() passes over parameters of other programs in the option url", async () => {
  const url = "postgres://db/x?schema=public&sslmode=require&pgbouncer=true";
  expect(await findTarget("-", { url })).toMatchObject({ params: { sslmode: "require" } });
});

test("findTarget() passes over the option url where the destination says more", async () => {
  const url = "postgres://me:secret@db/x";
  expect(await findTarget("postgres:///y", { url })).toEqual({
    ...{ database: "y", params: {}, label: "postgres:///y" },
  });
});

test("findTarget() fills in from options what the destination leaves out", async () => {
  const options = { host: "db", port: 5433, user: "me", database: "x", password: "secret" };
  expect(await findTarget("-", options)).toMatchObject({
    ...options,
    label: "postgres://db:5433/x",
  });
  expect(await findTarget("postgres://you@%2Ftmp", options)).toMatchObject({
    ...{ host: "/tmp", user: "you", database: "x", label: "postgres://%2Ftmp:5433/x" },
  });
});

test("findTarget() reads a service, below the destination and above the options", async () => {
  const options = { service: "other", servicefile, user: "me", port: 1 };
  expect(await findTarget("postgres:///mine?service=prod", options)).toEqual({
    ...{ host: "db.prod", database: "mine", user: "loader", password: "secret", port: 1 },
    params: { service: "prod", sslmode: "require" },
    label: "postgres://db.prod:1/mine",
  });
  await expect(findTarget("-", { service: "none", servicefile })).rejects.toMatchObject({
    code: "POSTGRES_SERVICE_UNKNOWN",
  });
  await expect(
    findTarget("-", { service: "prod", servicefile: join(folder, "gone") }),
  ).rejects.toMatchObject({ code: "POSTGRES_SERVICE_UNKNOWN", kind: "usage" });
});

test.each(["postgres://me:pa-ss@db/x", "postgres://db/x?password=pa-ss", "postgres://:pa-ss@db"])(
  "findTarget() refuses the password in %s, and does not repeat it",
  async (destination) => {
    const error = await findTarget(destination, {}).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "POSTGRES_PASSWORD_EXPOSED", kind: "usage" });
    expect(JSON.stringify([error, String(error)])).not.toContain("pa-ss");
  },
);
