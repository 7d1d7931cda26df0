import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import type { ContainerSpec, Mount } from './container-spec.ts';
import { labelsOf, type Engine } from './engine.ts';

/** A ContainerSpec as the engine's API takes it. Pure. */
export function containerOptions(engine: Engine, spec: ContainerSpec): ContainerCreateOptions {
  const published = spec.publish ?? [];
  return {
    name: spec.name,
    Image: spec.image,
    Labels: labelsOf(engine, spec.labels),
    ...given('Cmd', spec.command),
    ...given('Entrypoint', spec.entrypoint),
    ...given('User', spec.user),
    ...given('WorkingDir', spec.workingDir),
    ...given('StopSignal', spec.stopSignal),
    ...given('StopTimeout', spec.stopTimeoutMs === undefined ? undefined : Math.ceil(spec.stopTimeoutMs / 1000)),
    Env: Object.entries(spec.variables ?? {}).map(([key, value]) => `${key}=${value}`),
    ExposedPorts: Object.fromEntries(published.map((port) => [`${port.containerPort}/tcp`, {}])),
    HostConfig: hostConfig(spec),
    ...(spec.network === undefined || spec.network === 'none'
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [spec.network]: { Aliases: spec.aliases ?? [] } } } }),
  };
}

function hostConfig(spec: ContainerSpec): NonNullable<ContainerCreateOptions['HostConfig']> {
  const log = spec.logLimit ?? { fileBytes: 10 * 1024 * 1024, files: 3 };
  return {
    Mounts: (spec.mounts ?? []).map(mountSettings),
    RestartPolicy: { Name: spec.restart ?? 'no' },
    CapDrop: ['ALL'],
    CapAdd: spec.capabilities ?? [],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: spec.readOnlyRoot ?? false,
    LogConfig: { Type: 'json-file', Config: { 'max-size': String(log.fileBytes), 'max-file': String(log.files) } },
    PortBindings: portBindings(spec),
    ...given('NetworkMode', spec.network),
    ...given('Init', spec.init),
    // Swap as large as the memory limit would let a hog go on twice as long, on the disk that production uses.
    ...(spec.memoryBytes === undefined ? {} : { Memory: spec.memoryBytes, MemorySwap: spec.memoryBytes }),
    ...given('NanoCpus', spec.cpus === undefined ? undefined : Math.round(spec.cpus * 1e9)),
    ...given('CpuShares', spec.cpuShares),
    ...given('PidsLimit', spec.pidsLimit),
    ...given('ShmSize', spec.shmBytes),
    ...given('Ulimits', spec.ulimits?.map((limit) => ({ Name: limit.name, Soft: limit.soft, Hard: limit.hard }))),
    ...given('ExtraHosts', spec.extraHosts && Object.entries(spec.extraHosts).map(([host, address]) => `${host}:${address}`)),
  };
}

function portBindings(spec: ContainerSpec): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of spec.publish ?? []) {
    (bindings[`${port.containerPort}/tcp`] ??= []).push({ HostIp: port.hostAddress, HostPort: port.hostPort === undefined ? '' : String(port.hostPort) });
  }
  return bindings;
}

function mountSettings(mount: Mount): MountSettings {
  if (mount.kind === 'tmpfs') {
    // As /tmp is: whoever runs in the container may write to it. Over a folder that the image has, runc takes that one's mode.
    return { Type: 'tmpfs', Source: '', Target: mount.target, TmpfsOptions: { SizeBytes: mount.sizeBytes ?? 0, Mode: 0o1777 } };
  }
  return { Type: mount.kind, Source: mount.source, Target: mount.target, ReadOnly: mount.readOnly ?? false };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
