import { DecantError, type OptionSpec, type OptionValue } from "@decant/core";

/** Where the values of options come from. */
export interface OptionSources {
  /** Values given by name, as text or as they were stored. */
  readonly given: Readonly<Record<string, OptionValue>>;
  env(name: string): string | undefined;
  /** How a message names an option: `--parquet-compression`. */
  label(name: string): string;
}

/**
 * Finds the value of each option: given, else from its environment variable, else its default, and
 * checks it.
 *
 * @throws {DecantError} `OPTION_INVALID`.
 */
export function resolveOptions(
  specs: Readonly<Record<string, OptionSpec>>,
  { given, env, label }: OptionSources,
): Record<string, OptionValue> {
  const values: Record<string, OptionValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const fromEnv = spec.env === undefined ? undefined : env(spec.env);
    if (given[name] !== undefined) {
      values[name] = check(given[name], spec, label(name));
    } else if (fromEnv !== undefined && fromEnv !== "") {
      values[name] = check(fromEnv, spec, spec.env!);
    } else if (spec.default !== undefined) {
      values[name] = spec.default;
    }
  }
  return values;
}

function check(value: NonNullable<OptionValue>, spec: OptionSpec, label: string): OptionValue {
  switch (spec.type) {
    case "integer":
      return checkInteger(value, spec, label);
    case "boolean":
      return checkBoolean(value, spec, label);
    case "strings": {
      const list = typeof value === "string" ? value.split(",") : (value as readonly string[]);
      return list.map((item) => checkChoice(item.trim(), spec, label)).filter(Boolean);
    }
    case "string":
      return checkChoice(String(value), spec, label);
  }
}

function checkChoice(value: string, spec: OptionSpec, label: string): string {
  if (spec.choices && !spec.choices.includes(value)) {
    throw refuse({ value, spec, label }, `it is not one of ${spec.choices.join(", ")}`);
  }
  return value;
}

function checkInteger(value: NonNullable<OptionValue>, spec: OptionSpec, label: string): number {
  const number = /^-?\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw refuse({ value, spec, label }, "it is no whole number");
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = spec;
  if (number < min) throw refuse({ value, spec, label }, `it is less than ${min}`);
  if (number > max) throw refuse({ value, spec, label }, `it is more than ${max}`);
  return number;
}

function checkBoolean(value: NonNullable<OptionValue>, spec: OptionSpec, label: string): boolean {
  const text = String(value).toLowerCase();
  if (["true", "1", "yes", "on"].includes(text)) return true;
  if (["false", "0", "no", "off"].includes(text)) return false;
  throw refuse({ value, spec, label }, "it is neither true nor false");
}

interface Refused {
  readonly value: NonNullable<OptionValue>;
  readonly spec: OptionSpec;
  readonly label: string;
}

function refuse({ value, spec, label }: Refused, state: string): DecantError {
  const shown = spec.secret ? "its value" : `"${value}"`;
  return new DecantError("OPTION_INVALID", `Cannot use ${shown} for "${label}": ${state}`, {
    kind: "usage",
    hint: `${label}: ${spec.summary}.`,
  });
}
