/** What git cat-file says of an object that is there. */
export interface ObjectAnswer {
  id: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
  sizeBytes: number;
  /** Empty where only the object's kind was asked for. */
  content: Buffer;
}

/** Symlinks that lead nowhere, out of the tree or in a circle are told with their path after the line (git-cat-file(1)). */
const told = /^(?:dangling|loop|symlink|notdir) (\d+)$/;
const found = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/;

/** Takes the output of `git cat-file --batch` or `--batch-check` in chunks and gives its answers: undefined, not there. */
export function answerReader(withContent: boolean): { push(chunk: Buffer): (ObjectAnswer | undefined)[] } {
  let chunks: Buffer[] = [];
  let [length, needed] = [0, 1];

  const next = (bytes: Buffer): { answer: ObjectAnswer | undefined; used: number } | { needed: number } => {
    const lineEnd = bytes.indexOf(10);
    if (lineEnd < 0) return { needed: bytes.length + 1 };
    const line = bytes.toString('utf8', 0, lineEnd);
    const [start, hit, leads] = [lineEnd + 1, found.exec(line), told.exec(line)];
    const bodyBytes = Number(leads?.[1] ?? (withContent ? (hit?.[3] ?? -1) : -1));
    // After a body comes one line end of its own.
    const end = bodyBytes < 0 ? start : start + bodyBytes + 1;
    if (bytes.length < end) return { needed: end };
    if (!hit) return { answer: undefined, used: end };
    const content = withContent ? Buffer.from(bytes.subarray(start, start + bodyBytes)) : Buffer.alloc(0);
    return { answer: { id: hit[1]!, type: hit[2] as ObjectAnswer['type'], sizeBytes: Number(hit[3]), content }, used: end };
  };

  return {
    push(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      // A body of many chunks is put together once, when it is whole.
      if (length < needed) return [];
      let rest: Buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const answers: (ObjectAnswer | undefined)[] = [];
      for (;;) {
        const result = next(rest);
        if ('needed' in result) {
          needed = result.needed;
          break;
        }
        answers.push(result.answer);
        rest = rest.subarray(result.used);
      }
      chunks = rest.length === 0 ? [] : [rest];
      length = rest.length;
      return answers;
    },
  };
}
