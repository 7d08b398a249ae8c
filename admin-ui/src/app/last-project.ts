/** Where the project last seen is kept, so that `/` leads back to it. */
export const LAST_PROJECT = "lanyard:last-project";
