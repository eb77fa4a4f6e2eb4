import { attachmentBytes } from "./attachment-bytes.ts";
import { type Call, calledProject, notFound } from "./call.ts";
import { writeJson } from "./json-text.ts";
import { memberOf } from "./list-store.ts";
import { listEntry } from "./list-table.ts";
import type { Reply } from "./loopback-server.ts";
import { json } from "./reply.ts";

/** `/projects/{org}/{project}/events/{event}/attachments/{id}/`: its bytes with `download`. */
export function attachment(call: Call): Reply {
  const { world, params, query } = call;
  const project = calledProject(call);
  const serial = world.find(params["event"]!);
  const issue = serial === undefined ? undefined : world.table.issueOf(serial);
  if (serial === undefined || !issue || issue.project !== project) throw notFound(call);
  const rows = world.lists.rows(listEntry("attachments")!, { issue, parents: { issue: issue.id } });
  const id = params["attachment"]!;
  const row = rows.find((one) => one.id === id);
  if (!row || memberOf(row.value, "event_id") !== world.table.id(serial)) throw notFound(call);
  if (!query.has("download")) return { ...json(null), body: writeJson(row.value) };
  const name = memberOf(row.value, "name")!;
  return {
    status: 200,
    headers: {
      "content-type": memberOf(row.value, "mimetype")!,
      // Header values are bytes: what is no ASCII comes as Latin-1, as Django's RFC 5987 form.
      "content-disposition": `attachment; filename*=utf-8''${encodeURIComponent(name)}`,
    },
    body: attachmentBytes(id),
  };
}
