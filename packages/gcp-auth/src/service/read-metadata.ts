import type { Answer } from "./answer.ts";
import type { Waits } from "./create-waits.ts";
import { etag } from "./etag.ts";
import { findMetadata } from "./find-metadata.ts";
import type { MetadataFolder } from "./metadata-node.ts";
import type { RequestInfo, TokenServiceRequest } from "./options.ts";
import { refuse } from "./refuse.ts";
import { renderMetadata } from "./render-metadata.ts";

/** A request for metadata. */
interface ReadRequest {
  readonly url: URL;
  readonly request: TokenServiceRequest;
  readonly info: RequestInfo;
  readonly waits: Waits;
}

/** Answers a request for metadata: a value, a folder, or a token. */
export async function readMetadata(
  root: MetadataFolder,
  { url, request, info, waits }: ReadRequest,
): Promise<Answer> {
  const params = url.searchParams;
  const found = findMetadata(root, url.pathname);
  if (!found) return notFound();
  if ("redirect" in found) return redirect(`${found.redirect}${url.search}`);
  const alt = params.get("alt") ?? undefined;
  if (alt !== undefined && alt !== "json" && alt !== "text") {
    return refuse(400, { code: "alt_invalid", message: "alt is either json or text." });
  }
  const { node } = found;
  if (node.kind === "action") return node.run({ params, info, ...(alt && { alt }) });
  // The root may be read without the flavor header, and so tells names only.
  const isRoot = node === root;
  const recursive = !isRoot && params.get("recursive")?.toLowerCase() === "true";
  const answer = renderMetadata(node, { recursive, alt });
  if (isRoot || (await waits.wait({ params, request, tag: etag(answer.body) }))) return answer;
  return refuse(503, {
    code: "too_many_waiting",
    message: "Too many clients wait for a change. Try again later.",
    headers: { "retry-after": "10" },
  });
}

/** The answer where nothing is. */
export function notFound(): Answer {
  return refuse(404, { code: "not_found", message: "There is nothing at this path." });
}

function redirect(location: string): Answer {
  return { status: 301, headers: { location, "content-type": "application/text" }, body: "" };
}
