// A token with all that comes with it takes less than 4 KiB.
const longest = 64 * 1024;

/** Reads the text of an answer, and stops at a length that no token answer has. */
export async function readBody(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longest) break;
  }
  return text;
}
