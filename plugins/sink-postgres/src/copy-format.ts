import { Buffer } from "node:buffer";

/**
 * What stands before and behind the tuples of a COPY in binary format: a signature, flags and the
 * length of an extension that there is not; and a number of fields that says that it ends.
 *
 * Source: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */
export const copyHeader: Uint8Array = Buffer.from(`PGCOPY\n\xff\r\n\0${"\0".repeat(8)}`, "latin1");
export const copyTrailer: Uint8Array = Uint8Array.of(0xff, 0xff);
