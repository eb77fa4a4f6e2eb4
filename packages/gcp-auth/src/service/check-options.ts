import { optionError } from "./option-error.ts";
import type { TokenServiceOptions } from "./options.ts";

/** @throws {DecantError} `GCP_SERVICE_OPTION` for what makes no sense by itself. */
export function checkOptions(options: TokenServiceOptions): void {
  const { accounts, secret, rateLimit, maxTokens = 1, numericProjectId, instance } = options;
  if (accounts.length === 0) {
    throw optionError("accounts", { state: "there is none", hint: "Give at least one." });
  }
  if (secret !== undefined && secret.length < 16) {
    throw optionError("secret", {
      state: "it is short enough to be guessed",
      hint: "Use 16 characters or more, made by chance.",
    });
  }
  // Fields of HTTP lose spaces at their ends, and servers do not agree on what is not ASCII.
  if (secret !== undefined && !/^[!-~]+( +[!-~]+)*$/.test(secret)) {
    throw optionError("secret", {
      state: "it cannot be sent in a header",
      hint: "Use letters, digits and signs of ASCII, on one line, with no space at its ends.",
    });
  }
  if (rateLimit && !(rateLimit.perSecond > 0 && rateLimit.burst >= 1)) {
    throw optionError("rateLimit", {
      state: "it lets nothing through",
      hint: "Let perSecond be more than 0, and burst 1 or more.",
    });
  }
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw optionError("maxTokens", { state: "it is no count", hint: "Give 1 or more." });
  }
  for (const name of ["allowedScopes", "allowedAudiences"] as const) {
    if (options[name]?.length !== 0) continue;
    throw optionError(name, { state: "it is empty", hint: "Name some, or leave it out for any." });
  }
  checkDigits("numericProjectId", numericProjectId);
  checkDigits("instance.id", instance?.id);
}

function checkDigits(name: string, value: string | undefined): void {
  if (value === undefined || /^(0|[1-9]\d*)$/.test(value)) return;
  throw optionError(name, { state: "it is not only digits", hint: "Give the number as text." });
}
