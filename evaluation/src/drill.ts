/**
 * A drill kills this flag, which every SDK carries without keeping it: no flag can have such a key, so it is in no
 * ruleset, list or generated type. It is confirmed like every kill, and then forgotten.
 */
export const DRILL_FLAG = "lanyard:drill";
