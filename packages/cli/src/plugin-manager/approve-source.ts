import { createInterface } from "node:readline/promises";
import { DecantError } from "@decant/core";
import type { PluginSource } from "./plugin-source.ts";
import { isTrusted, readTrustedNames } from "./trusted-names.ts";

/** What the user said of trust. */
export interface Approval {
  readonly yes: boolean;
  readonly allowRemote: boolean;
  /** The file of trusted names. */
  readonly trustFile: string;
}

/**
 * Lets a source pass, or asks, or refuses it. A plugin may do whatever its user may, so to install
 * one is a matter of trust.
 *
 * @throws {DecantError} `PLUGIN_SOURCE_REFUSED`, `PLUGIN_UNTRUSTED`.
 */
export async function approveSource(
  { kind, name, spec }: PluginSource,
  { yes, allowRemote, trustFile }: Approval,
): Promise<void> {
  if (kind === "remote" && !allowRemote) {
    throw new DecantError(
      "PLUGIN_SOURCE_REFUSED",
      `Cannot install "${spec}": git and web addresses are off`,
      { kind: "usage", hint: "If you trust whoever serves it, add --allow-remote." },
    );
  }
  if (yes) return;
  if (name !== undefined && isTrusted(name, await readTrustedNames(trustFile))) return;
  if (process.stdin.isTTY && process.stderr.isTTY && (await asked(spec))) return;
  throw new DecantError("PLUGIN_UNTRUSTED", `Cannot install "${spec}": it is not trusted yet`, {
    kind: "usage",
    hint: `A plugin may do whatever you may. If you trust it, add --yes, or its name to ${trustFile}`,
  });
}

async function asked(spec: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `"${spec}" may do whatever you may, once it is used. Install it? [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false; // Ctrl-C or the end of the input.
  } finally {
    terminal.close();
  }
}
