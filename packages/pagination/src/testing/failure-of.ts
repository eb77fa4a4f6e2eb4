import { type DecantError, isDecantError } from "@decant/core";

/** The error that a promise must be rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<DecantError> {
  try {
    await promise;
  } catch (error) {
    if (isDecantError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
