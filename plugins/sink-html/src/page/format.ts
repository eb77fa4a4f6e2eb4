const numbers = new Intl.NumberFormat("en");
const shares = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const dates = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
const moments = new Intl.DateTimeFormat("en", {
  ...{ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  ...{ hourCycle: "h23", timeZone: "UTC" },
});

const days = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });
const years = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });
const day = 86_400_000;

/** `12,345` */
export function formatCount(count: number): string {
  return numbers.format(count);
}

/** `12.3%`; never nothing for something. */
export function formatShare(part: number, whole: number): string {
  const share = whole === 0 ? 0 : part / whole;
  return share > 0 && share < 0.001 ? "<0.1%" : shares.format(share);
}

/** `1 event`, `2 events`: of a noun in the plural. */
export function formatPlural(count: number, nouns: string): string {
  return `${formatCount(count)} ${count === 1 ? nouns.replace(/s$/, "") : nouns}`;
}

/** `2026-01-31 12:00:00`, in UTC. */
export function formatTime(time: string | undefined): string {
  return time === undefined ? "–" : time.slice(0, 19).replace("T", " ");
}

/** `Jan 31, 12:00`, in UTC. */
export function formatMoment(ms: number): string {
  return moments.format(ms);
}

/** The same, as short as marks that lie so far apart can be: `12:00`, `Jan 31` or `Jan 2026`. */
export function formatTick(ms: number, step: number): string {
  if (step >= 28 * day) return years.format(ms);
  if (step >= day || ms % day === 0) return days.format(ms);
  return new Date(ms).toISOString().slice(11, 16);
}

/** `Jan 1, 2026 – Jan 31, 2026`, in UTC. */
export function formatRange(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return "no times";
  return dates.formatRange(new Date(from), new Date(to));
}

/** JSON with line breaks. Tokens stay as they were sent: numbers of any size, escapes, keys twice. */
export function indentJson(json: string): string {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  const tokens = json.match(token) ?? [];
  let text = "";
  let depth = 0;
  for (const [index, part] of tokens.entries()) {
    const next = tokens[index + 1];
    const line = () => `\n${"  ".repeat(depth)}`;
    if (part === "{" || part === "[") {
      depth += 1;
      text += next === "}" || next === "]" ? part : part + line();
    } else if (part === "}" || part === "]") {
      depth -= 1;
      const before = tokens[index - 1];
      text += before === "{" || before === "[" ? part : line() + part;
    } else if (part === ",") text += part + line();
    else text += part === ":" ? ": " : part;
  }
  return text;
}
