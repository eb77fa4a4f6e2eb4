import { escapeControls } from "@decant/core";

/** Shows a person a line of a provider's, which may hold text of a server, on standard error. */
export function tellPerson(message: string): void {
  process.stderr.write(`${escapeControls(message)}\n`);
}
