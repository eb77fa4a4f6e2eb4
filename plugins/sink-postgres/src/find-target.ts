import { homedir } from "node:os";
import { join } from "node:path";
import { DecantError, type OptionValue } from "@decant/core";
import { type Address, addressOf, parseAddress } from "./parse-address.ts";
import { readService } from "./read-service.ts";

type Options = Readonly<Record<string, OptionValue>>;

/** Where to connect to. What is absent is left to `pg`. */
export interface Target extends Address {
  /** How messages name it: without user, password and parameters. */
  readonly label: string;
}

/**
 * Finds the database that is meant. What the destination leaves out comes from its service, and then
 * from the options; where it leaves out everything, from the option `url`.
 *
 * @throws {DecantError} `POSTGRES_PASSWORD_EXPOSED` when the destination holds a password,
 * `POSTGRES_ADDRESS_INVALID` and `POSTGRES_SERVICE_UNKNOWN`.
 */
export async function findTarget(destination: string, options: Options): Promise<Target> {
  const address = findAddress(destination, options);
  const service = await serviceOf(address, options);
  const { host, port, user, database, password } = options;
  const fallback = {
    ...(host !== undefined && { host: String(host) }),
    ...(port !== undefined && { port: Number(port) }),
    ...(user !== undefined && { user: String(user) }),
    ...(database !== undefined && { database: String(database) }),
    ...(password !== undefined && { password: String(password) }),
  };
  const params = { ...service?.params, ...address.params };
  const target = { ...fallback, ...service, ...address, params };
  return { ...target, label: describe(target) };
}

function findAddress(destination: string, { url }: Options): Address {
  if (destination === "-" || /^postgres(ql)?:(\/\/)?$/i.test(destination)) {
    return url === undefined ? { params: {} } : parseAddress(withoutForeign(String(url)));
  }
  const address = parseAddress(destination);
  if (address.password === undefined) return address;
  throw new DecantError(
    "POSTGRES_PASSWORD_EXPOSED",
    "Cannot take a password in the address: others can see it in the list of processes",
    {
      kind: "usage",
      hint: "Set PGPASSWORD, or write it into ~/.pgpass; or put the whole address into DATABASE_URL and give postgres:// alone. Consider this password known.",
    },
  );
}

/**
 * An address that programs share may have parameters for one of them alone, such as the `schema` and
 * `pgbouncer` of Prisma.
 */
function withoutForeign(url: string): string {
  const [place = "", query = ""] = url.split("?");
  const foreign = /^(schema|pgbouncer|connection_limit|pool_timeout|ssl|uselibpqcompat)=/;
  return `${place}?${query
    .split("&")
    .filter((pair) => !foreign.test(pair))
    .join("&")}`;
}

async function serviceOf(
  { params }: Address,
  { service, servicefile }: Options,
): Promise<Address | undefined> {
  const name = params["service"] ?? service;
  if (name === undefined) return undefined;
  const path = String(servicefile ?? join(homedir(), ".pg_service.conf"));
  return addressOf(await readService(path, String(name)));
}

function describe({ host = "", port, database = "" }: Address): string {
  const name = host.includes(":") ? `[${host}]` : host.replaceAll("/", "%2F");
  return `postgres://${name}${port === undefined ? "" : `:${port}`}/${database}`;
}
