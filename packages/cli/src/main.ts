import "./recall/env-at-start.ts"; // Before anything sets a variable.
import { escapeControls } from "@decant/core";
// By parts: the whole also loads what compares versions of Node, which takes as long as much else.
import "@oclif/core/command"; // Its listener to standard output is there before watchStdout().
import { Config } from "@oclif/core/config";
import { run } from "@oclif/core/run";
import { settings } from "@oclif/core/settings";
import { describeError } from "./errors/describe-error.ts";
import { exitCodes } from "./errors/exit-code.ts";
import { unknownCommand } from "./errors/unknown-command.ts";
import { extendConfig } from "./plugins/extend-config.ts";
import { lostPlugins } from "./plugins/lost-plugins.ts";

/**
 * Runs the program and ends the process.
 *
 * @param root The folder of the program's package.json.
 * @param argv What stands after the program's name.
 */
export async function main(root: string, argv: readonly string[]): Promise<void> {
  const debug = argv.includes("--debug");
  const stdout = watchStdout();
  printWarnings();
  endOnAccidents(debug);
  let code = 0;
  try {
    // Compiled files only: a plugin's sources need not run as they are.
    settings.enableAutoTranspile = false;
    // Else oclif asks the system for the user's shell, and fails for one that it has no entry of, as in
    // a container.
    process.env["SHELL"] ??= "";
    const config = await Config.load(root);
    const { problems } = extendConfig(config);
    for (const problem of [...lostPlugins(config), ...problems])
      process.stderr.write(`${escapeControls(problem)}\n`);
    await run([...argv], config).catch((error: unknown) => {
      throw explainUnknown(error, config);
    });
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    code = report(error, debug);
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  if (stdout.failure && code === 0) {
    process.stderr.write(`Error: Cannot write to "-": ${escapeControls(stdout.failure.message)}\n`);
    code = exitCodes.sink;
  }
  process.exit(code);
}

/** oclif's own words for a command that is not there hold an id, and no advice. */
function explainUnknown(error: unknown, { commandIDs }: Config): unknown {
  const message = error instanceof Error && "oclif" in error ? error.message : "";
  const [, id] = /^command (.+) not found\.?$/is.exec(message) ?? [];
  return id === undefined ? error : unknownCommand(id, commandIDs);
}

/** Writes an error to standard error and gives its exit code. */
function report(error: unknown, debug: boolean): number {
  const { lines, exitCode } = describeError(error, { debug });
  for (const line of lines) process.stderr.write(`${line}\n`);
  return exitCode;
}

/**
 * What nobody waits for can still fail, and what is waited for can be forgotten. Node would print
 * the first with all its properties, which may hold secrets, and end at the second without a word.
 */
function endOnAccidents(debug: boolean): void {
  process.on("uncaughtException", (error) => process.exit(report(error, debug)));
  process.once("beforeExit", () => {
    process.exit(report(new Error("it waits for something that never comes"), debug));
  });
}

/** oclif throws what it finds wrong with standard output; here each write hears it for itself. */
function watchStdout(): { failure: Error | undefined } {
  const seen: { failure: Error | undefined } = { failure: undefined };
  process.stdout.removeAllListeners("error");
  // Nobody hears what is said there any more: no reason to stop.
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") seen.failure ??= error;
  });
  return seen;
}

/** One line a warning, where Node prints several with its own name in front. */
function printWarnings(): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" || warning.name === "DeprecationWarning") return;
    // What it says of a plugin is said better by `lostPlugins`.
    if (warning.name.includes(" Plugin: ")) return;
    process.stderr.write(`Warning: ${escapeControls(warning.message.replaceAll(/\s+/g, " "))}\n`);
  });
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}
