import { leave, newTake, type Take, type TakenProcess } from './take.ts';

const single = ['project', 'host', 'user', 'port', 'root', 'ownDockerfile', 'dockerfile', 'https', 'keepReleases'] as const;

/** What several files say together, pure: the first that says a thing holds, and what a later one says otherwise is noted. */
export function combineTakes(takes: readonly Take[]): Take {
  const all = newTake(takes.map(({ file }) => file).join(', '));
  for (const take of takes) {
    for (const key of single) merge(all, take, key);
    if (!all.migrate) all.migrate = take.migrate;
    else if (take.migrate && take.migrate.run !== all.migrate.run) conflict(all, take, { line: take.migrate.line, what: `the migration ${take.migrate.run}` });
    for (const name of take.domains) if (!all.domains.includes(name)) all.domains.push(name);
    if (take.database) addDatabase(all, take, take.database);
    if (take.redis && !all.redis?.version) all.redis = take.redis;
    addProcesses(all, take);
    for (const [from, into, what] of [[take.variables, all.variables, 'the variable'], [take.volumes, all.volumes, 'the volume'], [take.buildArguments, all.buildArguments, 'the build argument'], [take.jobs, all.jobs, 'the job']] as const) addAll(all, { from, into, what, take });
    for (const name of take.secrets) all.secrets.add(name);
    for (const name of take.buildSecrets) all.buildSecrets.add(name);
    all.left.push(...take.left);
  }
  for (const name of all.secrets) all.variables.delete(name);
  return withoutIdle(all);
}

function merge<Key extends (typeof single)[number]>(all: Take, take: Take, key: Key): void {
  if (all[key] === undefined) all[key] = take[key];
  else if (take[key] !== undefined && take[key] !== all[key]) conflict(all, take, { line: 1, what: `${key}: ${String(take[key])}` });
}

function addDatabase(all: Take, take: Take, database: NonNullable<Take['database']>): void {
  if (!all.database) all.database = database;
  else if (all.database.engine !== database.engine) conflict(all, take, { line: 1, what: `the database ${database.engine}` });
  else all.database = { ...database, ...all.database };
}

function addProcesses(all: Take, take: Take): void {
  const before = [...all.processes];
  for (const [name, process] of take.processes) {
    const known = all.processes.get(name);
    const same = known || process.run === undefined ? undefined : before.find(([, { run }]) => run === process.run);
    if (same) {
      // Two files call the same worker by two names: it must not run twice.
      leave({ ...all, file: take.file }, process.line, `the process ${name}`, `${same[0]} has the same command`);
      continue;
    }
    all.processes.set(name, { ...process, ...known });
    const other = known && (Object.keys(process) as (keyof TakenProcess)[]).find((key) => key !== 'file' && key !== 'line' && known[key] !== undefined && JSON.stringify(known[key]) !== JSON.stringify(process[key]));
    if (other) conflict(all, take, { line: process.line, what: `${name}.${other}` });
  }
}

function addAll(all: Take, { from, into, what, take }: { from: Map<string, unknown>; into: Map<string, unknown>; what: string; take: Take }): void {
  for (const [name, value] of from) {
    if (!into.has(name)) into.set(name, value);
    else if (JSON.stringify(into.get(name)) !== JSON.stringify(value)) conflict(all, take, { line: 1, what: `${what} ${name}` });
  }
}

function conflict(all: Take, take: Take, { line, what }: { line: number; what: string }): void {
  leave({ ...all, file: take.file }, line, what, 'another of the files says otherwise, and that holds');
}

/** A process that no file has a command for could not be started; web has the image's own. */
function withoutIdle(all: Take): Take {
  for (const [name, { run, file, line }] of all.processes) {
    if (name === 'web' || run !== undefined) continue;
    all.processes.delete(name);
    leave({ ...all, file }, line, `the process ${name}`, 'none of the files has a command for it, which only web may lack: write it with "run"');
  }
  return all;
}
