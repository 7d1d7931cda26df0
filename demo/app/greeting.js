/** What the page says first. */
export const greeting = 'Hello';
