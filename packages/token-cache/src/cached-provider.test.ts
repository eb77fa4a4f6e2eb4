import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { TokenProvider } from "@decant/core";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cachedProvider } from "./cached-provider.ts";
import { entryName } from "./entry-name.ts";
import { readCached } from "./read-cached.ts";
import { fakeProvider } from "./testing/fake-provider.ts";

let root: string;
let folder: string;
let warnings: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "decant-"));
  folder = join(root, "cache", "tokens");
  warnings = [];
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const { uid } = userInfo();
const onWarning = (message: string) => void warnings.push(message);

/** Another process, as it were: nothing in memory. */
function open(provider: ReturnType<typeof fakeProvider>, options = {}): TokenProvider {
  const now = () => provider.time;
  return cachedProvider(provider, { folder, uid, now, onWarning, ...options });
}

test("cachedProvider() hands out a kept token until it has less left than asked", async () => {
  const provider = fakeProvider();
  const token = await open(provider).getToken({ scopes: ["b", "a"] });
  expect(token).toMatchObject({ value: "token 1", type: "Bearer", principal: "me" });
  expect(await open(provider).getToken({ scopes: ["a", "b"] })).toEqual(token);
  provider.time += 3_600_000 - 225_001;
  expect(await open(provider).getToken({ scopes: ["a", "b"] })).toEqual(token);
  provider.time += 1;
  expect(await open(provider).getToken({ scopes: ["a", "b"], minTtlMs: 224_999 })).toEqual(token);
  expect(await open(provider).getToken({ scopes: ["a", "b"] })).toMatchObject({ value: "token 2" });
  expect(provider.asked).toEqual([{ scopes: ["b", "a"] }, { scopes: ["a", "b"] }]);
  expect(warnings).toEqual([]);
});

test("cachedProvider() keeps apart what is not the same", async () => {
  const provider = fakeProvider();
  const other = fakeProvider("another");
  const values = [
    (await open(provider).getToken({})).value,
    (await open(provider).getToken({ scopes: ["a"] })).value,
    (await open(provider).getIdToken!({ audience: "a" })).value,
    (await open(provider).getIdToken!({ audience: "a", format: "full" })).value,
    (await open(provider).getIdToken!({ audience: "a" })).value,
    (await open(other).getToken({})).value,
  ];
  expect(values).toEqual(["token 1", "token 2", "token 3", "token 4", "token 3", "token 1"]);
});

test("cachedProvider() keeps files that only their owner reads, and names that tell nothing", async () => {
  await open(fakeProvider("me@example.com")).getToken({});
  const files = await readdir(folder);
  const name = `${entryName("me@example.com", {})}.token`;
  expect(files.sort()).toEqual([name, "swept"].sort());
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
});

test("readCached() reads what cachedProvider() kept, and nothing that has ended", async () => {
  const provider = fakeProvider();
  const now = () => provider.time;
  expect(readCached("somebody", {}, { folder, uid, now })).toBeUndefined();
  const token = await open(provider).getToken({});
  expect(readCached("somebody", {}, { folder, uid, now })).toEqual(token);
  expect(readCached("somebody", {}, { folder, now, minTtlMs: 3_599_999 })).toEqual(token);
  expect(readCached("somebody", {}, { folder, now, minTtlMs: 3_600_000 })).toBeUndefined();
  expect(readCached("nobody", {}, { folder, now })).toBeUndefined();
});

test("cachedProvider() asks once for all who ask within a process", async () => {
  const provider = fakeProvider();
  const cached = open(provider);
  const tokens = await Promise.all(Array.from({ length: 1_000 }, () => cached.getToken({})));
  expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(["token 1"]));
  tokens[0]!.expiresAt!.setTime(0);
  expect(tokens[1]!.expiresAt!.getTime()).toBeGreaterThan(0);
});

