import { hashText } from "./hash-text.ts";
import { subjectTokenPicker } from "./pick-subject-token.ts";
import { readFields } from "./read-fields.ts";
import { readText } from "./read-text.ts";
import {
  type SubjectTokenContext,
  type SubjectTokenSource,
  subjectTokenError,
} from "./subject-token.ts";

/** A subject token that something else keeps fresh in a file, such as Kubernetes. */
export async function fileSubjectToken(context: SubjectTokenContext): Promise<SubjectTokenSource> {
  const { credentialSource, source, effects } = context;
  const path = readFields(credentialSource, source).text("file");
  const pick = subjectTokenPicker(context);
  const read = async () => {
    const fail = (state: string) => subjectTokenError(source, `"${path}" cannot be read: ${state}`);
    return pick(await readText(path, { effects, fail }));
  };
  // Another token in the same file may be that of another subject.
  const identity = await read().then(hashText, () => undefined);
  return { endpoints: [path], identity, get: read };
}
