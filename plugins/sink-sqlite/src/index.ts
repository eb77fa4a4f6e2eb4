/**
 * The sink `sqlite`: rows into a SQLite database, one table a stream, each row once under its id.
 *
 * @module
 */

export { default, sqliteSink } from "./sqlite.ts";
