import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

export interface EngineVersion {
  /** `20.10.24+dfsg1` and the like. */
  version: string;
  apiVersion: string;
  cgroupVersion: 1 | 2;
  cgroupDriver: 'cgroupfs' | 'systemd' | 'none';
  storageDriver: string;
  dataDirectory: string;
  memoryBytes: number;
  cpus: number;
}

/** What engine this is. Throws ENGINE_UNAVAILABLE when none answers. */
export async function engineVersion(engine: Engine): Promise<EngineVersion> {
  const [version, info] = await askEngine(engine, 'ask the engine for its version', () =>
    Promise.all([engine.docker.version(), engine.docker.info()]),
  );
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    cgroupDriver: info.CgroupDriver,
    storageDriver: info.Driver,
    dataDirectory: info.DockerRootDir,
    memoryBytes: info.MemTotal,
    cpus: info.NCPU,
  };
}
