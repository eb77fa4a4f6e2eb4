/** Reads an environment variable. One that is set to nothing counts as not set. */
export function readEnv(name: string): string | undefined {
  return process.env[name] || undefined;
}
