import { parseIssueUrl } from "@decant/sentry-source";
import { expect, test } from "vitest";
import { sentryTarget, type TargetInputs } from "./sentry-target.ts";

const local = {
  path: "/repo/.sentryclirc",
  own: false,
  url: "https://local.example",
  org: "lo",
  project: "lp",
};
const home = {
  path: "/home/.sentryclirc",
  own: true,
  url: "https://home.example",
  org: "ho",
  project: "hp",
};

function target(inputs: Partial<TargetInputs>) {
  return sentryTarget({ projects: [], issues: [], files: [], parseIssueUrl, ...inputs });
}

test("sentryTarget() falls back to sentry.io", () => {
  expect(target({ issues: ["4711"] })).toEqual({
    url: "https://sentry.io",
    projects: [],
    issues: ["4711"],
  });
});

test("sentryTarget() takes server, organisation and id from a pasted address", () => {
  expect(
    target({ issues: ["https://s.example.com/organizations/acme/issues/4711/?project=1"] }),
  ).toEqual({
    url: "https://s.example.com",
    org: "acme",
    projects: [],
    issues: ["4711"],
  });
});

test("sentryTarget() prefers flags to the project's file, and that to the home file", () => {
  expect(target({ files: [local, home] })).toMatchObject({
    url: "https://local.example",
    namedBy: local.path,
    org: "lo",
    projects: ["lp"],
  });
  expect(target({ files: [home] })).toMatchObject({ url: "https://home.example" });
  expect(target({ files: [home] })).not.toHaveProperty("namedBy");
  const flags = { url: "https://flag.example", org: "fo", projects: ["fp"] };
  expect(target({ ...flags, files: [local, home] })).toMatchObject(flags);
  expect(target({ ...flags, files: [local, home] })).not.toHaveProperty("namedBy");
});

test("sentryTarget() leaves the file's project out when issues are named", () => {
  expect(target({ issues: ["1"], files: [home] }).projects).toEqual([]);
});

test("sentryTarget() splits org/project", () => {
  expect(target({ projects: ["acme/web", "api"] })).toMatchObject({
    org: "acme",
    projects: ["web", "api"],
  });
});

test("sentryTarget() refuses what disagrees", () => {
  const issue = "https://evil.example/organizations/acme/issues/1/";
  const conflicts: Partial<TargetInputs>[] = [
    { issues: [issue], url: "https://sentry.io" },
    { issues: [issue], files: [home] },
    { issues: [issue, "https://sentry.io/organizations/acme/issues/2/"] },
    { issues: [issue], org: "other" },
    { projects: ["acme/web"], org: "other" },
  ];
  for (const inputs of conflicts) {
    expect(() => target(inputs)).toThrow(expect.objectContaining({ code: "TARGET_CONFLICT" }));
  }
});

test("sentryTarget() lets --url say that a pasted address is meant", () => {
  const url = "https://new.example";
  expect(target({ issues: [`${url}/organizations/acme/issues/1/`], url, files: [home] }).url).toBe(
    url,
  );
});

test("sentryTarget() tells what an id looks like", () => {
  for (const text of ["hello", "../../foo", "", "WEB-", "a b-1", "sentry.io/issues/1"]) {
    expect(() => target({ issues: [text] })).toThrow(
      expect.objectContaining({
        code: "ISSUE_INVALID",
        message: `Cannot export issue "${text}": it is no id`,
        hint: expect.stringContaining("WEB-1A"),
      }),
    );
  }
  expect(target({ issues: ["my_app-web-1A", "7"] }).issues).toEqual(["my_app-web-1A", "7"]);
});

test("sentryTarget() refuses an address that is not an issue's", () => {
  expect(() => target({ issues: ["https://sentry.io/settings/"] })).toThrow(
    expect.objectContaining({ code: "ISSUE_URL_UNKNOWN" }),
  );
});
