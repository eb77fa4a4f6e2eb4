import type { GoogleCall, GoogleReply } from "./google-call.ts";
import {
  findNode,
  isFolder,
  type MetadataFolder,
  type MetadataNode,
  metadataTree,
} from "./google-metadata-tree.ts";
import { hashText } from "./random.ts";
import { html } from "./reply.ts";

/**
 * The metadata server of Compute Engine, `/computeMetadata/v1/`: it wants the header
 * `Metadata-Flavor: Google`, refuses what a proxy sent on, and leads to the slash at a folder's end.
 */
export async function metadataServer({ request, world, params }: GoogleCall): Promise<GoogleReply> {
  const flavor = request.header("metadata-flavor");
  if (flavor === undefined) return metadata(forbidden("Missing Metadata-Flavor:Google header."));
  if (flavor !== "Google") return metadata(html(404, { title: "Error 404 (Not Found)!!1" }));
  if (request.header("x-forwarded-for") !== undefined) {
    return metadata(forbidden("Metadata requests must not be forwarded."));
  }
  if (request.method !== "GET") return metadata(html(405, { title: "Method Not Allowed" }));
  const { pathname, search, searchParams } = request.url;
  const node = findNode(metadataTree(world), params[0] ?? "");
  if (node === undefined) return metadata(html(404, { title: "Error 404 (Not Found)!!1" }));
  if (isFolder(node) !== pathname.endsWith("/")) {
    if (!isFolder(node)) return metadata(html(404, { title: "Error 404 (Not Found)!!1" }));
    return metadata({ status: 301, headers: { location: `${world.url}${pathname}/${search}` } });
  }
  const reply = typeof node === "function" ? await node(searchParams) : show(node, searchParams);
  return waitForChange(metadata(reply), searchParams);
}

/** `/`: all that a probe looks at is the flavor of the answer. */
export function metadataRoot({ request }: GoogleCall): GoogleReply {
  const below = request.url.pathname === "/" ? "computeMetadata/\n" : "v1/\n";
  return metadata({ status: 200, headers: { "content-type": "application/text" }, body: below });
}

function metadata(reply: GoogleReply): GoogleReply {
  return {
    ...reply,
    headers: {
      "metadata-flavor": "Google",
      server: "Metadata Server for VM",
      etag: hashText(1, String(reply.body)).toString(16).padStart(16, "0"),
      "x-xss-protection": "0",
      "x-frame-options": "SAMEORIGIN",
      ...reply.headers,
    },
  };
}

function forbidden(title: string): GoogleReply {
  return html(403, { title });
}

// Nothing ever changes here: a wait ends when the client wanted it to, or at once.
function waitForChange(reply: GoogleReply, query: URLSearchParams): GoogleReply {
  const last = query.get("last_etag") ?? "";
  const seconds = Number(query.get("timeout_sec") ?? 0);
  const waits = query.get("wait_for_change")?.toLowerCase() === "true";
  const same = last === "" || last === reply.headers?.["etag"];
  return waits && same && seconds > 0 ? { ...reply, delayMs: seconds * 1_000 } : reply;
}

function show(node: Exclude<MetadataNode, () => unknown>, query: URLSearchParams): GoogleReply {
  const recursive = query.get("recursive")?.toLowerCase() === "true";
  const asJson = (query.get("alt") ?? (recursive ? "json" : "text")) === "json";
  const type = asJson ? "application/json" : "application/text";
  return {
    status: 200,
    headers: { "content-type": type },
    body: body(node, { recursive, asJson }),
  };
}

function body(node: MetadataNode, { recursive, asJson }: { recursive: boolean; asJson: boolean }) {
  if (!isFolder(node)) return asJson ? numbers(JSON.stringify(node)) : text(node);
  if (recursive) return asJson ? numbers(JSON.stringify(tree(node))) : flat(node).join("");
  const names = Object.keys(node).map((name) => (isFolder(node[name]!) ? `${name}/` : name));
  return asJson ? JSON.stringify(names) : names.map((name) => `${name}\n`).join("");
}

function text(node: MetadataNode): string {
  return Array.isArray(node) ? node.map((line) => `${line}\n`).join("") : String(node);
}

/** Ids are numbers in JSON, although some have too many digits for JavaScript. */
function numbers(json: string): string {
  return json.replace(/"(\d{10,})"/g, "$1");
}

/** Names in camel case, but for those that users chose. */
function tree(folder: MetadataFolder, parent = ""): unknown {
  const chosen = parent === "attributes" || parent === "service-accounts";
  const entries = Object.entries(folder).filter(([, node]) => typeof node !== "function");
  return Object.fromEntries(
    entries.map(([name, node]) => [
      chosen ? name : name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      isFolder(node) ? tree(node, name) : node,
    ]),
  );
}

function flat(folder: MetadataFolder, path = ""): string[] {
  return Object.entries(folder).flatMap(([name, node]) => {
    if (typeof node === "function") return [];
    return isFolder(node)
      ? flat(node, `${path}${name}/`)
      : [`${path}${name} ${text(node).trim()}\n`];
  });
}
