/**
 * The sink `parquet` of decant: typed columns beside the exact rows, in files that DuckDB, Spark,
 * pandas and others read.
 *
 * @module
 */

export { parquetSink, parquetSink as default } from "./parquet-sink.ts";
