import { expect, test } from "vitest";
import { readSecret } from "./read-secret.ts";

async function type(...keys: string[]) {
  const shown: string[] = [];
  const input = {
    setRawMode: (raw: boolean) => shown.push(raw ? "<raw>" : "<cooked>"),
    async *[Symbol.asyncIterator]() {
      for (const text of keys) yield new TextEncoder().encode(text);
    },
  };
  const write = (text: string) => shown.push(text);
  return { line: await readSecret(input, { prompt: "Token: ", write }), shown: shown.join("") };
}

test("readSecret() shows nothing of what is typed, and leaves the terminal as it was", async () => {
  expect(await type("s", "ec", "ret\r", "more")).toEqual({
    line: "secret",
    shown: "Token: <raw><cooked>\n",
  });
});

test("readSecret() knows keys that edit, and pays no heed to those that move", async () => {
  expect((await type("sX\u007fe\u001b[A\u001bODcret\n")).line).toBe("secret");
  expect((await type("wrong", "\u0015", "right\b\bht\r")).line).toBe("right");
  expect((await type("\u001b[200~pasted\u001b[201~\r")).line).toBe("pasted");
});

test("readSecret() ends at Ctrl-C with nothing, at Ctrl-D and the end with what there is", async () => {
  expect(await type("abc\u0003")).toEqual({ line: undefined, shown: "Token: <raw><cooked>\n" });
  expect((await type("abc\u0004def")).line).toBe("abc");
  expect((await type("abc")).line).toBe("abc");
});
