/** The environment as the program was given it. Parts of the program set variables for others. */
export const envAtStart: Readonly<Record<string, string | undefined>> = { ...process.env };
