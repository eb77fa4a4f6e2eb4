import { chmod, mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decant } from "./testing/run-decant.ts";

const makeFolder = () => mkdtemp(join(tmpdir(), "decant-start-"));

/** As Node does for a user that the system has no entry of. */
const withoutHome = `
  import os from "node:os";
  import { syncBuiltinESMExports } from "node:module";
  os.homedir = () => {
    if (process.env.HOME === undefined) throw new Error("uv_os_homedir returned ENOENT");
    return process.env.HOME;
  };
  syncBuiltinESMExports();
`;

test("bin/start.js starts for a user without a home", async () => {
  const folder = await makeFolder();
  const { stdout, stderr, code } = await decant(["sinks"], {
    env: {
      ...{ HOME: "", XDG_CACHE_HOME: folder },
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(withoutHome)}`,
    },
  });
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout).toContain("ndjson");
  // Not even in the folder that it was started in.
  expect(await readdir(folder)).toEqual(["decant"]);
});

test("bin/start.js keeps compiled code where only the user can write, and nowhere else", async () => {
  const folder = await makeFolder();
  const made = async (home: string, caches: string) => {
    const { code } = await decant(["sinks"], { home, env: { XDG_CACHE_HOME: caches } });
    expect(code).toBe(0);
    const kept = join(home, caches, "decant", "compile");
    return (await readdir(kept).catch(() => [])).length > 0;
  };
  expect(await made("/", folder)).toBe(true);

  const relative = await makeFolder();
  expect(await made(relative, "caches")).toBe(false);
  expect(await readdir(relative)).toEqual([".cache"]);

  const open = await makeFolder();
  await chmod(open, 0o777);
  expect(await made("/", open)).toBe(false);
  await chmod(open, 0o1777);
  expect(await made("/", open)).toBe(true);

  const foreign = await makeFolder();
  await mkdir(join(foreign, "decant"));
  await chmod(join(foreign, "decant"), 0o770);
  expect(await made("/", foreign)).toBe(false);

  const linked = await makeFolder();
  await symlink(folder, join(linked, "decant"));
  expect(await made("/", linked)).toBe(false);
});