test("cachedProvider() stops asking when nobody waits any more", async () => {
  const provider = fakeProvider();
  const reached = Promise.withResolvers<void>();
  provider.before = (signal) =>
    new Promise((_, reject) => {
      signal!.addEventListener("abort", () => reject(signal!.reason));
      reached.resolve();
    });
  const cached = open(provider);
  const first = new AbortController();
  const second = new AbortController();
  const tokens = [first, second].map(({ signal }) => cached.getToken({ signal }));
  await reached.promise;
  first.abort(new Error("first gave up"));
  await expect(tokens[0]).rejects.toThrow("first gave up");
  provider.before = async () => {};
  second.abort(new Error("second gave up"));
  await expect(tokens[1]).rejects.toThrow("second gave up");
  expect(await cached.getToken({})).toMatchObject({ value: "token 2" });
  await expect(cached.getToken({ signal: AbortSignal.abort(new Error("x")) })).rejects.toThrow("x");
  expect(warnings).toEqual([]);
});

test("cachedProvider() can be given up while another process asks", async () => {
  const provider = fakeProvider();
  const asking = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  provider.before = async () => {
    asking.resolve();
    await answer.promise;
  };
  const first = open(provider).getToken({});
  await asking.promise;
  const controller = new AbortController();
  const second = open(provider).getToken({ signal: controller.signal });
  controller.abort(new Error("given up"));
  await expect(second).rejects.toThrow("given up");
  answer.resolve();
  expect(await first).toMatchObject({ value: "token 1" });
  expect(warnings).toEqual([]);
});

test("cachedProvider() passes errors on and keeps nothing of them", async () => {
  const provider = fakeProvider();
  provider.before = () => Promise.reject(new Error("refused"));
  await expect(open(provider).getToken({})).rejects.toThrow("refused");
  expect(await readdir(folder)).toEqual([]);
  provider.before = async () => {};
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 2" });
});

test("cachedProvider() keeps no token without an end, and none that has ended", async () => {
  const provider = fakeProvider();
  provider.lifetime = -1;
  await open(provider).getToken({});
  provider.lifetime = Number.NaN;
  await open(provider).getToken({});
  const getToken = async () => ({ value: "endless", type: "Bearer" });
  const endless = cachedProvider({ ...provider, getToken }, { folder, onWarning });
  expect(await endless.getToken({})).toEqual({ value: "endless", type: "Bearer" });
  expect(await readdir(folder)).toEqual([]);
  expect(warnings).toEqual([]);
});

test("cachedProvider() leaves a provider without identity alone, and what it lacks out", () => {
  const { identity: _, ...nameless } = fakeProvider();
  expect(cachedProvider(nameless, { folder })).toBe(nameless);
  const { getIdToken: __, ...plain } = fakeProvider();
  expect(Object.keys(cachedProvider(plain, { folder }))).toEqual(["name", "identity", "getToken"]);
});

test("cachedProvider() forgets all tokens once a credential was taken back", async () => {
  const provider = { ...fakeProvider(), revoke: async () => {} };
  await open(provider).getToken({});
  await open(provider).getIdToken!({ audience: "a" });
  await open(fakeProvider("another")).getToken({});
  await open(provider).revoke!({});
  expect((await readdir(folder)).filter((file) => file.endsWith(".token"))).toEqual([]);
  folder = join(root, "nowhere");
  await open(provider).revoke!({});
  expect(warnings).toEqual([]);
});

test("cachedProvider() replaces whatever stands in a token's place", async () => {
  const provider = fakeProvider();
  await open(provider).getToken({});
  const path = join(folder, `${entryName(provider.identity, {})}.token`);
  const whole = await readFile(path);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: whole.length - 1 }).map((end) => whole.subarray(0, end)),
      ),
      async (bytes) => {
        await writeFile(path, bytes);
        const { length } = provider.asked;
        const { value } = await open(provider).getToken({});
        expect(value).toBe(`token ${length + 1}`);
        expect(await open(provider).getToken({})).toMatchObject({ value });
      },
    ),
    { numRuns: 50 },
  );
  expect(warnings).toEqual([]);
});

