import { DecantError, type Json } from "@decant/core";

/** Where one object ends. */
export interface ObjectPosition {
  /** The export that writes it, not to be taken for another one of the same name. */
  readonly id: string;
  /** How many bytes are stored, in parts and in what remains of them. */
  readonly bytes: number;
  /** How large each part is, in bytes. */
  readonly part: number;
  /** The upload that holds the parts. Absent: there is none yet. */
  readonly upload?: string;
}

/** Reads `{"id":"…","bytes":9000000,"part":8388608,"upload":"…"}`. */
export function parsePosition(position: Json): ObjectPosition {
  if (!isRecord(position)) throw foreign(position);
  const { id, bytes, part, upload } = position;
  if (typeof id !== "string" || !isCount(bytes) || !isCount(part) || part === 0) {
    throw foreign(position);
  }
  if (upload === undefined ? bytes >= part : typeof upload !== "string") throw foreign(position);
  return { id, bytes, part, ...(typeof upload === "string" && { upload }) };
}

/** Where the objects of a folder end. */
export interface FolderPosition {
  /** The export that writes them. */
  readonly id: string;
  /** Of each stream that had a row. */
  readonly streams: ReadonlyMap<string, ObjectPosition>;
}

/**
 * Reads the positions of several objects: `{"id":"…","streams":{"events":{…}}}`.
 *
 * @param known The streams that the folder is opened for.
 */
export function parseFolderPosition(
  position: Json,
  known: { has(stream: string): boolean },
): FolderPosition {
  const { id, streams } = isRecord(position) ? position : {};
  if (typeof id !== "string" || !isRecord(streams)) throw foreign(position);
  const ends = new Map<string, ObjectPosition>();
  for (const [stream, own] of Object.entries(streams)) {
    if (!known.has(stream)) throw foreign(position);
    ends.set(stream, parsePosition(own));
  }
  return { id, streams: ends };
}

/** Writes it again, in plain JSON. */
export function formatPosition({ id, bytes, part, upload }: ObjectPosition): Record<string, Json> {
  return { id, bytes, part, ...(upload !== undefined && { upload }) };
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function foreign(position: Json): DecantError {
  return new DecantError(
    "STATE_MISMATCH",
    `Cannot go on at ${JSON.stringify(position)}: it is no position of this sink`,
    { kind: "usage", hint: "Resume with the sink and the state that the export began with." },
  );
}
