/** Such as `ECONNREFUSED`. Node has it on an inner cause, Bun on the error, Deno not at all. */
export function systemCode(error: unknown): string | undefined {
  for (const { code } of causes(error)) {
    if (typeof code === "string" && /^\w+$/.test(code)) return code;
  }
  return undefined;
}

/** An error and those behind it, the outermost first. */
export function* causes(error: unknown): Generator<Error & { readonly code?: unknown }> {
  for (let at = error; at instanceof Error; at = at.cause) yield at;
}
