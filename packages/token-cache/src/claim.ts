import { randomBytes } from "node:crypto";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "@decant/core/file";
import { livenessAddress, showLiveness } from "./liveness.ts";

/** Somebody's wish to hold a lock: a file with a number in its name and the id of its owner inside. */
export interface Claim {
  readonly number: number;
  /** Never used again. Empty where the file is nobody's. */
  readonly id: string;
  readonly path: string;
}

/** Lists the claims on a lock, the last number last. */
export async function listClaims(folder: string, name: string): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const file of await readdir(folder)) {
    const [, number] = file.startsWith(`${name}.`) ? (/\.(\d{1,15})\.lock$/.exec(file) ?? []) : [];
    if (number === undefined) continue;
    const path = join(folder, file);
    const id = await readId(path);
    if (id !== undefined) claims.push({ number: Number(number), id, path });
  }
  return claims.sort((a, b) => a.number - b.number);
}

async function readId(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return /^[0-9a-f]{32}$/.test(text) ? text : "";
  } catch (error) {
    return systemCode(error) === "ENOENT" ? undefined : "";
  }
}

/**
 * Puts down a claim with this number, whose owner can be seen to live before the claim itself can
 * be seen.
 *
 * @returns The claim, to be disposed of, or nothing where the number is taken.
 */
export async function makeClaim(
  folder: string,
  { name, number }: { readonly name: string; readonly number: number },
): Promise<(Claim & AsyncDisposable) | undefined> {
  const id = randomBytes(16).toString("hex");
  const path = join(folder, `${name}.${number}.lock`);
  const liveness = await showLiveness(livenessAddress(folder, id));
  try {
    if (await linkId(path, join(folder, `${id}.part`), id)) {
      return {
        ...{ number, id, path },
        async [Symbol.asyncDispose]() {
          // In this order: who waits for the end must not find the claim then.
          await rm(path, { force: true }).catch(() => {}); // Nobody takes the dead for alive.
          await liveness[Symbol.asyncDispose]();
        },
      };
    }
  } catch (error) {
    await liveness[Symbol.asyncDispose]();
    throw error;
  }
  await liveness[Symbol.asyncDispose]();
  return undefined;
}

/** Makes a file with the id in it, at once and whole, unless there is one. */
async function linkId(path: string, part: string, id: string): Promise<boolean> {
  try {
    await writeFile(part, id, { flag: "wx", mode: 0o600 });
    await link(part, path);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(part, { force: true }).catch(() => {}); // Swept later.
  }
}
