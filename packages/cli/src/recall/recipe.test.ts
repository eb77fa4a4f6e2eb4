import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestFile } from "./digest-file.ts";
import { formatRecipe, parseRecipe, type Recipe } from "./recipe.ts";

const name = "0".repeat(64);
const recipe: Recipe = {
  provider: "gcp",
  identity: '["me"]',
  request: { kind: "access", scopes: ["a"], minTtlMs: 1_000 },
  format: "json",
};

/** A recipe that went by some files: of one in three, by that it was not there. */
async function recipeOf(texts: readonly (string | null)[]) {
  const folder = await mkdtemp(join(tmpdir(), "decant-"));
  const paths = texts.map((_, index) => join(folder, `${index}`));
  await Promise.all(
    texts.map((text, index) => (text === null ? undefined : writeFile(paths[index]!, text))),
  );
  const contents = new Map(paths.map((path) => [path, digestFile(path) as string | null]));
  return { folder, paths, text: formatRecipe(name, recipe, contents) };
}

/** What reading gives where errors count as nothing, as they do for the program. */
function parsed(text: string): Recipe | undefined {
  try {
    return parseRecipe(name, text);
  } catch {
    return undefined;
  }
}

const fileTexts = fc.array(fc.option(fc.string({ maxLength: 20 })), { minLength: 1, maxLength: 4 });

test("parseRecipe() reads what formatRecipe() wrote, until one of the files is another", async () => {
  await fc.assert(
    fc.asyncProperty(fileTexts, fc.nat(), fc.string(), async (texts, which, other) => {
      const { folder, paths, text } = await recipeOf(texts);
      expect(parseRecipe(name, text)).toEqual(recipe);
      expect(parseRecipe("1".repeat(64), text)).toBeUndefined();
      const index = which % texts.length;
      await rm(paths[index]!, { force: true });
      expect(parsed(text)).toEqual(texts[index] === null ? recipe : undefined);
      await writeFile(paths[index]!, other);
      expect(parsed(text)).toEqual(texts[index] === other ? recipe : undefined);
      await rm(folder, { recursive: true });
    }),
    { numRuns: 20 },
  );
});

test("parseRecipe() takes nothing that was changed or cut off", async () => {
  const { text } = await recipeOf(["a", null]);
  const bytes = Buffer.from(text);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      expect(parsed(bytes.subarray(0, at).toString())).toBeUndefined();
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ change;
      expect(parsed(damaged.toString())).toBeUndefined();
    }),
  );
  expect(parsed(`${text}\n`)).toBeUndefined();
});

test("formatRecipe() tells nothing of what is in a file", async () => {
  const { text, paths } = await recipeOf(["1234"]);
  expect(text).not.toContain("1234");
  expect(text).not.toContain(digestFile(paths[0]!));
});

test("digestFile() leaves a pipe to its reader", async () => {
  const pipe = join(await mkdtemp(join(tmpdir(), "decant-")), "pipe");
  execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", pipe]);
  const writer = spawn("sh", ["-c", 'echo text > "$1"', "sh", pipe]);
  const closed = once(writer, "close");
  expect(digestFile(pipe)).toBeUndefined();
  expect(await readFile(pipe, "utf8")).toBe("text\n");
  expect((await closed)[0]).toBe(0);
});

test("digestFile() follows links, and reads nothing but files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-"));
  const path = join(folder, "file");
  await writeFile(path, "a");
  await symlink(path, join(folder, "link"));
  await mkdir(join(folder, "folder"));
  await writeFile(join(folder, "large"), Buffer.alloc(1024 * 1024 + 1));
  expect(digestFile(join(folder, "link"))).toBe(digestFile(path));
  expect(digestFile(join(folder, "nowhere"))).toBeNull();
  expect(digestFile(join(path, "below"))).toBeNull();
  for (const name of ["folder", "large"]) expect(digestFile(join(folder, name))).toBeUndefined();
  expect(digestFile("/dev/null")).toBeUndefined();
});
