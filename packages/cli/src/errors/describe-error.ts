import { stripVTControlCharacters } from "node:util";
import { escapeControls, isDecantError } from "@decant/core";
import { exitCode, exitCodes } from "./exit-code.ts";

/** An error as the program shows it. */
export interface DescribedError {
  readonly exitCode: number;
  /** Lines for standard error. Empty: there is nothing to say. */
  readonly lines: readonly string[];
}

// Not all that oclif finds wrong with arguments is an error of its parser.
const parsing = /^Parsing -|^Flag --\S+ can only be specified once$/;

const unexpected = "UNEXPECTED_ERROR";

interface OclifError extends Error {
  readonly oclif: { readonly exit?: number };
  readonly code?: string;
  readonly suggestions?: readonly string[];
}

/**
 * Turns anything thrown into text and an exit code. Only an error that nobody expected shows where
 * it came from, and only with `debug`: a stack trace holds paths, and nothing to act on.
 */
export function describeError(
  error: unknown,
  { debug }: { readonly debug: boolean },
): DescribedError {
  if (isDecantError(error)) {
    // The reader of the output has had enough: that is how `| head` ends.
    if (error.code === "OUTPUT_CLOSED") return { exitCode: 0, lines: [] };
    const lines = [`Error: ${escapeControls(error.message)}`];
    if (error.hint) lines.push(escapeControls(error.hint));
    lines.push(`Code: ${escapeControls(error.code)}`);
    return { exitCode: exitCode(error), lines };
  }
  if (isOclifError(error)) return describeOclif(error);
  const message = error instanceof Error ? error.message : String(error);
  const lines = [
    `Error: ${escapeControls(message)}`,
    "This is a bug in decant or one of its plugins. Run it again with --debug to see where.",
    `Code: ${unexpected}`,
  ];
  if (debug && error instanceof Error && error.stack) lines.push(...stackOf(error.stack));
  return { exitCode: exitCodes.bug, lines };
}

function isOclifError(error: unknown): error is OclifError {
  return error instanceof Error && "oclif" in error;
}

function describeOclif(error: OclifError): DescribedError {
  const code = error.oclif.exit ?? exitCodes.usage;
  if (error.code === "EEXIT") return { exitCode: code, lines: [] };
  const [first = "", ...rest] = stripVTControlCharacters(error.message)
    .replaceAll("\t", "  ")
    .split("\n")
    .map((line) => escapeControls(line.trimEnd()));
  const suggestions = (error.suggestions ?? []).map(escapeControls);
  const name = "parse" in error || parsing.test(first) ? "ARGUMENT_INVALID" : "COMMAND_FAILED";
  return {
    exitCode: code,
    lines: [`Error: ${first}`, ...rest, ...suggestions, `Code: ${name}`],
  };
}

function stackOf(stack: string): string[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map(escapeControls);
}
