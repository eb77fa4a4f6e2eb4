import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { bin, homeWith } from "../testing/run-decant.ts";

const provider = `
export default {
  open: async ({ env }) => ({
    name: "vault",
    getToken: async () => ({ value: env("VALUE"), type: env("TYPE") ?? "Bearer" }),
  }),
};
`;
const entry = { module: "./provider.js", summary: "A token from a variable" };
const helpers = { git: { username: "token", hosts: ["git.example.com"] } };
const decantData = { contract: 1, auth: { vault: { ...entry, helpers }, plain: entry } };
const home = await homeWith({ decant: decantData }, { "provider.js": provider });

function helper(args: readonly string[], env: Record<string, string>, input = "") {
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "auth", ...args], {
    ...{ cwd: home, encoding: "utf8", input },
    env: { PATH, HOME: home, ...env },
  });
  return { code: status, stdout, stderr };
}

test("auth NAME helper git gives tokens of a plugin to the hosts that its data names", () => {
  const get = ["vault", "helper", "git", "get"];
  const asked = "protocol=https\nhost=git.example.com\n\n";
  expect(helper(get, { VALUE: "s3cr3t" }, asked)).toEqual({
    code: 0,
    // A token without an end says nothing of it.
    stdout: "username=token\npassword=s3cr3t\n",
    stderr: "",
  });
  const forged = helper(get, { VALUE: "a\nurl=https://evil.example.com" }, asked);
  expect(forged).toMatchObject({ code: 2, stdout: "" });
  expect(forged.stderr).toContain("Code: HELPER_TOKEN_UNFIT");
});

test("auth NAME helper docker is not there for a provider whose data names no registry", () => {
  for (const name of ["vault", "plain"]) {
    const { code, stderr } = helper([name, "helper", "docker", "get"], { VALUE: "s3cr3t" });
    expect(code).toBe(2);
    expect(stderr).toContain("Code: COMMAND_UNKNOWN");
  }
});

test("auth NAME helper kubectl takes Bearer tokens only, and those without an end too", () => {
  const { stdout } = helper(["plain", "helper", "kubectl"], { VALUE: "s3cr3t" });
  expect(JSON.parse(stdout).status).toEqual({ token: "s3cr3t" });
  const basic = helper(["plain", "helper", "kubectl"], { VALUE: "s3cr3t", TYPE: "Basic" });
  expect(basic).toMatchObject({ code: 2, stdout: "" });
  expect(basic.stderr).toContain("Code: HELPER_TOKEN_UNFIT");
});

test("auth NAME revoke and executable say what a provider cannot do, or take its usual token", () => {
  const refused = helper(["plain", "revoke"], { VALUE: "s3cr3t" });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("Code: REVOKE_UNSUPPORTED");
  const audience = ["--audience", "a"];
  const { stdout } = helper(["plain", "helper", "executable", ...audience], { VALUE: "a.b.c" });
  expect(JSON.parse(stdout)).toMatchObject({ success: true, id_token: "a.b.c" });
});
