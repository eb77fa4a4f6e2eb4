/**
 * The sink `csv`: rows into CSV files for spreadsheets, one file a stream.
 *
 * @module
 */
export {};
