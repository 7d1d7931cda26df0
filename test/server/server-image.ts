import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { docker, imageExists } from './docker.ts';

export type Suite = 'bookworm' | 'trixie';

const releases: Record<Suite, string> = { bookworm: '12', trixie: '13' };
const localAuthorities = '/usr/local/share/ca-certificates';
const buildTimeoutMs = 15 * 60_000;

/** What a rented Debian server has on its first day, and no more. `deploy` is a user with sudo and no password. */
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
 * The base comes from Debian's packages where mmdebstrap can make it, else from Docker's official image.
 */
export async function serverImage(suite: Suite, say: (line: string) => void = () => {}): Promise<string> {
  const hash = createHash('sha256').update(dockerfile).update(suite);
  const authorities = (await readdir(localAuthorities).catch(() => [])).filter((file) => file.endsWith('.crt')).sort();
  for (const file of authorities) hash.update(await readFile(join(localAuthorities, file)));
  const reference = `redcontrol-test-server:${suite}-${hash.digest('hex').slice(0, 12)}`;
  if (await imageExists(reference)) return reference;

  const base = await baseImage(suite, say);
  say(`Building the image of a fresh Debian ${releases[suite]} server (once)`);
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
  if (bootstrap?.exitCode !== 0 || process.getuid?.() !== 0) return `debian:${releases[suite]}-slim`;

  say(`Making a Debian ${releases[suite]} base image from packages (once)`);
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-base-'));
  try {
    const file = join(folder, 'base.tar');
    await runOrThrow('mmdebstrap', ['--variant=minbase', '--include=ca-certificates', '--', suite, file], { timeoutMs: buildTimeoutMs });
    await docker(['import', file, reference], { timeoutMs: buildTimeoutMs });
    return reference;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
