import type { CommandResult } from "@decant/core";
import type { CallOptions } from "./call-server.ts";
import { cleanText } from "./clean-text.ts";
import { credentialError } from "./credential-error.ts";
import { type ExecutableResponse, parseExecutableResponse } from "./parse-executable-response.ts";
import { readFields } from "./read-fields.ts";
import { readText } from "./read-text.ts";
import { splitCommand } from "./split-command.ts";
import type { SubjectTokenContext, SubjectTokenSource } from "./subject-token.ts";

interface Executable {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly outputFile: string | undefined;
}

const allowVariable = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";
const shortestTimeoutMs = 5_000;
const longestTimeoutMs = 120_000;

/**
 * A subject token that a command prints (https://google.aip.dev/auth/4117, executable-sourced
 * credentials). It is run only where the environment allows it: a credential file must not be enough
 * to run anything.
 */
export function executableSubjectToken(context: SubjectTokenContext): SubjectTokenSource {
  const executable = readExecutable(context);
  return {
    endpoints: [executable.command],
    warnings: isAllowed(context)
      ? []
      : [`It runs a command, which is not allowed unless ${allowVariable}=1.`],
    async get(options) {
      checkAllowed(context);
      const kept = await readOutputFile(executable, context);
      return (kept ?? (await runExecutable(executable, context, options))).token;
    },
  };
}

function readExecutable({ credentialSource, source }: SubjectTokenContext): Executable {
  const fields = readFields(readFields(credentialSource, source).object("executable"), source);
  const [command, ...args] = splitCommand(fields.text("command"));
  const timeoutMs = fields.optionalNumber("timeout_millis") ?? 30_000;
  if (command === undefined) throw credentialError(source, { state: "its command is empty" });
  if (timeoutMs < shortestTimeoutMs || timeoutMs > longestTimeoutMs) {
    throw credentialError(source, { state: "its timeout_millis is not from 5000 to 120000" });
  }
  return { command, args, timeoutMs, outputFile: fields.optionalText("output_file") };
}

function isAllowed({ effects }: SubjectTokenContext): boolean {
  return effects.env(allowVariable) === "1";
}

function checkAllowed(context: SubjectTokenContext): void {
  if (isAllowed(context)) return;
  throw credentialError(context.source, {
    code: "GCP_EXECUTABLE_NOT_ALLOWED",
    state: "it runs a command, and this is not allowed",
    hint: `Look at the command in the file, and set ${allowVariable}=1 if it is yours.`,
  });
}

/** What the command left of an earlier run, where it is still good. */
async function readOutputFile({ outputFile }: Executable, context: SubjectTokenContext) {
  if (outputFile === undefined) return undefined;
  const fail = (state: string) => new Error(state);
  const text = await readText(outputFile, { effects: context.effects, fail }).catch(() => "");
  try {
    return parseExecutableResponse(text, { ...context, endNeeded: true });
  } catch {
    return undefined;
  }
}

async function runExecutable(
  executable: Executable,
  context: SubjectTokenContext,
  { signal }: CallOptions,
): Promise<ExecutableResponse> {
  const { command, args, timeoutMs, outputFile } = executable;
  const { source, effects, audience, subjectTokenType, target } = context;
  if (!effects.run) {
    throw credentialError(source, {
      ...{ code: "GCP_HOST_UNABLE", state: "it runs a command, and no way to run one was given" },
      hint: "Use it where commands can be run, such as with the program decant.",
    });
  }
  const env = {
    GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE: audience,
    GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE: subjectTokenType,
    // A program that asks questions would never get an answer.
    GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE: "0",
    ...(target !== undefined && { GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL: target }),
    ...(outputFile !== undefined && { GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE: outputFile }),
  };
  let result: CommandResult;
  try {
    result = await effects.run(command, { args, env, timeoutMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code } = Object(error) as { code?: unknown };
    const why = code === "ENOENT" ? "there is no such command" : cleanText(String(code ?? ""));
    throw failure(source, `its command cannot be run (${why || "unknown reason"})`);
  }
  return readResult(result, context, outputFile !== undefined);
}

function readResult(result: CommandResult, context: SubjectTokenContext, endNeeded: boolean) {
  const stdout = new TextDecoder().decode(result.stdout);
  if (result.code === 0) return parseExecutableResponse(stdout, { ...context, endNeeded });
  if (result.code === undefined) {
    throw failure(context.source, "its command was ended, or took longer than timeout_millis");
  }
  // A command that fails says why on standard output, in JSON. Standard error may hold anything.
  if (stdout.trimStart().startsWith("{")) parseExecutableResponse(stdout, context);
  throw failure(context.source, `its command failed with exit code ${result.code}`);
}

function failure(source: string, state: string): Error {
  return credentialError(source, {
    ...{ code: "GCP_EXECUTABLE_FAILED", state },
    hint: "Run the command by hand to see what is wrong.",
  });
}
