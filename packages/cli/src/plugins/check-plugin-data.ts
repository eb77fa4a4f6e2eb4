import type { AuthEntry, OptionSpec, SinkEntry } from "@decant/core";
import { isHostPattern } from "../auth-helpers/match-host.ts";
import { takenNames } from "./auth-verbs.ts";

const namePattern = /^[a-z][a-z0-9-]*$/;
const optionTypes = ["string", "strings", "integer", "boolean"];

/** What of a plugin's data can be used. */
export interface CheckedData {
  readonly sinks: ReadonlyMap<string, SinkEntry>;
  readonly auth: ReadonlyMap<string, AuthEntry>;
  /** What is wrong with each of the others. */
  readonly problems: readonly string[];
}

/**
 * Checks the `decant` key of a plugin's package.json, which nobody has checked before. An entry that
 * is wrong leaves the others alone.
 *
 * @throws an error whose message says what is wrong with all of it.
 */
export function checkPluginData(data: unknown): CheckedData {
  if (!isRecord(data)) fail("is not an object");
  if (data["contract"] !== 1) {
    fail(`asks for contract ${JSON.stringify(data["contract"])}, and this decant knows 1`);
  }
  const parts = data;
  const problems: string[] = [];
  function each<Entry>(kind: string, check: (name: string, value: unknown) => Entry) {
    const good = new Map<string, Entry>();
    for (const [name, value] of entries(parts[kind], kind)) {
      try {
        good.set(name, check(name, value));
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    return good;
  }
  return { sinks: each("sinks", checkSink), auth: each("auth", checkAuth), problems };
}

function checkSink(name: string, value: unknown): SinkEntry {
  const entry = checkEntry(`sinks.${name}`, name, value);
  oneOf(entry["resume"], ["rewind", "keyed", "none"], `sinks.${name}.resume`);
  oneOf(entry["streams"], ["one", "many"], `sinks.${name}.streams`);
  const extension = entry["extension"];
  if (extension !== undefined && !(typeof extension === "string" && /^[.\w-]+$/.test(extension))) {
    fail(`sinks.${name}.extension is not a file extension`);
  }
  const output = entry["output"];
  if (output !== undefined && typeof output !== "string")
    fail(`sinks.${name}.output is not a text`);
  return entry as unknown as SinkEntry;
}

function checkAuth(name: string, value: unknown): AuthEntry {
  const entry = checkEntry(`auth.${name}`, name, value);
  for (const option of Object.keys(entry["options"] ?? {})) {
    if (takenNames.has(option)) fail(`auth.${name}.options.${option} is a taken name`);
  }
  for (const [helper, value] of entries(entry["helpers"], `auth.${name}.helpers`)) {
    oneOf(helper, ["docker", "git"], `auth.${name}.helpers: ${JSON.stringify(helper)}`);
    checkHelper(`auth.${name}.helpers.${helper}`, value);
  }
  return entry as unknown as AuthEntry;
}

function checkHelper(path: string, value: unknown): void {
  if (!isRecord(value)) fail(`${path} is not an object`);
  const { username, hosts } = value as { [key: string]: unknown };
  if (typeof username !== "string" || !/^[\w.@-]+$/.test(username)) {
    fail(`${path}.username is not a name`);
  }
  if (!isTextList(hosts) || !hosts.every(isHostPattern))
    fail(`${path}.hosts is not a list of hosts`);
}

function checkEntry(path: string, name: string, value: unknown): Record<string, unknown> {
  if (!namePattern.test(name)) fail(`${path} is not a name of a-z, 0-9 and dashes`);
  if (!isRecord(value)) fail(`${path} is not an object`);
  if (typeof value["module"] !== "string") fail(`${path}.module is not a path`);
  if (typeof value["summary"] !== "string") fail(`${path}.summary is not a text`);
  for (const [option, spec] of entries(value["options"], `${path}.options`)) {
    if (!namePattern.test(option)) fail(`${path}.options.${option} is not a name`);
    checkOption(`${path}.options.${option}`, spec);
  }
  return value;
}

function checkOption(path: string, value: unknown): asserts value is OptionSpec {
  if (!isRecord(value)) fail(`${path} is not an object`);
  oneOf(value["type"], optionTypes, `${path}.type`);
  if (typeof value["summary"] !== "string") fail(`${path}.summary is not a text`);
  const { choices, env, char, min, max } = value as { [key: string]: unknown };
  if (choices !== undefined && !isTextList(choices)) fail(`${path}.choices is not a list of texts`);
  if (env !== undefined && !/^[a-z_]\w*$/i.test(String(env))) fail(`${path}.env is not a name`);
  if (char !== undefined && !/^[a-z]$/i.test(String(char))) fail(`${path}.char is not a letter`);
  for (const bound of [min, max]) {
    if (bound !== undefined && !Number.isSafeInteger(bound))
      fail(`${path}.min or max is no integer`);
  }
  if (value["secret"] === true && env === undefined) fail(`${path} is secret and names no env`);
}

function entries(value: unknown, path: string): readonly [string, unknown][] {
  if (value === undefined) return [];
  if (!isRecord(value)) fail(`${path} is not an object`);
  return Object.entries(value);
}

function oneOf(value: unknown, allowed: readonly string[], path: string): void {
  if (!allowed.includes(value as string)) fail(`${path} is not one of ${allowed.join(", ")}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function fail(message: string): never {
  throw new Error(message);
}
