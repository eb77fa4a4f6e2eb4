import { DecantError } from "@decant/core";

/** What an address says. What it leaves out comes from options, variables and defaults. */
export interface Address {
  readonly user?: string;
  readonly password?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  /** Parameters behind the `?`, by the names of libpq. */
  readonly params: Readonly<Record<string, string>>;
}

/** The parameters of libpq that have a meaning here, and some that need none. */
const known = [
  ...["application_name", "channel_binding", "connect_timeout", "gssencmode", "options"],
  ...["passfile", "service", "sslcert", "sslkey", "sslmode", "sslrootcert", "target_session_attrs"],
];

const form = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

/**
 * Parses an address as libpq has it: `postgres://user@host:port/database?sslmode=require`, with each
 * part left out at will.
 *
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html, "Connection URIs"
 *
 * @param text The address. It is in no message, as it may hold a password.
 * @throws {DecantError} `POSTGRES_ADDRESS_INVALID`.
 */
export function parseAddress(text: string): Address {
  const found = form.exec(text);
  if (!found) throw invalid("it is not of the form postgres://user@host:port/database");
  const [, login = "", place = "", database = "", query = ""] = found;
  const colon = login.indexOf(":");
  const params = Object.fromEntries(
    query
      .split("&")
      .filter(Boolean)
      .map((pair) => {
        const at = `${pair}=`.indexOf("=");
        return [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
      }),
  );
  const where = splitPlace(place);
  return addressOf({
    ...pick({
      user: decode(colon < 0 ? login : login.slice(0, colon)),
      password: colon < 0 ? "" : decode(login.slice(colon + 1)),
      host: where.host,
      port: where.port,
      dbname: decode(database),
    }),
    ...params,
  });
}

/**
 * Takes an address from parameters by the names of libpq, such as those of a service.
 *
 * @throws {DecantError} `POSTGRES_ADDRESS_INVALID`.
 */
export function addressOf(params: Readonly<Record<string, string>>): Address {
  const { host = "", port = "", user = "", password = "", dbname: database = "", ...rest } = params;
  const parts = pick({ host, user, password, database });
  return { ...parts, ...portOf(port), params: checkParams(rest) };
}

function splitPlace(place: string): { host: string; port: string } {
  const found = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place);
  if (place.includes(",") || !found) {
    throw invalid(
      place.includes(",") ? "it names several hosts, and one is known" : "its host is malformed",
    );
  }
  const [, host = "", port = ""] = found;
  return { host: host.startsWith("[") ? host.slice(1, -1) : decode(host), port };
}

function portOf(text: string): { port?: number } {
  if (text === "") return {};
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return { port };
  throw invalid("its port is no number from 1 to 65535");
}

function checkParams(params: Record<string, string>): Record<string, string> {
  if (!/^\d{0,6}$/.test(params["connect_timeout"] ?? "")) {
    throw invalid("its connect_timeout is no number of seconds");
  }
  const odd = Object.keys(params).find((name) => !known.includes(name));
  if (odd === undefined) return params;
  const hint = `Known are ${known.join(", ")}.`;
  throw invalid(`its parameter ${JSON.stringify(odd)} is not known`, hint);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("a % in it is followed by no two hexadecimal digits");
  }
}

function pick<Names extends string>(values: Record<Names, string>): Partial<Record<Names, string>> {
  return Object.fromEntries(
    Object.entries<string>(values).filter(([, value]) => value !== ""),
  ) as Partial<Record<Names, string>>;
}

function invalid(state: string, hint?: string): DecantError {
  return new DecantError("POSTGRES_ADDRESS_INVALID", `Cannot read the address: ${state}`, {
    kind: "usage",
    hint:
      hint ??
      "Write it like postgres://me@db.example.com/sentry, or postgres:// for what PGHOST, PGUSER and so on say.",
  });
}
