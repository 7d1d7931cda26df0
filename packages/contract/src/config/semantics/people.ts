import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** Keys that are none, and keys that two entries share: the key is the identity, so it has one name and one role. */
export function peopleProblems(config: ProjectConfig): ConfigProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  config.people.forEach(({ name, key }, index) => {
    const at = { path: ['people', index, 'key'], about: 'value' as const };
    const owner = owners.get(keyIdentity(key));
    if (!isWholeKey(key)) problems.push({ ...at, expected: 'a whole public SSH key', got: 'one that is cut or changed', hint: 'Copy the line of the .pub file again.' });
    else if (owner !== undefined) problems.push({ ...at, expected: 'a key of their own', got: `the key of ${showValue(owner)}` });
    else owners.set(keyIdentity(key), name);
  });
  return problems;
}

/** Type and body of a public SSH key without its comment: what makes two lines the same key. */
export function keyIdentity(key: string): string {
  return key.split(' ').slice(0, 2).join(' ');
}

/** Whether the body names the type that stands before it, and its fields fill it exactly (RFC 4253, section 6.6). */
function isWholeKey(key: string): boolean {
  const [type = '', body = ''] = key.split(' ');
  const bytes = decodeBase64(body);
  if (!bytes) return false;
  const fields: string[] = [];
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const length = bytes.slice(offset, offset + 4).split('').reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0);
    fields.push(bytes.slice(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return offset === bytes.length && fields[0] === type && fields.length >= 2;
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}
