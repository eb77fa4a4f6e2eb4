import { DecantError, type OptionValue } from "@decant/core";

/** An option that was given, and not as nothing. */
export function text(value: OptionValue): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An error about an option that is needed. */
export function missing(what: string, hint: string): DecantError {
  return new DecantError("OIDC_OPTION_MISSING", `Cannot get a token without ${what}`, {
    ...{ kind: "usage", hint },
  });
}
