import { escapeControls } from "@decant/core";

/**
 * Makes text of a plugin harmless for oclif's help, which takes it for an EJS template and would run
 * the code in it, some of it twice: so no escape of EJS would do. The two that every command's
 * examples need may stay.
 */
export function helpText(text: string): string {
  return escapeControls(text).replaceAll(/<%= (?:config\.bin|command\.id) %>|<%|%>/g, (tag) =>
    tag.length === 2 ? [...tag].join(" ") : tag,
  );
}
