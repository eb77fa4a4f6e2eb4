import type { SecretStore } from "@decant/core";
import type { GrantParts, GrantRequest } from "./grant.ts";
import type { Login } from "./login.ts";

/** What a grant that lives on a sign-in works with. */
export interface LoginGrantParts extends GrantParts {
  readonly secrets: SecretStore;
  /** What the sign-in is kept under. */
  readonly name: string;
  /** The sign-in to begin with. Absent: a person is asked for one. */
  readonly initial: Login | undefined;
}

/** What is asked of a sign-in, and by whom. */
export interface Minting {
  readonly request: GrantRequest;
  readonly signal: AbortSignal;
}
