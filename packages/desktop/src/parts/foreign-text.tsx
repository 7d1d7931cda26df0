/**
 * Text that strangers wrote (branches, commits, authors, logs): shown as it is, in its own direction, with characters
 * that could reorder or hide text made visible.
 */
export function ForeignText({ text, className, title }: { text: string; className?: string; title?: string }) {
  const shown = showHidden(text);
  return <bdi className={className} title={title === undefined ? undefined : showHidden(title)}>{shown}</bdi>;
}

/** Control and direction characters as visible symbols. */
export function showHidden(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\u2423';
  });
}

/** The first line of a commit's message. */
export function subjectOf(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 300) ?? '';
}
