import fc from "fast-check";
import { expect, test } from "vitest";
import { type Call, callName, currentCallName, isPassing } from "./call-name.ts";

const text = fc.string({ maxLength: 8 });
const variables = fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true });
const calls: fc.Arbitrary<Call> = fc.record({
  argv: fc.array(text, { maxLength: 4 }),
  cwd: text,
  env: variables,
  program: fc.array(text, { maxLength: 3 }),
});

function withoutPassing({ env, ...call }: Call): object {
  const names = Object.keys(env).filter((name) => !isPassing(name));
  return { ...call, env: names.sort().map((name) => [name, env[name]]) };
}

test("callName() is the same for equal calls, and for no others", () => {
  fc.assert(
    fc.property(calls, calls, (a, b) => {
      const equal = JSON.stringify(withoutPassing(a)) === JSON.stringify(withoutPassing(b));
      expect(callName(a) === callName(b)).toBe(equal);
      const { argv, cwd, env, program } = a;
      for (const other of [
        { ...a, argv: [...argv, ""] },
        { ...a, cwd: `${cwd}/` },
        { ...a, program: [...program, cwd] },
        { ...a, env: { ...env, NEW: "" } },
        { ...a, argv: [...argv, "x"], program: program.slice(1) },
      ]) {
        expect(callName(other)).not.toBe(callName(a));
      }
    }),
  );
});

test("callName() notices each variable that is set, changed or removed, in any order", () => {
  const call = { argv: [], cwd: "/", program: [] };
  fc.assert(
    fc.property(variables, text, text, (env, name, value) => {
      const changed = { ...env, [name]: value };
      const same = isPassing(name) || env[name] === value;
      expect(callName({ ...call, env }) === callName({ ...call, env: changed })).toBe(same);
      const turned = Object.fromEntries(Object.entries(env).reverse());
      expect(callName({ ...call, env: turned })).toBe(callName({ ...call, env }));
    }),
  );
  expect(callName({ ...call, env: { SHLVL: "1" } })).toBe(callName({ ...call, env: {} }));
});

test("currentCallName() is that of this process", () => {
  const name = currentCallName();
  expect(name).toMatch(/^[0-9a-f]{64}$/);
  expect(currentCallName()).toBe(name);
});
