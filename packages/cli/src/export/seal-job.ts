import type { Job } from "@decant/pipeline";
import { makeSealKey, readSealKey } from "./seal-key.ts";

const algorithm = { name: "HMAC", hash: "SHA-256" };

/**
 * Seals a job, so that a resume knows that this user on this machine began it. A state file says to
 * which server the token goes and which file is written: one from somebody else may say anything.
 *
 * @param folder Where the key lies, outside of any state.
 * @returns The job as it is where no key can be kept.
 */
export async function sealJob(job: Job, folder: string): Promise<Job> {
  const key = await makeSealKey(folder);
  if (!key) return job;
  const mac = await crypto.subtle.sign(algorithm, await importKey(key), content(job));
  return { ...job, seal: Buffer.from(mac).toString("hex") };
}

/** Tells whether a job is as {@linkcode sealJob} left it. */
export async function isSealed(job: Job, folder: string): Promise<boolean> {
  const key = await readSealKey(folder);
  if (!key || typeof job.seal !== "string") return false;
  const seal = Buffer.from(job.seal, "hex");
  return await crypto.subtle.verify(algorithm, await importKey(key), seal, content(job));
}

function importKey(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, algorithm, false, ["sign", "verify"]);
}

/** The job without its seal as JSON, with the keys of objects in one order. */
function content({ seal: _, ...job }: Job): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(job, sortKeys));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
