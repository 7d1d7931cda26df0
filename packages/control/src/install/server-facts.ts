/** What `inspectServer` saw of a server. Plain data: planners and checks read it and touch nothing. */
export interface ServerFacts {
  hostname: string;
  /** Name or address by which we reach it. */
  reachedAs: string;
  os: {
    /** `debian`, `ubuntu`, … as /etc/os-release says. */
    id: string;
    version: string;
    codename: string;
    /** For people: "Debian GNU/Linux 12 (bookworm)". */
    name: string;
  };
  /** As Node names it: `x64`, `arm64`; anything else as `uname -m` said it. */
  architecture: string;
  kernel: string;
  login: {
    user: string;
    /** none: not root, and sudo asks for a password or is not there. */
    privilege: 'root' | 'sudo' | 'none';
  };
  cpus: number;
  memory: { totalBytes: number; availableBytes: number; swapBytes: number };
  /** Of the file system that holds /var/lib. */
  disk: { totalBytes: number; freeBytes: number };
  /** Global addresses of the network interfaces. */
  addresses: string[];
  /** The server's clock minus ours, in seconds; the way there counts in. */
  clockSkewSeconds: number;
  systemd: { version: number | null; state: string };
  packages: {
    /** Version by name, of the packages that an installation asks about. */
    installed: Record<string, string>;
    /** Names that apt knows a version of but that are not installed; empty before the first `apt-get update`. */
    available: string[];
    /** dpkg was interrupted and has to be continued. */
    interrupted: boolean;
  };
  apparmor: boolean;
  docker: DockerFacts;
  /** Who listens where we want to: ports 80 and 443. */
  ports: PortUse[];
  kvm: 'usable' | 'unusable' | 'absent';
  qemu: string | null;
  /** UFW is on; `allowed` are the words of its rules that name ports. */
  firewall: { active: boolean; allowed: string[] };
  ssh: SshFacts;
  redcontrol: InstalledFacts;
}

export interface DockerFacts {
  /** unanswering: a client or an engine is there, but no engine answers. */
  state: 'absent' | 'running' | 'unanswering';
  version: string | null;
  /** Package that brought it, `snap`, `podman`, or `other`. */
  origin: string | null;
  buildx: string | null;
}

export interface PortUse {
  port: number;
  program: string;
  /** systemd's unit of the program, if any. */
  unit: string | null;
}

export interface SshFacts {
  /** Version that `sshd -V` names, null when there is none to ask. */
  server: string | null;
  /** What sshd's configuration comes to for the user redcontrol, by its lower-case keyword. */
  forRedcontrol: Record<string, string>;
}

/** What of RedControl is on the server. */
export interface InstalledFacts {
  /** Name of the release that `current` points to: `<version>-<first 8 of the bundle's SHA-256>`. */
  release: string | null;
  /** An upgrade to it was killed before the daemon was proven. */
  upgradeOpen: boolean;
  releases: string[];
  runtimes: string[];
  /** ActiveState of the units, `inactive` when they are not there. */
  service: string;
  proxy: string;
  /** SHA-256 by path, of the files that an installation writes; missing files are left out. */
  files: Record<string, string>;
  /** `<mode> <user>:<group>` by path, of the directories that an installation makes. */
  directories: Record<string, string>;
  /** Home of the user `redcontrol`, null when there is none. */
  userHome: string | null;
  /** Under which name environments without a domain are reached, as its settings say. */
  publicHost: string | null;
  /** Whether the user's password field locks it out of sshd. */
  userLocked: boolean;
  /** Enabled units among haproxy.service, redcontrol.service and redcontrol-haproxy.service. */
  enabledUnits: string[];
  /** Lines of the manifest: what an installation put on this server. */
  manifest: string[];
}
