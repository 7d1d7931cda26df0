/** Text of a commit or a test calls nobody: `@all` in it gets a zero-width space, so that no chat takes it for a mention. */
export function neutralMentions(text: string): string {
  return text.replace(/(^|[^\p{L}\p{N}])@(?=[\p{L}\p{N}_])/gu, '$1@\u200b');
}
