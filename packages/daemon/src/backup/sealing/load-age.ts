/** The age library, loaded when a backup is made or opened: a daemon that only waits does without its memory. */
export const loadAge = () => import('age-encryption');
