import { parquetMetadata, type SchemaElement } from "hyparquet";
import { ParquetWriter } from "hyparquet-writer";
import { magicBytes, writerAt } from "./encode-group.ts";
import type { Codec } from "./settings.ts";

/** What the footer of a file is made of. */
export interface FooterOptions {
  readonly schema: SchemaElement[];
  /** What `encodeGroup()` gave for each row group, in their order. */
  readonly groups: readonly Uint8Array[];
  readonly codec: Codec;
  /** How many bytes the file holds. */
  readonly start: number;
  /** What the file says of itself. */
  readonly about: Readonly<Record<string, string>>;
}

/**
 * Readers of the Java family ignore the bounds of texts in files of a writer whose name is not of
 * the form `NAME version NUMBER`.
 */
const createdBy = "decant-sink-parquet version 1";

/** Writes the end of a file. A file without row groups gets its beginning, too. */
export function encodeFooter({ schema, groups, codec, start, about }: FooterOptions): Uint8Array {
  const writer = writerAt(start);
  const kvMetadata = Object.entries(about).map(([key, value]) => ({ key, value }));
  const file = new ParquetWriter({ writer, schema, codec, kvMetadata, createdBy });
  for (const footer of groups) {
    const { row_groups, num_rows } = parquetMetadata(footer, { parsers });
    file.row_groups.push(...row_groups);
    file.num_rows += num_rows;
  }
  file.finish();
  return writer.getBytes().subarray(start === 0 ? 0 : magicBytes);
}

/** Bounds pass as they are: a decoder would drop a byte order mark, and so lower a bound. */
const parsers = { stringFromBytes: (bytes: Uint8Array) => bytes };
