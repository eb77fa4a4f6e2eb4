import { expect, test } from "vitest";
import { formatLogin, type Login, parseLogin } from "./login.ts";

const login: Login = { id: "1", scopes: ["read"], audiences: [], subject: "me" };
const token = { value: "a", type: "Bearer", expiresAt: new Date("2026-11-25T12:00:00Z") };

test("parseLogin() reads what formatLogin() wrote", () => {
  const renewable = { ...login, refreshToken: "r" };
  expect(parseLogin(formatLogin(renewable))).toEqual(renewable);
  const plain = { value: "b", type: "Bearer" };
  for (const granted of [
    { token, idToken: token, subject: "me" },
    { token: plain, idToken: undefined, subject: undefined },
  ]) {
    expect(parseLogin(formatLogin({ ...login, granted }))).toEqual({ ...login, granted });
  }
});

test.each([undefined, "", "null", "7", "[]", "{}", '{"version":2,"id":"1"}', '{"version":1'])(
  "parseLogin() takes %j for nobody's sign-in",
  (text) => expect(parseLogin(text)).toBeUndefined(),
);
