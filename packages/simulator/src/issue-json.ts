import type { Scene } from "./call.ts";
import type { Issue } from "./entities.ts";
import { isoTime } from "./iso-time.ts";

/** An issue as lists and details give it; GlitchTip has fewer fields. */
export function issueJson(call: Scene, issue: Issue): Record<string, unknown> {
  const { org, flavor } = call.settings;
  const newest = issue.events[0];
  const sample = call.world.bodies.sample(newest ?? 0);
  const lastSeen = newest === undefined ? null : isoTime(call.world.table.order(newest));
  const { id, slug } = issue.project;
  const common = {
    id: issue.id,
    shareId: null,
    shortId: issue.shortId,
    title: sample.title,
    culprit: sample.culprit ?? "",
    logger: null,
    level: sample.level,
    status: issue.status,
    statusDetails: {},
    isPublic: false,
    platform: sample.platform,
    project: { id, name: slug, slug, platform: sample.platform },
    type: "error",
    metadata: sample.metadata,
    numComments: 0,
    assignedTo: null,
    isBookmarked: false,
    isSubscribed: false,
    subscriptionDetails: null,
    hasSeen: true,
    annotations: [],
    count: String(issue.counted),
    userCount: Math.min(issue.counted, 120),
    firstSeen: isoTime(issue.firstSeen),
    lastSeen,
  };
  if (flavor === "glitchtip") {
    return {
      ...{ ...common, permalink: `${call.origin}/${org}/issues/${issue.id}` },
      ...issue.changes,
    };
  }
  return {
    ...common,
    permalink: `${call.origin}/organizations/${org}/issues/${issue.id}/`,
    substatus: issue.status === "unresolved" ? "ongoing" : null,
    priority: "medium",
    issueType: "error",
    issueCategory: "error",
    isUnhandled: true,
    ...issue.changes,
  };
}
