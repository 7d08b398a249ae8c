/** The only row of its table. */
export const INSTANCE = "instance";
