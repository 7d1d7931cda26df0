import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '@redcontrol/system';
import type { Acceleration } from './qemu/qemu-arguments.ts';

export const qemuProgram = 'qemu-system-x86_64';

let found: Promise<Acceleration> | undefined;

/**
 * `kvm` when a machine really runs by it here: there are servers, themselves virtual, whose /dev/kvm opens and whose
 * machines then stand still or die. Asked once a process.
 */
export function readAcceleration(): Promise<Acceleration> {
  found ??= probe();
  return found;
}

/** `mov al, 16; out 0xf4, al; hlt`, where a processor begins: what a machine does that runs at all. QEMU then ends with 16 × 2 + 1. */
const program = Buffer.from([0xb0, 0x10, 0xe6, 0xf4, 0xf4]);
const programExitCode = 33;
const probeTimeoutMs = 10_000;

async function probe(): Promise<Acceleration> {
  if (!(await access('/dev/kvm').then(() => true, () => false))) return 'tcg';
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-kvm-'));
  try {
    const firmware = Buffer.alloc(64 * 1024);
    program.copy(firmware, firmware.length - 16);
    await writeFile(join(folder, 'firmware'), firmware);
    const { exitCode } = await runToEnd(qemuProgram, [
      '-nodefaults', '-no-user-config', '-display', 'none', '-machine', 'q35,accel=kvm', '-cpu', 'host', '-m', '64M', '-no-reboot',
      '-device', 'isa-debug-exit,iobase=0xf4,iosize=4', '-bios', join(folder, 'firmware'),
    ], { timeoutMs: probeTimeoutMs, maxOutputBytes: 0 });
    return exitCode === programExitCode ? 'kvm' : 'tcg';
  } catch {
    return 'tcg';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** "7.2.22", or undefined when there is no QEMU. */
export async function readQemuVersion(): Promise<string | undefined> {
  const { exitCode, stdout } = await runToEnd(qemuProgram, ['--version'], { timeoutMs: 20_000 }).catch(() => ({ exitCode: 1, stdout: '' }));
  return exitCode === 0 ? /version (\S+)/.exec(stdout)?.[1] : undefined;
}
