import type { Row } from "@decant/core";

/** What a person wants to see of an event first. */
export interface EventSummary {
  readonly time: string;
  readonly level: string;
  readonly title: string;
  readonly where: string;
  readonly user: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Finds the fields of an event, whatever the server calls them: full and short rows of Sentry,
 * transactions, and GlitchTip's rows with underscores.
 *
 * @returns Nothing where the row is no event.
 */
export function describeEvent(row: Row): EventSummary | undefined {
  const event = fieldsOf(parse(row));
  const title = titleOf(event);
  if (!title) return undefined;
  return {
    time: timeOf(event) || row.time || "",
    level: first(event, ["level"]) || tagOf(event, "level") || first(event, ["event.type", "type"]),
    title,
    where: first(event, ["culprit", "location", "transaction"]) || tagOf(event, "transaction"),
    user: userOf(event),
  };
}

/** A source may wrap the event that the server sent: `{"issueId":"1","data":{...}}`. */
function parse(row: Row): unknown {
  let value: unknown;
  try {
    value = row.value();
  } catch {
    return undefined;
  }
  const { data } = fieldsOf(value);
  return titleOf(fieldsOf(data)) ? data : value;
}

function titleOf(event: Fields): string {
  const metadata = fieldsOf(event["metadata"]);
  const parts = [first(metadata, ["type"]), first(metadata, ["value"])].filter(Boolean);
  return first(event, ["title", "message"]) || parts.join(": ") || first(event, ["transaction"]);
}

function timeOf(event: Fields): string {
  const names = ["dateCreated", "date_created", "endTimestamp", "end_timestamp", "startTimestamp"];
  const more = ["start_timestamp", "timestamp", "dateReceived", "date_received"];
  for (const name of [...names, ...more]) {
    const value = event[name];
    if (typeof value === "string" && value) return value;
    // Transactions carry seconds since 1970; what a Date cannot hold is no time.
    if (typeof value === "number" && Math.abs(value) < 8.64e12) {
      return new Date(value * 1000).toISOString();
    }
  }
  return "";
}

function userOf(event: Fields): string {
  const names = ["email", "username", "name", "id", "ip_address", "ipAddress"];
  return first(fieldsOf(event["user"]), names) || tagOf(event, "user");
}

/** Tags are `{key, value}` in most answers and `[key, value]` in some. */
function tagOf(event: Fields, key: string): string {
  const tags = event["tags"];
  if (!Array.isArray(tags)) return first(fieldsOf(tags), [key]);
  for (const tag of tags) {
    const [name, value] = Array.isArray(tag) ? tag : [fieldsOf(tag)["key"], fieldsOf(tag)["value"]];
    if (name === key) return textOf(value);
  }
  return "";
}

function first(fields: Fields, names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(fields[name]);
    if (text) return text;
  }
  return "";
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
