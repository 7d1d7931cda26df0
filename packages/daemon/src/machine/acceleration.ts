import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '@redcontrol/system';
import type { Acceleration } from './qemu/qemu-arguments.ts';

export const qemuProgram = 'qemu-system-x86_64';

let found: Promise<Acceleration> | undefined;

/**
 * `kvm` when a machine really runs by it here, and fast: there are servers, themselves virtual, whose /dev/kvm opens and
 * whose machines then stand still, die, or are emulated instruction by instruction, slower than by QEMU. Asked once a process.
 */
export function readAcceleration(): Promise<Acceleration> {
  found ??= probe();
  return found;
}

/**
 * Where a processor begins: `mov ecx, 100000000; again: dec ecx; jnz again; mov al, 16; out 0xf4, al; hlt`. A processor
 * counts that far in a tenth of a second, an emulator of instructions in a minute. QEMU then ends with 16 × 2 + 1.
 */
const program = Buffer.from([0x66, 0xb9, 0x00, 0xe1, 0xf5, 0x05, 0x66, 0x49, 0x75, 0xfc, 0xb0, 0x10, 0xe6, 0xf4, 0xf4]);
const programExitCode = 33;
const probeTimeoutMs = 5_000;

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
