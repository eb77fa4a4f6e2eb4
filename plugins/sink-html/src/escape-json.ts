const unsafe = /[<>&\u2028\u2029]/g;

/**
 * Makes JSON safe inside a `<script>` of a page: these characters stand in strings only, so their
 * escapes mean the same, and no parser of HTML sees a tag, a comment or the end of the script.
 */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
