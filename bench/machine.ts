import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';

/** The machine in one line: what figures depend on, and nothing that names it. */
export async function describeMachine(): Promise<string> {
  const cores = cpus();
  const model = (cores[0]?.model ?? 'unknown processor').trim().replace(/\s+/g, ' ');
  const memoryGiB = Math.round(totalmem() / 1024 ** 3);
  return [`${cores.length} × ${model}`, `${memoryGiB} GiB memory`, await distribution(), `kernel ${kernelVersion()}`, `Node ${process.versions.node}`].join(', ');
}

/** Only the version's numbers: what follows them may hold a host's or a builder's name. */
function kernelVersion(): string {
  return /^\d+(\.\d+)*/.exec(release())?.[0] ?? 'unknown';
}

async function distribution(): Promise<string> {
  try {
    const text = await readFile('/etc/os-release', 'utf8');
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}
