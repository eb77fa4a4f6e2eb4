const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What terminals draw two cells wide: East Asian wide and full-width characters, and emoji. */
const wide =
  /^(?:(?![\uff61-\uffdc])[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Yiii}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[0-9#*]\ufe0f\u20e3)/u;
const zero = /^[\p{M}\u200c\u200d]+$/u;

/**
 * Cuts text to a number of terminal cells, with `…` where something was cut, and never inside of
 * what a reader takes for one character.
 */
export function fitCells(
  text: string,
  { width, pad = false }: { readonly width: number; readonly pad?: boolean },
): string {
  let used = 0;
  let kept = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    const cells = cellsOf(segment);
    if (used + cells > width) {
      const head = text.slice(0, kept);
      return `${head}…${pad ? " ".repeat(Math.max(0, width - cellsIn(head) - 1)) : ""}`;
    }
    used += cells;
    // The last place where the mark still has room.
    if (used < width) kept = index + segment.length;
  }
  return pad ? text + " ".repeat(width - used) : text;
}

function cellsIn(text: string): number {
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) cells += cellsOf(segment);
  return cells;
}

function cellsOf(segment: string): number {
  if (wide.test(segment)) return 2;
  return zero.test(segment) ? 0 : 1;
}
