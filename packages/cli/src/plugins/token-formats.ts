/** The forms in which a token is printed. */
export const tokenFormats = ["token", "header", "curl-config", "json", "env"] as const;

/** One of the forms in which a token is printed. */
export type TokenFormat = (typeof tokenFormats)[number];
