/** A Python version specifier (PEP 440) in npm's notation, as far as requires-python uses it. */
export function pythonRange(specifier: string): string {
  return specifier
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('!='))
    .map((part) => part.replace(/^===?\s*/, '=').replace(/^~=\s*(\d+\.\d+)$/, '^$1').replace(/^~=\s*/, '~').replace(/\.\*$/, '.x'))
    .join(' ');
}
