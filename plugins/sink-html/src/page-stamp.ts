import { open } from "node:fs/promises";
import { attempt, systemCode } from "@decant/core/file";

const start = "<!doctype html><!-- decant report of ";
const end = " -->";

/** What a page begins with, so that a resume knows whether it was made of its rows. */
export function writeStamp(position: string): string {
  return `${start}${position.replaceAll(/[<>-]/g, "")}${end}\n`;
}

/** The position of the export that a page was made of; nothing where there is no such page. */
export async function stampOf(page: string): Promise<string | undefined> {
  const bytes = await attempt(`read "${page}"`, () => readStart(page));
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith(start) || !text.includes(end)) return undefined;
  return text.slice(start.length, text.indexOf(end));
}

async function readStart(path: string): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(new Uint8Array(256), 0, 256, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
