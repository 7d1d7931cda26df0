import { RedControlError } from '@redcontrol/contract';
import { spawnProcess } from '@redcontrol/system';
import { answerReader, type ObjectAnswer } from './object-answers.ts';
import { gitVariables } from './git-variables.ts';
import type { Git } from './git.ts';

/**
 * Objects of one repository, answered by a git that stays: a process for each question costs as much as a hundred
 * answers. It is started when first asked and ends when nobody has asked for a while.
 */
export interface ObjectReader {
  /** Type, size and id of an object, symlinks inside the tree followed; undefined when it is not there or leads out. */
  look(object: string): Promise<Omit<ObjectAnswer, 'content'> | undefined>;
  /** The content of an object by its id; undefined when it is not there. The caller has looked at its size. */
  read(id: string): Promise<Buffer | undefined>;
}

const idleMs = 5_000;
const talksOf = new WeakMap<Git, Map<string, Talk>>();

/** What answers questions about a repository's objects. */
export function objectReader(git: Git, repository: string): ObjectReader {
  return {
    look: (object) => talk(git, repository, '--batch-check --follow-symlinks').ask(object),
    read: async (id) => (await talk(git, repository, '--batch').ask(id))?.content,
  };
}

/** Ends what reads a repository: to be called when its folder goes. */
export function closeObjectReader(git: Git, repository: string): void {
  for (const [key, one] of talksOf.get(git) ?? []) if (key.endsWith(` ${repository}`)) one.end();
}

function talk(git: Git, repository: string, mode: string): Talk {
  const talks = talksOf.get(git) ?? new Map<string, Talk>();
  talksOf.set(git, talks);
  const key = `${mode} ${repository}`;
  const known = talks.get(key);
  if (known) return known;
  const started = startTalk(git, ['cat-file', ...mode.split(' ')], repository, () => talks.get(key) === started && talks.delete(key));
  talks.set(key, started);
  return started;
}

interface Talk {
  ask(object: string): Promise<ObjectAnswer | undefined>;
  end(): void;
}

/** Questions go in as lines, answers come back in their order. While none is open, the child does not hold this process. */
function startTalk(git: Git, args: string[], repository: string, onEnd: () => void): Talk {
  const child = spawnProcess(git.program, [`--git-dir=${repository}`, ...args], { cwd: '/', cleanEnvironment: true, variables: gitVariables(git), stdin: 'pipe', stderr: 'ignore' });
  const open: PromiseWithResolvers<ObjectAnswer | undefined>[] = [];
  const withContent = args.includes('--batch');
  const answers = answerReader(withContent);
  let idle: NodeJS.Timeout | undefined;

  const end = () => {
    clearTimeout(idle);
    onEnd();
    child.stdin?.end();
  };
  const rest = () => {
    hold(child, false);
    idle = setTimeout(end, idleMs).unref();
  };
  const fail = (cause?: unknown) => {
    end();
    for (const one of open.splice(0)) one.reject(new RedControlError('COMMAND_FAILED', 'Expected git cat-file to answer, it ended', { cause }));
  };
  child.once('error', fail);
  child.once('close', () => fail());
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', (chunk: Buffer) => {
    for (const answer of answers.push(chunk)) open.shift()?.resolve(answer);
    if (open.length === 0 && idle === undefined) rest();
  });

  return {
    end,
    ask(object) {
      if (object.includes('\n')) return Promise.resolve(undefined);
      clearTimeout(idle);
      idle = undefined;
      hold(child, true);
      const answer = Promise.withResolvers<ObjectAnswer | undefined>();
      open.push(answer);
      child.stdin?.write(`${object}\n`);
      return answer.promise;
    },
  };
}

/** Whether this process stays alive for the child's sake. */
function hold(child: ReturnType<typeof spawnProcess>, holds: boolean): void {
  // The pipes are sockets, which can be let go of like the child; their types say only that they are streams.
  for (const held of [child, child.stdin, child.stdout] as ({ ref?(): void; unref?(): void } | null)[]) {
    if (holds) held?.ref?.();
    else held?.unref?.();
  }
}
