/** Stands in a bundle for a part of a library that is never used. */
export const nothing = undefined;
