import { chmod, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { DecantError, isDecantError } from "@decant/core";
import { makeFolder, syncFolder } from "@decant/core/file";

/** Where the token of a server lies. */
interface TokenPlace {
  /** The folder of all tokens. */
  readonly folder: string;
  /** The origin of the server: a token goes to no other one. */
  readonly origin: string;
}

const suffix = ".json";

/** The file that holds the token of a server. */
export function tokenPath({ folder, origin }: TokenPlace): string {
  return join(folder, encodeURIComponent(origin) + suffix);
}

/**
 * Reads the token that was stored for a server.
 *
 * @returns Nothing, if none was.
 * @throws {DecantError} `TOKEN_STORE_EXPOSED` when others may read the file, `TOKEN_STORE_INVALID` when it
 * cannot be read, or is not what was stored for this server.
 */
export async function readToken(place: TokenPlace): Promise<string | undefined> {
  const path = tokenPath(place);
  let text: string;
  try {
    await using file = await open(path, "r");
    const { mode } = await file.stat();
    if (process.platform !== "win32" && (mode & 0o077) !== 0) throw exposed(path, mode);
    text = await file.readFile("utf8");
  } catch (error) {
    if (isDecantError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw invalid(place, code ?? "it cannot be read");
  }
  const token = parse(text, place.origin);
  if (token !== undefined) return token;
  throw invalid(place, "it does not hold the token of this server");
}

/**
 * Stores the token of a server, durably and at once: a reader finds the old one or the new one. The
 * file is for its owner alone, from the beginning.
 *
 * @throws {DecantError} `TOKEN_STORE_FAILED`.
 */
export async function writeToken(place: TokenPlace, token: string): Promise<void> {
  const path = tokenPath(place);
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await makePrivateFolder(place.folder);
    try {
      await writeDurably(draft, JSON.stringify({ version: 1, origin: place.origin, token }));
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(place.folder);
  } catch (error) {
    throw failed(`store a token in "${path}"`, error);
  }
}

/**
 * Removes the token of a server.
 *
 * @returns Whether there was one.
 * @throws {DecantError} `TOKEN_STORE_FAILED`.
 */
export async function removeToken(place: TokenPlace): Promise<boolean> {
  const path = tokenPath(place);
  try {
    await rm(path);
    await syncFolder(place.folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw failed(`remove "${path}"`, error);
  }
}

/** Lists the origins of the servers that a token is stored for. */
export async function listTokens(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => decode(name.slice(0, -suffix.length)))
    .filter((text) => URL.parse(text)?.origin === text)
    .sort();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ""; // Somebody else's file.
  }
}

function parse(text: string, origin: string): string | undefined {
  try {
    const { version, origin: stored, token } = JSON.parse(text);
    const whole = version === 1 && stored === origin && typeof token === "string";
    return whole && token !== "" ? token : undefined;
  } catch {
    return undefined;
  }
}

async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolder(join(folder, ".."));
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await chmod(folder, 0o700);
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(text);
  await file.sync();
}

function exposed(path: string, mode: number): DecantError {
  const bits = (mode & 0o777).toString(8);
  return new DecantError(
    "TOKEN_STORE_EXPOSED",
    `Cannot use the token in "${path}": others may read it, as its mode is ${bits}`,
    {
      kind: "credentials",
      hint: `If nobody did: chmod 600 '${path}'. Else revoke the token, and log in with a new one.`,
    },
  );
}

function invalid(place: TokenPlace, state: string): DecantError {
  return new DecantError(
    "TOKEN_STORE_INVALID",
    `Cannot use the token in "${tokenPath(place)}": ${state}`,
    {
      kind: "credentials",
      hint: `Log in again: decant auth sentry login --url ${place.origin}`,
    },
  );
}

function failed(action: string, cause: unknown): DecantError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new DecantError("TOKEN_STORE_FAILED", `Cannot ${action}: ${code ?? message}`, {
    kind: "usage",
    hint: "Make the folder writable, or let XDG_CONFIG_HOME name another one.",
    cause,
  });
}