test("cachedProvider() follows no link, and reads nothing that others may write", async () => {
  const provider = fakeProvider();
  await open(provider).getToken({});
  const path = join(folder, `${entryName(provider.identity, {})}.token`);
  await chmod(path, 0o640);
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 2" });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const elsewhere = join(root, "elsewhere");
  await writeFile(elsewhere, await readFile(path), { mode: 0o600 });
  await rm(path);
  await symlink(elsewhere, path);
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 3" });
  expect(await readFile(elsewhere, "utf8")).toContain("token 2");
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 3" });
});

test("cachedProvider() does not believe a token from the future: the clock was set back", async () => {
  const provider = fakeProvider();
  await open(provider).getToken({});
  provider.time -= 60_000;
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 1" });
  provider.time -= 1;
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 2" });
});

test("cachedProvider() closes a folder that others can look into", async () => {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const provider = fakeProvider();
  await open(provider).getToken({});
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await chmod(folder, 0o770);
  expect(readCached("somebody", {}, { folder, now: () => provider.time })).toBeUndefined();
  expect(warnings).toEqual([]);
});

test("cachedProvider() hands tokens out where they cannot be kept, and says so once", async () => {
  const provider = fakeProvider();
  const cached = open(provider, { uid: uid + 1 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  expect(await cached.getToken({})).toMatchObject({ value: "token 1" });
  expect(await cached.getToken({})).toMatchObject({ value: "token 2" });
  await symlink(folder, join(root, "link"));
  const link = open(provider, { folder: join(root, "link") });
  expect(await link.getToken({})).toMatchObject({ value: "token 3" });
  await writeFile(join(root, "file"), "");
  const file = open(provider, { folder: join(root, "file", "tokens") });
  expect(await file.getToken({})).toMatchObject({ value: "token 4" });
  const nowhere = open(provider, { folder: "/proc/nowhere/tokens" });
  expect(await nowhere.getToken({})).toMatchObject({ value: "token 5" });
  expect(warnings).toEqual([
    `Cannot keep tokens in "${folder}": it belongs to another user`,
    `Cannot keep tokens in "${join(root, "link")}": it is a link or a file, not a folder`,
    `Cannot keep tokens in "${join(root, "file", "tokens")}": the path cannot name a file`,
    expect.stringMatching(/^Cannot keep tokens in "\/proc\/nowhere\/tokens": /),
  ]);
  expect(await readdir(folder)).toEqual([]);
});

test("cachedProvider() hands a token out when its file cannot be put in place", async () => {
  const provider = fakeProvider();
  await mkdir(join(folder, `${entryName(provider.identity, {})}.token`, "x"), { recursive: true });
  const cached = open(provider);
  expect(await cached.getToken({})).toMatchObject({ value: "token 1" });
  expect(await cached.getToken({})).toMatchObject({ value: "token 2" });
  expect(warnings).toEqual([expect.stringContaining(`Cannot keep tokens in "${folder}": `)]);
  expect(await readdir(folder)).toHaveLength(1);
});

test("cachedProvider() changes nothing in the folder when a kept token will do", async () => {
  const provider = fakeProvider();
  const token = await open(provider).getToken({});
  const before = await stat(folder);
  expect(await open(provider).getToken({})).toEqual(token);
  expect((await stat(folder)).mtimeMs).toBe(before.mtimeMs); // Nothing was made, nothing removed.
});

test("cachedProvider() shares new tokens that live for less than its margin", async () => {
  const provider = fakeProvider();
  provider.lifetime = 100_000;
  const asking = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  provider.before = async () => {
    asking.resolve();
    await answer.promise;
  };
  const first = open(provider).getToken({});
  await asking.promise;
  const others = Array.from({ length: 5 }, () => open(provider).getToken({}));
  answer.resolve();
  const tokens = await Promise.all([first, ...others]);
  expect(tokens.map(({ value }) => value)).toEqual(Array(6).fill("token 1"));
  provider.time += 1;
  expect(await open(provider).getToken({})).toMatchObject({ value: "token 2" });
});
