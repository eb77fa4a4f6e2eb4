/** ISO 8601 as servers write it. Without a zone it is taken for UTC. */
const iso =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::?(\d\d)(?:[.,](\d{1,9})\d*)?)?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Times that a `timestamptz` and ISO 8601 can both show: the years 1 to 9999. */
const earliest = -62_135_596_800_000_000n;
const latest = 253_402_300_799_999_999n;

/**
 * Reads a time, to the microsecond.
 *
 * @param value ISO 8601 text, or seconds since 1970.
 * @returns Microseconds since 1970, or nothing where it is no time.
 */
export function parseTime(value: unknown): bigint | undefined {
  const micros = typeof value === "number" ? fromSeconds(value) : fromText(value);
  return micros !== undefined && micros >= earliest && micros <= latest ? micros : undefined;
}

function fromSeconds(seconds: number): bigint | undefined {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 1e12) return undefined;
  return BigInt(Math.floor(seconds)) * 1_000_000n + fraction(seconds - Math.floor(seconds));
}

function fraction(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6));
}

function fromText(value: unknown): bigint | undefined {
  const found = typeof value === "string" ? iso.exec(value) : null;
  if (!found) return undefined;
  const [, date = "", minutes = "00:00", seconds = "00", digits = "", zone = "Z"] = found;
  const ms = Date.parse(`${date}T${minutes}:${seconds}${normalizeZone(zone)}`);
  if (Number.isNaN(ms) || !isOfCalendar(date)) return undefined;
  return BigInt(ms) * 1000n + BigInt(digits.slice(0, 6).padEnd(6, "0"));
}

function normalizeZone(zone: string): string {
  if (/^z$/i.test(zone)) return "Z";
  const [hours, minutes] = [zone.slice(0, 3), zone.slice(3).replace(":", "") || "00"];
  return `${hours}:${minutes}`;
}

/** Some engines take the 30th of February for the 2nd of March. */
function isOfCalendar(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}
