import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { sentryConfigFolder } from "./config-folder.ts";
import { readConfigFiles, settingOf } from "./read-config-files.ts";

async function folders(variables: Record<string, string> = {}) {
  const root = await mkdtemp(join(tmpdir(), "decant-rc-"));
  const home = join(root, "home");
  const project = join(home, "project");
  const cwd = join(project, "a", "b");
  await mkdir(cwd, { recursive: true });
  return { home, project, cwd, env: (name: string) => variables[name] };
}

async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

test("readConfigFiles() finds nothing where there is nothing", async () => {
  expect(await readConfigFiles(await folders())).toEqual([]);
});

test("readConfigFiles() takes the nearest file above the folder, and the home file", async () => {
  const { home, project, ...places } = await folders();
  const own = await put(join(home, ".sentryclirc"), "[auth]\ntoken=home");
  const near = await put(
    join(project, ".sentryclirc"),
    [
      "[defaults]\nurl=https://x.example\norg=o\nproject=p\ncustom_header=X-A: b",
      "[http]\nproxy_url=http://proxy:1\nmax_retries=3",
    ].join("\n"),
  );
  const files = await readConfigFiles({ home, ...places });
  expect(files).toEqual([
    {
      path: near,
      own: false,
      url: "https://x.example",
      org: "o",
      project: "p",
      header: "X-A: b",
      proxy: "http://proxy:1",
      retries: "3",
    },
    { path: own, own: true, token: "home" },
  ]);
  expect(settingOf(files, "token")).toEqual({ value: "home", file: files[1] });
  expect(settingOf(files, "org")?.file).toBe(files[0]);
});

test("readConfigFiles() counts the home file once, as the user's, when it is the nearest", async () => {
  const { home, ...places } = await folders();
  const path = await put(join(home, ".sentryclirc"), "[auth]\ntoken=home");
  const files = await readConfigFiles({ home, ...places });
  expect(files).toEqual([{ path, own: true, token: "home" }]);
});

test("readConfigFiles() takes sentrycli.ini of the folder for settings where there is no home file", async () => {
  const places = await folders();
  const path = join(sentryConfigFolder(places), "sentrycli.ini");
  await put(path, "[auth]\ntoken=ini");
  expect(await readConfigFiles(places)).toEqual([{ path, own: true, token: "ini" }]);
  const own = await put(join(places.home, ".sentryclirc"), "[auth]\ntoken=home");
  expect(await readConfigFiles(places)).toEqual([{ path: own, own: true, token: "home" }]);
});

test("readConfigFiles() puts what SENTRY_PROPERTIES names first, and trusts it as a project's", async () => {
  const places = await folders({ SENTRY_PROPERTIES: "../sentry.properties" });
  await put(join(places.project, ".sentryclirc"), "[defaults]\norg=near");
  const path = await put(
    join(places.project, "a", "sentry.properties"),
    "auth.token=t\ndefaults.org=named",
  );
  const [first, second] = await readConfigFiles(places);
  expect(first).toEqual({ path, own: false, token: "t", org: "named" });
  expect(second).toMatchObject({ own: false, org: "near" });
});

test("readConfigFiles() says when SENTRY_PROPERTIES names nothing", async () => {
  const places = await folders({ SENTRY_PROPERTIES: "gone.properties" });
  await expect(readConfigFiles(places)).rejects.toMatchObject({
    code: "CONFIG_UNREADABLE",
    hint: expect.stringContaining("SENTRY_PROPERTIES"),
  });
});

test("readConfigFiles() passes over a folder of that name", async () => {
  const { cwd, ...places } = await folders();
  await mkdir(join(cwd, ".sentryclirc"));
  await put(join(cwd, "sentrycli.ini"), "[defaults]\norg=ini");
  expect(await readConfigFiles({ cwd, ...places })).toMatchObject([{ own: false, org: "ini" }]);
});

test("sentryConfigFolder() is the system's", () => {
  const env = (name: string) =>
    ({ XDG_CONFIG_HOME: "/xdg", APPDATA: "/roaming" })[name] as string | undefined;
  const home = "/home/me";
  expect(sentryConfigFolder({ home, env, platform: "linux" })).toBe("/xdg/sentry");
  expect(sentryConfigFolder({ home, env, platform: "win32" })).toBe("/roaming/sentry");
  expect(sentryConfigFolder({ home, env, platform: "darwin" })).toBe(
    "/home/me/Library/Application Support/sentry",
  );
  const relative = (name: string) => (name === "XDG_CONFIG_HOME" ? "xdg" : undefined);
  expect(sentryConfigFolder({ home, env: relative, platform: "linux" })).toBe(
    "/home/me/.config/sentry",
  );
});
