/** How a machine's processor is made: by the server's own (fast), or in software (10 to 30 times slower). */
export type Acceleration = 'kvm' | 'tcg';

export interface QemuMachine {
  directory: string;
  acceleration: Acceleration;
  memoryBytes: number;
  cpus: number;
  kernel: string;
  initrd: string;
  disks: MachineDisks;
  memory: MachineMemory;
  /** 32 hex digits that no other machine has. */
  machineId: string;
  /** Start with nothing running, for a saved state that is then given to it. */
  waitsForState: boolean;
  /** User and group that the process becomes when it has opened its files. */
  user: { uid: number; gid: number };
}

export interface MachineDisks {
  root: string;
  data: string;
  seed: string;
  /** Archive with images to load; undefined: an empty disk stands there, for the hardware to be the same. */
  images: string | undefined;
}

/** `shared`: writes go to the file, which is then part of a saved state. `copy`: the file is read, writes are the machine's own. */
export type MachineMemory = { kind: 'shared' | 'copy'; file: string } | { kind: 'own' };

const consoleBytes = 64 * 1024;
const mebibyte = 1024 ** 2;

/** What QEMU keeps of translated code without KVM. Left to itself it takes up to 1 GiB, more than the limit of its unit. */
const translationBytes = 512 * mebibyte;

/** Most memory that QEMU takes beside that of the machine. Pure. */
export function overheadBytes(acceleration: Acceleration): number {
  return 512 * mebibyte + (acceleration === 'tcg' ? translationBytes : 0);
}

/** The one layout of disks and devices: a saved state fits only the same. Pure. */
export function qemuArguments(machine: QemuMachine): string[] {
  const { directory, disks, acceleration } = machine;
  const size = `${Math.ceil(machine.memoryBytes / mebibyte)}M`;
  return [
    '-name', 'redcontrol', '-nodefaults', '-no-user-config', '-display', 'none',
    '-machine', 'q35,usb=off,vmport=off,graphics=off,memory-backend=ram',
    '-accel', acceleration === 'kvm' ? 'kvm' : `tcg,tb-size=${translationBytes / mebibyte}`,
    '-cpu', acceleration === 'kvm' ? 'host' : 'max',
    '-smp', String(machine.cpus),
    '-m', size,
    '-object', memoryObject(machine.memory, size),
    '-kernel', machine.kernel, '-initrd', machine.initrd,
    '-append', `root=/dev/vda rw console=ttyS0 quiet loglevel=3 net.ifnames=0 biosdevname=0 systemd.show_status=false mitigations=off panic=1 systemd.machine_id=${machine.machineId}`,
    ...disk('root', disks.root, 'qcow2'),
    ...disk('data', disks.data, 'qcow2'),
    ...disk('seed', disks.seed, 'raw', 'readonly=on'),
    ...(disks.images === undefined ? ['-blockdev', 'driver=null-co,node-name=images,size=1048576,read-zeroes=on,read-only=on', '-device', 'virtio-blk-pci,drive=images,serial=images'] : disk('images', disks.images, 'raw', 'readonly=on')),
    '-netdev', 'tap,id=net,ifname=tap0,script=no,downscript=no',
    '-device', 'virtio-net-pci,netdev=net,mac=52:54:00:52:43:01,romfile=',
    '-device', 'virtio-serial-pci',
    '-chardev', `socket,id=agent,path=${directory}/agent.sock,server=on,wait=off`,
    '-device', 'virtserialport,chardev=agent,name=org.redcontrol.agent',
    '-chardev', `socket,id=step,path=${directory}/step.sock,server=on,wait=off`,
    '-device', 'virtserialport,chardev=step,name=org.redcontrol.step',
    '-chardev', `socket,id=power,path=${directory}/power.sock,server=on,wait=off`,
    '-device', 'virtserialport,chardev=power,name=org.redcontrol.power',
    '-chardev', `socket,id=data,path=${directory}/data.sock,server=on,wait=off`,
    '-device', 'virtserialport,chardev=data,name=org.redcontrol.data',
    '-chardev', `ringbuf,id=console,size=${consoleBytes}`,
    '-serial', 'chardev:console',
    '-qmp', `unix:${directory}/qmp.sock,server=on,wait=off`,
    '-device', 'vmgenid,guid=auto',
    '-object', 'rng-random,id=random,filename=/dev/urandom',
    '-device', 'virtio-rng-pci,rng=random',
    '-rtc', 'base=utc',
    '-sandbox', 'on,obsolete=deny,spawn=deny,resourcecontrol=deny',
    '-runas', `${machine.user.uid}:${machine.user.gid}`,
    ...(machine.waitsForState ? ['-S', '-incoming', 'defer'] : []),
  ];
}

function memoryObject(memory: MachineMemory, size: string): string {
  if (memory.kind === 'own') return `memory-backend-ram,id=ram,size=${size}`;
  return `memory-backend-file,id=ram,size=${size},mem-path=${memory.file},share=${memory.kind === 'shared' ? 'on' : 'off'}`;
}

function disk(name: string, file: string, format: 'qcow2' | 'raw', ...extra: string[]): string[] {
  return [
    '-drive', ['if=none', `id=${name}`, `file=${file}`, `format=${format}`, 'discard=unmap', ...extra].join(','),
    '-device', `virtio-blk-pci,drive=${name},serial=${name}`,
  ];
}
