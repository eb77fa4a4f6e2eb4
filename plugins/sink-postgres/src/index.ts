/**
 * The sink `postgres`: rows into PostgreSQL, one table a stream, each row once by its key. Its default
 * export is what a host loads.
 *
 * @module
 */

export { postgresSink, postgresSink as default } from "./postgres-sink.ts";
