import { credentialError } from "./credential-error.ts";
import { parseObject } from "./parse-object.ts";
import { readFields } from "./read-fields.ts";
import { type SubjectTokenContext, subjectTokenError } from "./subject-token.ts";

/** Makes what finds the subject token in a text, as `credential_source.format` says. */
export function subjectTokenPicker(context: SubjectTokenContext): (text: string) => string {
  const { credentialSource, source } = context;
  const place = `${source}: credential_source.format`;
  const format = readFields(credentialSource, source).optionalObject("format") ?? {};
  const fields = readFields(format, place);
  const type = fields.optionalText("type") ?? "text";
  if (type !== "text" && type !== "json") {
    throw credentialError(place, { state: "its type is neither text nor json" });
  }
  const name = type === "json" ? fields.text("subject_token_field_name") : undefined;
  return (text) => {
    const token = name === undefined ? text.trim() : parseObject(text)?.[name];
    if (typeof token === "string" && token !== "") return token;
    throw subjectTokenError(
      source,
      name === undefined
        ? "the token of the other identity provider is empty"
        : `the answer of the other identity provider has no ${name}`,
    );
  };
}
