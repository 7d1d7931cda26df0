import type { InstallOperation } from '../operation.ts';
import { serverDirectories, serverPaths } from '../paths.ts';
import type { ServerFacts } from '../server-facts.ts';

/** Directories with their modes and owners; what is in them stays. */
export function directoriesOperation(facts: ServerFacts): InstallOperation | undefined {
  const wrong = serverDirectories.filter(({ path, mode, owner }) => facts.redcontrol.directories[path] !== `${mode} ${owner}`);
  if (wrong.length === 0) return undefined;
  return {
    id: 'directories',
    kind: 'create',
    target: facts.hostname,
    description: `Make the directories below ${serverPaths.data}`,
    warning: null,
    check: serverDirectories.map(({ path, mode, owner }) => `[ "$(stat -c '%a %U:%G' ${path} 2>/dev/null)" = '${mode} ${owner}' ]`).join(' &&\n'),
    script: `remember 'data'
${serverDirectories.map(({ path, mode, owner }) => `install -d -m ${mode} -o ${owner.replace(':', ' -g ')} ${path}`).join('\n')}`,
    arguments: [],
  };
}
