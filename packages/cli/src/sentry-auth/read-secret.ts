/** The part of a terminal's input that is needed. */
export interface SecretInput extends AsyncIterable<Uint8Array> {
  setRawMode(raw: boolean): unknown;
}

/** How a secret is asked for. */
export interface SecretOptions {
  readonly prompt: string;
  /** Writes to the terminal. */
  write(text: string): void;
}

/** What the arrow keys and their like send, and what stands around a paste. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const sequences = /\u001b(?:\[[0-9;?]*[@-~]|O.)/g;

/**
 * Reads a line from a terminal that does not show it.
 *
 * @returns Nothing, when it was broken off by Ctrl-C.
 */
export async function readSecret(
  input: SecretInput,
  { prompt, write }: SecretOptions,
): Promise<string | undefined> {
  write(prompt);
  input.setRawMode(true);
  try {
    const decoder = new TextDecoder();
    let line = "";
    for await (const chunk of input) {
      const text = decoder.decode(chunk, { stream: true }).replace(sequences, "");
      for (const key of text) {
        if (key === "\r" || key === "\n" || key === "\u0004") return line;
        if (key === "\u0003") return undefined;
        line = edit(line, key);
      }
    }
    return line;
  } finally {
    input.setRawMode(false);
    write("\n");
  }
}

/** Backspace takes the last letter away, Ctrl-U all of them. */
function edit(line: string, key: string): string {
  if (key === "\u007f" || key === "\b") return line.slice(0, -1);
  return key === "\u0015" ? "" : line + key;
}
