import type { InstallOperation } from '../operation.ts';
import { serverUser } from '@redcontrol/client/server-access';
import { serverPaths, unitNames } from '../paths.ts';
import type { ServerFacts } from '../server-facts.ts';
import { removePackagesScript } from './remove-packages-script.ts';

export interface UninstallChoice {
  /** Remove data too: databases, volumes, images, repositories, logs, secrets. */
  data: boolean;
}

/**
 * What is to be removed: what the manifest says was put there, the containers of the apps, and data when told.
 * Nothing when nothing is installed. Pure.
 */
export function planUninstall(facts: ServerFacts, choice: UninstallChoice): InstallOperation[] {
  const { manifest, release, directories } = facts.redcontrol;
  const dataOnly = manifest.length === 0 && release === null;
  if (dataOnly && !(choice.data && directories[serverPaths.data])) return [];
  return [
    ...(dataOnly ? [] : [servicesOperation(facts), accessOperation(facts)]),
    engineOperation(facts, choice),
    ...(dataOnly ? [] : [packagesOperation(facts, choice)]),
    filesOperation(facts, choice),
  ];
}

const base = (facts: ServerFacts) => ({ kind: 'remove' as const, target: facts.hostname, arguments: [] });

/** Also stops what the daemon started as units of its own. */
function servicesOperation(facts: ServerFacts): InstallOperation {
  const paths = `${serverPaths.unit} ${serverPaths.proxyUnit} ${serverPaths.command}`;
  return {
    ...base(facts),
    id: 'services',
    description: 'Stop and remove the daemon and its HAProxy',
    warning: 'All apps that RedControl deployed on this server stop answering.',
    check: `! systemctl is-active --quiet ${unitNames.daemon} && ! systemctl is-active --quiet ${unitNames.proxy} && ! ls ${paths} >/dev/null 2>&1`,
    script: `systemctl disable --quiet --now ${unitNames.daemon} 2>/dev/null || true
systemctl stop 'redcontrol-*.service' 'redcontrol-*.scope' 2>/dev/null || true
systemctl disable --quiet --now ${unitNames.proxy} 2>/dev/null || true
rm -f ${paths} ${serverPaths.settings}
systemctl daemon-reload
systemctl reset-failed ${unitNames.daemon} ${unitNames.proxy} 2>/dev/null || true
rm -rf /run/redcontrol`,
  };
}

function accessOperation(facts: ServerFacts): InstallOperation {
  return {
    ...base(facts),
    id: 'access',
    description: `Remove the user ${serverUser} and sshd's settings for it`,
    warning: null,
    check: `[ ! -e ${serverPaths.sshdSettings} ] && { ! getent passwd ${serverUser} >/dev/null || ! grep -qx 'user ${serverUser}' ${serverPaths.manifest}; }`,
    script: `rm -f ${serverPaths.sshdSettings}
if systemctl is-active --quiet ssh.service; then systemctl reload ssh.service; fi
if grep -qx 'user ${serverUser}' ${serverPaths.manifest} && getent passwd ${serverUser} >/dev/null; then
  for process in /proc/[0-9]*; do
    if [ "$(stat -c %U "$process" 2>/dev/null)" = ${serverUser} ]; then kill -KILL "\${process#/proc/}" 2>/dev/null || true; fi
  done
  userdel --force ${serverUser}
fi
if grep -qx 'group ${serverUser}' ${serverPaths.manifest} && getent group ${serverUser} >/dev/null; then groupdel ${serverUser}; fi`,
  };
}

/** Everything of ours on the engine carries the label; nothing else is looked at. */
function engineOperation(facts: ServerFacts, { data }: UninstallChoice): InstallOperation {
  const label = '--filter label=redcontrol=default';
  return {
    ...base(facts),
    id: 'engine',
    description: data ? 'Remove the containers, images and volumes of all projects' : 'Remove the containers of all projects; their volumes and images stay',
    warning: data ? 'All databases and files of all projects are lost.' : null,
    check: `! docker version >/dev/null 2>&1 || [ -z "$(docker ps -aq ${label}${data ? `; docker volume ls -q ${label}; docker images -q ${label}` : ''})" ]`,
    script: `docker ps -aq ${label} | xargs -r docker rm --force --volumes >/dev/null
docker network ls -q ${label} | xargs -r docker network rm >/dev/null
${data ? `docker volume ls -q ${label} | xargs -r docker volume rm --force >/dev/null
docker images -q ${label} | sort -u | xargs -r docker image rm --force >/dev/null` : ''}`,
  };
}

function packagesOperation(facts: ServerFacts, { data }: UninstallChoice): InstallOperation {
  return {
    ...base(facts),
    id: 'packages',
    description: 'Remove the packages that were installed for RedControl and that nothing else needs',
    warning: null,
    check: `! grep -q '^package ' ${serverPaths.manifest} 2>/dev/null`,
    script: `detached uninstall "$@" <<'END'
${removePackagesScript}
END
sed -i '/^package /d' ${serverPaths.manifest}`,
    arguments: [data ? 'data' : 'keep'],
  };
}

/** The manifest goes last: until then a repeated run knows what is left. */
function filesOperation(facts: ServerFacts, { data }: UninstallChoice): InstallOperation {
  const machinery = ['releases', 'runtime', 'current', 'home', 'haproxy', 'service-home', 'tmp', 'work'].map((name) => `${serverPaths.data}/${name}`).join(' ');
  const rest = `${serverPaths.data}/install /var/cache/redcontrol-archives /run/redcontrol-install /run/redcontrol-install.lock`;
  return {
    ...base(facts),
    id: 'files',
    description: data ? `Remove ${serverPaths.data}` : `Remove the daemon's files; the state, repositories and logs stay in ${serverPaths.data}`,
    warning: data ? 'State, secrets, repositories and logs of all projects are lost.' : null,
    check: data
      ? `[ -z "$(ls -A ${serverPaths.data} 2>/dev/null)" ]`
      : `for path in ${machinery} ${serverPaths.data}/install; do if [ -e "$path" ] || [ -L "$path" ]; then return 1; fi; done`,
    script: data
      ? `find ${serverPaths.data} -mindepth 1 -delete
rmdir ${serverPaths.data} 2>/dev/null || true
rm -rf ${rest}`
      : `rm -rf ${machinery}
rm -rf ${rest}`,
  };
}
