import type { DatasetTable } from "./dataset-table.ts";
import type { Project } from "./entities.ts";
import { type JsonInput, rawJson } from "./json-text.ts";
import type { EventRange } from "./offset-page.ts";
import { hash32, hex } from "./random.ts";
import { environments, functions, modules, oddMessages } from "./sample-text.ts";
import type { DatasetName } from "./sentry-options.ts";

/** All that a row can be asked for, by the names of the fields. */
export type DatasetRow = Readonly<Record<string, JsonInput>>;

/** What can be read of a dataset within the bounds of a request. */
export interface Found {
  readonly range: EventRange;
  readonly timeOf: (serial: number) => number;
  readonly row: (serial: number) => DatasetRow;
}

/** What a row is made from. */
export interface RowOrigin {
  readonly seed: number;
  readonly table: DatasetTable;
  readonly serial: number;
  readonly project: Project;
}

const methods = ["GET", "POST", "PUT"];
const operations = ["db.sql.query", "http.client", "cache.get", "serialize"];
const severities = ["info", "warn", "error", "debug"];

/** Makes the row of a dataset that explore searches. */
export function datasetRow(name: Exclude<DatasetName, "replays">, origin: RowOrigin): DatasetRow {
  const { seed, table, serial, project } = origin;
  const random = hash32(seed ^ 0xda, serial);
  const time = table.timeOf(serial);
  const id = table.idOf(serial);
  const common = {
    timestamp: offsetTime(time),
    project: project.slug,
    "project.name": project.slug,
    "project.id": rawJson(project.id),
    environment: environments[random % 5 === 0 ? 1 : 0]!,
    release: `shop@2.${random % 40}.${random % 7}`,
    trace: hex(seed ^ 0x7a, serial >> 2, 32),
  };
  if (name === "transactions") return { ...common, ...transaction({ id, random, serial }) };
  if (name === "spans") return { ...common, ...span({ id, random, serial }) };
  return { ...common, ...log({ id, random, serial, time }) };
}

interface Part {
  readonly id: string;
  readonly random: number;
  readonly serial: number;
}

function transaction({ id, random, serial }: Part): DatasetRow {
  return {
    id,
    title: `${methods[random % 3]} /orders/{id}`,
    transaction: `${methods[random % 3]} /orders/{id}`,
    "transaction.op": "http.server",
    "transaction.duration": rawJson(`${random % 9_000}.${(random >>> 4) % 10}`),
    "transaction.status": serial % 17 === 3 ? null : "ok",
    "event.type": "transaction",
    "user.display": serial % 5 === 0 ? null : `user${random % 900}@example.com`,
    // Whole numbers of a float column keep their fraction.
    apdex: rawJson("1.0"),
  };
}

function span({ id, random, serial }: Part): DatasetRow {
  const op = operations[random % operations.length]!;
  const described = op.startsWith("db")
    ? 'SELECT "name" FROM "orders" WHERE id = %s'
    : "GET https://api.example.com/v1/支付";
  return {
    id: id.slice(0, 16),
    span_id: id.slice(0, 16),
    "span.op": op,
    "span.description": serial % 7 === 2 ? null : described,
    "span.duration": rawJson(`${random % 3_000}.0`),
    "span.self_time": rawJson(`0.${String(random % 1_000_000).padStart(6, "0")}`),
    "span.status": "ok",
    transaction: `${methods[random % 3]} /orders/{id}`,
    "transaction.id": id,
    is_transaction: serial % 9 === 0,
    parent_span: serial % 9 === 0 ? null : hex(random, 3, 16),
  };
}

function log({ id, random, serial, time }: Part & { time: number }): DatasetRow {
  const [, text] = oddMessages[random % oddMessages.length]!;
  return {
    id,
    "sentry.item_id": id,
    message: serial % 4 === 0 ? text : `order ${random % 90_000} placed`,
    severity: severities[random % severities.length]!,
    severity_number: rawJson(String(1 + (random % 24))),
    // Nanoseconds since 1970: above 2^53.
    "tags[sentry.timestamp_precise,number]": rawJson(
      `${time}${String(random % 1e6).padStart(6, "0")}`,
    ),
    timestamp_precise: rawJson(`${time}${String(random % 1e6).padStart(6, "0")}`),
    "code.function.name": functions[random % functions.length]!,
    "logger.name": modules[(random >>> 4) % modules.length]!,
  };
}

/** Time as the query service writes it. */
export function offsetTime(ms: number): string {
  const text = new Date(ms).toISOString();
  return ms % 1_000 === 0 ? `${text.slice(0, 19)}+00:00` : `${text.slice(0, 23)}000+00:00`;
}
