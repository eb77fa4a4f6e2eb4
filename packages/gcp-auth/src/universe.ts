/** The cloud of Google itself, as against those that partners run. */
export const defaultUniverse = "googleapis.com";
