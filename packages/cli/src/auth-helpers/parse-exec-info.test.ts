import { expect, test } from "vitest";
import { parseExecInfo } from "./parse-exec-info.ts";

const info = (version: string) =>
  JSON.stringify({
    kind: "ExecCredential",
    apiVersion: `client.authentication.k8s.io/${version}`,
    spec: { cluster: { server: "https://a" }, interactive: true },
  });

test("parseExecInfo() answers in the version that is asked for, and in v1 where none is", () => {
  expect(parseExecInfo(info("v1"))).toBe("client.authentication.k8s.io/v1");
  expect(parseExecInfo(info("v1beta1"))).toBe("client.authentication.k8s.io/v1beta1");
  expect(parseExecInfo(undefined)).toBe("client.authentication.k8s.io/v1");
});

test.each(["", "[]", "null", "{", "{}", info("v1alpha1"), '{"kind":"ExecCredential"}'])(
  "parseExecInfo() refuses %j",
  (text) => {
    expect(() => parseExecInfo(text)).toThrow(
      expect.objectContaining({ code: "EXEC_INFO_INVALID" }),
    );
  },
);
