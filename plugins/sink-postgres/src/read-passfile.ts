import { readFile, stat } from "node:fs/promises";
import { platform } from "node:os";

/** Whom a password is for. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * Finds a password in a file as libpq has it: lines of `host:port:database:user:password`, where `*`
 * is any, and a backslash keeps the next character. The first one that fits counts. A file that others
 * may read is passed over, as libpq does.
 *
 * Source: https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export async function readPassfile(
  path: string,
  { host, port, database, user }: Login,
): Promise<string | undefined> {
  const place = host.startsWith("/") ? "localhost" : host;
  const wanted = [place, String(port), database, user];
  for (const line of (await readSafe(path)).split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = splitFields(line);
    const fits = wanted.every(
      (value, at) => fields[at] === "*" || dropBackslashes(fields[at]) === value,
    );
    if (fits && fields.length >= 5) return dropBackslashes(fields.slice(4).join(":"));
  }
  return undefined;
}

function splitFields(line: string): string[] {
  return line.match(/(?:\\.|[^:\\])+|(?<=:|^)(?=:|$)/g) ?? [];
}

function dropBackslashes(text = ""): string {
  return text.replace(/\\(.)/g, "$1");
}

async function readSafe(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if (platform() !== "win32" && (mode & 0o077) !== 0) return "";
    return await readFile(path, "utf8");
  } catch {
    // That there is none is no error: the server may ask for no password.
    return "";
  }
}
