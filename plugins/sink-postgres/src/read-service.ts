import { readFile } from "node:fs/promises";
import { DecantError } from "@decant/core";
import { systemCode } from "@decant/core/file";

/**
 * Reads a named group of parameters from a file as libpq has it, such as `~/.pg_service.conf`.
 *
 * Source: https://www.postgresql.org/docs/current/libpq-pgservice.html
 *
 * @throws {DecantError} `POSTGRES_SERVICE_UNKNOWN`.
 */
export async function readService(path: string, name: string): Promise<Record<string, string>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unknown(path, name, systemCode(error) ?? "it cannot be read");
  });
  const params: Record<string, string> = {};
  let found = false;
  let inside = false;
  for (const line of text.split(/\r?\n/).map((part) => part.trim())) {
    if (line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      inside = line === `[${name}]`;
      found ||= inside;
    }
    const at = line.indexOf("=");
    if (inside && at > 0) params[line.slice(0, at).trim()] ??= line.slice(at + 1).trim();
  }
  if (found) return params;
  throw unknown(path, name, "it has no such section");
}

function unknown(path: string, name: string, state: string): DecantError {
  return new DecantError(
    "POSTGRES_SERVICE_UNKNOWN",
    `Cannot find the service "${name}" in "${path}": ${state}`,
    { kind: "usage", hint: "Check PGSERVICE, and PGSERVICEFILE if it is set." },
  );
}
