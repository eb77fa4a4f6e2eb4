import { addRows } from "./add-rows.ts";
import type { Scene } from "./call.ts";
import type { Issue } from "./entities.ts";
import { eventRows } from "./event-rows.ts";
import { changeRow, removeRow } from "./row-changes.ts";
import type { SentrySimulator, SimulatedIssue } from "./sentry-simulator.ts";
import { streamRows } from "./stream-rows.ts";

/** What a test changes and asks about while a client reads. */
type Controls = Pick<
  SentrySimulator,
  | "events"
  | "rows"
  | "addEvents"
  | "addIssue"
  | "addRows"
  | "changeRow"
  | "removeRow"
  | "removeEvents"
  | "removeIssue"
  | "mergeIssues"
>;

/** Makes the controls. New issues are put into `issues` too. */
export function createControls(scene: Scene, issues: SimulatedIssue[]): Controls {
  const { world, settings } = scene;
  const known = (id: string): Issue => {
    const issue = world.issue(id);
    if (!issue) throw new Error(`Cannot find the issue "${id}": the simulator has none of that id`);
    return issue;
  };
  const removeIssue = (issueId: string) => {
    const issue = known(issueId);
    world.remove(issue, issue.events);
    issue.deleted = true;
  };
  return {
    *events(issueId) {
      const wanted = issueId === undefined ? world.issues : [known(issueId)];
      for (const issue of wanted) yield* eventRows(scene, issue);
    },
    rows: (stream) => streamRows(scene, stream),
    addEvents(issueId, count, { time = settings.now(), received = settings.now() } = {}) {
      world.add(known(issueId), count, { time, received });
    },
    addIssue(project, wish) {
      const added = simulatedIssue(world.addIssue(project, { wish, now: settings.now() }));
      issues.push(added);
      return added;
    },
    addRows: (stream, count, options) => addRows(scene, { stream, count, ...options }),
    changeRow: (stream, id, changes) => changeRow(scene, { stream, id, changes }),
    removeRow(stream, id) {
      if (stream === "issues") removeIssue(id);
      else removeRow(scene, { stream, id });
    },
    removeEvents(issueId, ids) {
      const serials = ids.map((id) => world.find(id)).filter((serial) => serial !== undefined);
      return world.remove(known(issueId), serials);
    },
    removeIssue,
    mergeIssues(from, into) {
      const [source, target] = [known(from), known(into)];
      if (source === target) {
        throw new Error(`Cannot merge the issue "${from}" into "${into}": they are the same`);
      }
      world.merge(source, target);
    },
  };
}

/** An issue as a test sees it. */
export function simulatedIssue({ id, shortId, project }: Issue): SimulatedIssue {
  return { id, shortId, project: project.slug, projectId: project.id };
}
