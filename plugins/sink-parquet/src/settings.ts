import { DecantError, type OptionValue } from "@decant/core";

/** The names of codecs as Parquet has them. */
export type Codec = "ZSTD" | "SNAPPY" | "GZIP" | "UNCOMPRESSED";

/** The options of the sink, checked. */
export interface Settings {
  readonly codec: Codec;
  /** Whether each day gets a folder of its own. */
  readonly byDay: boolean;
  /** The most rows of a row group. */
  readonly groupRows: number;
  /** How many bytes of JSON close a row group. */
  readonly groupBytes: number;
}

const codecs: Readonly<Record<string, Codec>> = {
  zstd: "ZSTD",
  snappy: "SNAPPY",
  gzip: "GZIP",
  none: "UNCOMPRESSED",
};

/**
 * Reads the options of the sink, for programs that do not check them against its data.
 *
 * @throws {DecantError} `OPTION_INVALID`.
 */
export function readSettings(options: Readonly<Record<string, OptionValue>>): Settings {
  const { compression = "zstd", partition } = options;
  const codec = Object.hasOwn(codecs, `${compression}`) ? codecs[`${compression}`] : undefined;
  if (!codec) throw invalid("compression", compression, Object.keys(codecs).join(", "));
  if (partition !== undefined && partition !== "day") throw invalid("partition", partition, "day");
  return {
    codec,
    byDay: partition === "day",
    groupRows: readCount("row-group-rows", options["row-group-rows"] ?? 100_000),
    groupBytes: readCount("row-group-mb", options["row-group-mb"] ?? 32) * 2 ** 20,
  };
}

function readCount(name: string, value: OptionValue): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  throw invalid(name, value, "a whole number of 1 or more");
}

function invalid(name: string, value: OptionValue, allowed: string): DecantError {
  return new DecantError("OPTION_INVALID", `Cannot use the ${name} "${value}": it is not allowed`, {
    kind: "usage",
    hint: `Allowed: ${allowed}.`,
  });
}
