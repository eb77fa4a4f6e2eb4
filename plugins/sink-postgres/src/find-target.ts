import { DecantError, type OptionValue } from "@decant/core";
import { type Address, parseAddress } from "./parse-address.ts";

/** Where to connect to. What is absent is left to `pg`, which reads PGHOST and so on. */
export interface Target extends Address {
  /** How messages name it: without user, password and parameters. */
  readonly label: string;
}

/**
 * Finds the database that is meant: the one of the destination, else the one of the option `url`.
 *
 * @throws {DecantError} `POSTGRES_PASSWORD_EXPOSED` when the destination holds a password, and
 * `POSTGRES_ADDRESS_INVALID`.
 */
export function findTarget(
  destination: string,
  options: Readonly<Record<string, OptionValue>>,
): Target {
  const bare = destination === "-" || /^postgres(ql)?:(\/\/)?$/i.test(destination);
  const { url, password } = options;
  if (bare && url !== undefined) return withLabel(parseAddress(String(url)), password);
  if (bare) return withLabel({ params: {} }, password);
  const address = parseAddress(destination);
  if (address.password === undefined) return withLabel(address, password);
  throw new DecantError(
    "POSTGRES_PASSWORD_EXPOSED",
    "Cannot take a password in the address: others can see it in the list of processes",
    {
      kind: "usage",
      hint: "Set PGPASSWORD, or write it into ~/.pgpass; or put the whole address into DATABASE_URL and give -o postgres:// alone. Consider the password known.",
    },
  );
}

function withLabel(address: Address, password: OptionValue): Target {
  const { host = "", port, database = "" } = address;
  const name = host.includes(":") ? `[${host}]` : host;
  const label = `postgres://${name}${port === undefined ? "" : `:${port}`}/${database}`;
  const given = address.password ?? (password === undefined ? undefined : String(password));
  return { ...address, label, ...(given !== undefined && { password: given }) };
}
