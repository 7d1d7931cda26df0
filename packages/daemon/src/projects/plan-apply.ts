import { appDomains, formatBytes, RedControlError, wantsRunMachines, type Operation, type ProjectConfig } from '@redcontrol/contract';
import { assertSameDatabase, databaseWishes, environmentIsolation, environmentMachineSize, runMachineSize } from '../environment/index.ts';
import { machineWarning, type MachineFacts } from '../machine/index.ts';
import type { StoredDatabase } from '../store/index.ts';

export interface ApplyInput {
  /** What was applied last; undefined: the project is new. */
  current: ProjectConfig | undefined;
  wanted: ProjectConfig;
  databases: readonly StoredDatabase[];
  /** What the server has for virtual machines; left out where nobody reads warnings. */
  machines?: MachineFacts | undefined;
}

/**
 * What applying a configuration would do on this server, pure. Throws DATABASE_UPGRADE_REFUSED for a change that data
 * would not survive. `keep` operations tell what stays although the configuration no longer names it.
 */
export function planApply({ current, wanted, databases, machines }: ApplyInput): Operation[] {
  const operations: Operation[] = [];
  const add = (kind: Operation['kind'], target: string, description: string, warning: string | null = null) =>
    operations.push({ id: `${kind} ${target}`, kind, target, description, warning });

  if (!current) add('create', wanted.project, `project ${wanted.project} that follows ${wanted.repository}`);
  else if (current.repository !== wanted.repository) add('change', wanted.project, `follow ${wanted.repository} instead of ${current.repository}`);

  if (wantsRunMachines(wanted) && !(current && wantsRunMachines(current))) {
    const size = runMachineSize(wanted);
    add('create', 'pipeline/machine', `a virtual machine for each run: ${formatBytes(size.memoryBytes)} of memory, ${size.cpus} processors`, machines ? (machineWarning(machines, size) ?? null) : null);
  }
  for (const [name, environment] of Object.entries(wanted.environments)) {
    const before = current?.environments[name];
    const rule = environment.deploy.tag ? `tags ${environment.deploy.tag} on ${environment.deploy.branch}` : `pushes to ${environment.deploy.branch}`;
    if (!before) add('create', name, `environment ${name}, deployed by ${rule}`);
    else if (!same(before, environment)) add('change', name, `environment ${name}: ${changedKeys(before, environment).join(', ')}`);
    if (environmentIsolation(wanted, name) === 'vm' && !(before && current && environmentIsolation(current, name) === 'vm')) {
      const size = environmentMachineSize(wanted, name);
      add('create', `${name}/machine`, `virtual machine for ${name}: ${formatBytes(size.memoryBytes)} of memory, ${size.cpus} processors`, machines ? (machineWarning(machines, size) ?? null) : null);
    }
    for (const wish of databaseWishes(environment)) {
      const stored = databases.find((database) => database.environment === name && database.role === wish.role);
      if (stored) assertSameDatabase(wish, stored);
      else add('create', `${name}/${wish.role}`, `${wish.engine} ${wish.version ?? ''} for ${name}, with its data on a volume`.replace('  ', ' '));
    }
    for (const stored of databases.filter((database) => database.environment === name && !databaseWishes(environment).some((wish) => wish.role === database.role))) {
      add('keep', `${name}/${stored.role}`, `data of ${stored.engine} ${stored.version} of ${name}, which the configuration no longer names`);
    }
  }
  for (const name of Object.keys(current?.environments ?? {})) {
    if (!wanted.environments[name]) add('remove', name, `environment ${name}: its app stops, its data is kept`, `${name} is no longer served`);
  }
  for (const key of Object.keys({ ...current, ...wanted }) as (keyof ProjectConfig)[]) {
    if (current && !apart.has(key) && !same(current[key], wanted[key])) add('change', key, `${key} of the project`);
  }
  return operations;
}

/** Keys whose changes are told above in words of their own. */
const apart = new Set<keyof ProjectConfig>(['project', 'repository', 'environments']);

/** Throws CONFLICT when somebody else applied in between. */
export function assertBase(baseRevision: number | undefined, currentRevision: number): void {
  if (baseRevision === undefined || baseRevision === currentRevision) return;
  throw new RedControlError('CONFLICT', `Expected revision ${baseRevision} to be the newest, revision ${currentRevision} was applied meanwhile`, { hint: 'Look at the difference with `redcontrol config`, then apply again.' });
}

function changedKeys(before: object, after: object): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<never>;
  return [...keys].filter((key) => !same(before[key], after[key]));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Throws CONFLICT when another project of this server already answers on a domain and path of this one. */
export function assertDomainsFree(wanted: ProjectConfig, others: readonly ProjectConfig[]): void {
  const taken = new Map<string, string>();
  for (const other of others) {
    if (other.project === wanted.project) continue;
    for (const name of Object.keys(other.environments)) for (const place of placesOf(other, name)) taken.set(place, `${other.project}/${name}`);
  }
  for (const name of Object.keys(wanted.environments)) {
    for (const place of placesOf(wanted, name)) {
      const owner = taken.get(place);
      if (owner) throw new RedControlError('CONFLICT', `Expected ${place} of ${name} to be free, ${owner} has it`, { hint: 'Give one of them another domain or `traffic.path`.' });
    }
  }
}

function placesOf({ environments, apps }: ProjectConfig, name: string): string[] {
  const { domain, traffic } = environments[name] ?? {};
  const own = [domain ?? []].flat().map((one) => `${one}${traffic?.path ?? '/'}`);
  const redirected = Object.keys(traffic?.redirects ?? {}).map((one) => `${one}/`);
  return [...own, ...redirected, ...Object.values(apps ?? {}).flatMap((app) => appDomains(app.domain, domain).map((one) => `${one}${app.path ?? '/'}`))];
}
