import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { docker, imageExists } from './docker.ts';

export type Suite = 'bookworm' | 'trixie' | 'noble';

/** `official`: Docker's image of the same system, for where mmdebstrap cannot run. */
const systems: Record<Suite, { name: string; official: string }> = {
  bookworm: { name: 'Debian 12', official: 'debian:12-slim' },
  trixie: { name: 'Debian 13', official: 'debian:13-slim' },
  noble: { name: 'Ubuntu 24.04', official: 'ubuntu:24.04' },
};
const localAuthorities = '/usr/local/share/ca-certificates';
const buildTimeoutMs = 15 * 60_000;
const downloadTimeoutMs = 60_000;

/** What a rented server has on its first day, and no more. `deploy` is a user with sudo and no password. */
const dockerfile = `ARG BASE
FROM $BASE
RUN packages='systemd systemd-sysv libpam-systemd dbus openssh-server python3-minimal sudo ca-certificates iproute2' \\
 && export DEBIAN_FRONTEND=noninteractive \\
 && { timeout 120 apt-get update -qq || timeout 120 apt-get update -qq; } \\
 && { timeout 300 apt-get install -y -qq --no-install-recommends --download-only $packages || timeout 300 apt-get install -y -qq --no-install-recommends --download-only $packages; } \\
 && apt-get install -y -qq --no-install-recommends $packages \\
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /etc/ssh/ssh_host_* /usr/sbin/policy-rc.d
COPY authorities/ ${localAuthorities}/
RUN update-ca-certificates \\
 && useradd --create-home --shell /bin/bash deploy \\
 && echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy \\
 && install -d -m 0700 /root/.ssh && install -d -m 0700 -o deploy -g deploy /home/deploy/.ssh \\
 && systemctl mask -- systemd-udevd.service systemd-modules-load.service getty.target
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
`;

/**
 * The image of a fresh server, made once: its tag is the hash of all that goes in.
 * The base comes from the system's packages where mmdebstrap can make it, else from Docker's official image.
 */
export async function serverImage(suite: Suite, say: (line: string) => void = () => {}): Promise<string> {
  const hash = createHash('sha256').update(dockerfile).update(suite);
  const authorities = (await readdir(localAuthorities).catch(() => [])).filter((file) => file.endsWith('.crt')).sort();
  for (const file of authorities) hash.update(await readFile(join(localAuthorities, file)));
  const reference = `redcontrol-test-server:${suite}-${hash.digest('hex').slice(0, 12)}`;
  if (await imageExists(reference)) return reference;

  const base = await baseImage(suite, say);
  say(`Building the image of a fresh ${systems[suite].name} server (once)`);
  const context = await mkdtemp(join(tmpdir(), 'redcontrol-server-'));
  try {
    await mkdir(join(context, 'authorities'));
    for (const file of authorities) await cp(join(localAuthorities, file), join(context, 'authorities', file));
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await docker(['build', '--quiet', '--build-arg', `BASE=${base}`, '--tag', reference, context], { timeoutMs: buildTimeoutMs });
    return reference;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function baseImage(suite: Suite, say: (line: string) => void): Promise<string> {
  const reference = `redcontrol-test-base:${suite}`;
  if (await imageExists(reference)) return reference;
  const bootstrap = await runToEnd('mmdebstrap', ['--version']).catch(() => undefined);
  if (bootstrap?.exitCode !== 0 || process.getuid?.() !== 0) return systems[suite].official;

  say(`Making a base image of ${systems[suite].name} from packages (once)`);
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-base-'));
  // apt reads the keyring as a user of its own.
  await chmod(folder, 0o755);
  try {
    const file = join(folder, 'base.tar');
    const own = suite === 'noble' ? ['--components=main,universe', '--keyring', await ubuntuKeyring(folder)] : [];
    await runOrThrow('mmdebstrap', ['--variant=minbase', '--include=apt,ca-certificates', ...own, '--', suite, file], { timeoutMs: buildTimeoutMs });
    await docker(['import', file, reference], { timeoutMs: buildTimeoutMs });
    return reference;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** From Ubuntu's own package of that name: Debian has none. Its checksum stands here, so that whoever serves it is not trusted. */
const ubuntuKeys = {
  address: 'http://archive.ubuntu.com/ubuntu/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb',
  sha256: '36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8',
};

async function ubuntuKeyring(folder: string): Promise<string> {
  const response = await fetch(ubuntuKeys.address, { signal: AbortSignal.timeout(downloadTimeoutMs) });
  const content = Buffer.from(await response.arrayBuffer());
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== ubuntuKeys.sha256) throw new Error(`Expected the SHA-256 ${ubuntuKeys.sha256} of ${ubuntuKeys.address}, got ${sha256} (status ${response.status})`);
  await writeFile(join(folder, 'keyring.deb'), content);
  await runOrThrow('dpkg-deb', ['--extract', join(folder, 'keyring.deb'), join(folder, 'keyring')]);
  return join(folder, 'keyring/usr/share/keyrings/ubuntu-archive-keyring.gpg');
}
