import { DecantError } from "@decant/core";

/** What is wrong with an option. */
interface OptionFlaw {
  /** What it is, as a clause. */
  readonly state: string;
  /** What to do, as a sentence. */
  readonly hint: string;
}

/** The error for an option of the service that makes no sense. It does not quote the value. */
export function optionError(name: string, { state, hint }: OptionFlaw): DecantError {
  return new DecantError(
    "GCP_SERVICE_OPTION",
    `Cannot start the token service with "${name}": ${state}`,
    { kind: "usage", hint },
  );
}
