import { statfs } from 'node:fs/promises';
import { freemem, hostname, loadavg, totalmem, availableParallelism } from 'node:os';
import { contractVersion, RedControlError } from '@redcontrol/contract';
import { readIfExists } from '@redcontrol/system';
import { engineVersion } from '../../engine/index.ts';
import { assessServer } from '../../machine/index.ts';
import { holdArchive, makeArchive, readArchive } from '../../server-state/index.ts';
import { listPeopleRows } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';

export const serverMethods: Pick<Handlers, 'hello' | 'server.state' | 'server.backup' | 'server.backup-read' | 'server.databases' | 'people.list'> = {
  hello({ params, parts, caller }) {
    if (params.contractVersion !== contractVersion) {
      const remedy = params.contractVersion > contractVersion ? 'Upgrade the server: redcontrol server upgrade.' : 'Upgrade the program on this computer.';
      throw new RedControlError('CONTRACT_MISMATCH', `Expected contract version ${contractVersion}, got ${params.contractVersion}`, { hint: remedy });
    }
    return { contractVersion, daemonVersion: parts.version, name: caller.name, role: caller.role, projects: caller.projects ?? [] };
  },

  async 'server.state'({ daemon, parts }) {
    const [disk, os, engine, imageSource, { qemuVersion, acceleration, memoryAvailableBytes }] = await Promise.all([
      statfs(daemon.options.dataDirectory),
      readIfExists('/etc/os-release'),
      engineVersion(daemon.engine).then(({ version }) => version, () => null),
      daemon.images('auto', undefined).source().catch(() => 'unknown' as const),
      assessServer(),
    ]);
    return {
      hostname: hostname(), os: /^PRETTY_NAME="?([^"\n]*)/m.exec(os ?? '')?.[1] ?? 'unknown', daemonVersion: parts.version, contractVersion,
      engineVersion: engine, cpus: availableParallelism(), loadAverage: loadavg()[0] ?? 0, memoryTotalBytes: totalmem(), memoryFreeBytes: freemem(),
      diskTotalBytes: disk.blocks * disk.bsize, diskFreeBytes: disk.bavail * disk.bsize, daemonResidentBytes: process.memoryUsage.rss(),
      startedAt: parts.startedAt, imageSource, machines: { qemuVersion, acceleration, memoryAvailableBytes },
    };
  },

  async 'server.backup'({ daemon, parts, onClose }) {
    const archive = await makeArchive(daemon, parts.version);
    const { id, release } = await holdArchive(archive);
    onClose(() => void release().catch((error: unknown) => daemon.log.error('a backup of the state could not be removed', error)));
    return { archive: id, bytes: archive.bytes, sha256: archive.sha256, hostname: hostname() };
  },

  'server.backup-read': async ({ params }) => ({ data: (await readArchive(params.archive, params.offset, params.limit)).toString('base64') }),

  'server.databases': ({ daemon }) => daemon.images('auto', undefined).databaseVersions(),

  'people.list'({ daemon }) {
    const people = new Map<string, { fingerprint: string; name: string; role: 'admin' | 'developer' | 'viewer'; projects: string[] }>();
    for (const row of listPeopleRows(daemon.store)) {
      const known = people.get(row.fingerprint);
      if (known) known.projects.push(row.project);
      else people.set(row.fingerprint, { fingerprint: row.fingerprint, name: row.name, role: row.role, projects: [row.project] });
    }
    return [...people.values()];
  },
};
