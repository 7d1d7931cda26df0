import { guestFiles, maskedUnits } from './guest-files.ts';

/** What a virtual machine is made of: as data, so that a change of it makes a new image. */
export interface MachineRecipe {
  suite: 'bookworm' | 'trixie';
  packages: readonly string[];
  files: readonly GuestFile[];
  /** Units of systemd that never start. */
  masked: readonly string[];
  /** Size of the system's disk; data lies on another. */
  rootBytes: number;
}

export interface GuestFile {
  path: string;
  text: string;
  mode: number;
}

const mebibyte = 1024 ** 2;

/**
 * The smallest Debian that boots and runs an engine: no ssh server, no cron, no login. `apparmor` is needed by
 * `docker run` since the kernel has it on; the cloud kernel lacks the drivers of real hardware only.
 */
export function machineRecipe(suite: MachineRecipe['suite']): MachineRecipe {
  return {
    suite,
    packages: [
      'systemd', 'systemd-sysv', 'udev', 'linux-image-cloud-amd64', 'initramfs-tools', 'kmod', 'iproute2', 'iptables', 'e2fsprogs',
      'ca-certificates', 'apparmor', 'docker.io',
    ],
    files: guestFiles,
    masked: maskedUnits,
    rootBytes: 2048 * mebibyte,
  };
}
