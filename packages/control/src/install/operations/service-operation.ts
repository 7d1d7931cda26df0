import type { InstallOperation, WantedInstall } from '../operation.ts';
import { serverPaths, unitNames } from '../paths.ts';
import { releaseName } from '../release-name.ts';
import { activateScript } from '../scripts/activate-script.ts';
import type { ServerFacts } from '../server-facts.ts';
import { sha256 } from '../text-sha256.ts';
import { commandWrapper, daemonUnit } from '../units/daemon-unit.ts';

/** Taking up what was under way comes before the first answer. */
const answerSeconds = 90;

/**
 * Switches to the wanted release and proves that it answers; otherwise the server goes back to the one before by itself,
 * also with the connection cut. Apps run on: they are containers, and HAProxy is a unit of its own.
 */
export function serviceOperation(facts: ServerFacts, wanted: WantedInstall): InstallOperation | undefined {
  const { redcontrol } = facts;
  const name = releaseName(wanted);
  const filesRight = redcontrol.files[serverPaths.command] === sha256(commandWrapper) && redcontrol.files[serverPaths.unit] === sha256(daemonUnit);
  const settled = redcontrol.publicHost !== null;
  const runs = !redcontrol.upgradeOpen && redcontrol.service === 'active' && redcontrol.enabledUnits.includes(unitNames.daemon);
  if (redcontrol.release === name && filesRight && settled && runs) return undefined;

  const before = redcontrol.release !== name ? redcontrol.release : null;
  return {
    id: 'service',
    kind: before ? 'change' : 'create',
    target: facts.hostname,
    description: before ? `Upgrade the daemon from ${before} to ${name}` : `Start the daemon ${wanted.daemon.version}`,
    warning: before ? 'Pipelines that run now are taken up again by the new daemon; apps are not touched.' : null,
    check: `[ ! -d ${serverPaths.upgrade} ] && grep -q '^REDCONTROL_PUBLIC_HOST=' ${serverPaths.settings} 2>/dev/null && [ "$(readlink ${serverPaths.current})" = "releases/$1" ] && systemctl is-active --quiet ${unitNames.daemon} && systemctl is-enabled --quiet ${unitNames.daemon} &&
  has_sum ${serverPaths.unit} ${sha256(daemonUnit)} && has_sum ${serverPaths.command} ${sha256(commandWrapper)} &&
  ${serverPaths.current}/node ${serverPaths.current}/hello.mjs`,
    script: `remember 'file ${serverPaths.command}'
remember 'unit ${unitNames.daemon}'
write_file ${serverPaths.command} 755 <<'END'
${commandWrapper}END
remember 'file ${serverPaths.settings}'
touch ${serverPaths.settings}
if ! grep -q '^REDCONTROL_PUBLIC_HOST=' ${serverPaths.settings}; then
  { cat ${serverPaths.settings}; printf '# The name or address under which environments without a domain are reached.\nREDCONTROL_PUBLIC_HOST=%s\n' "$3"; } | write_file ${serverPaths.settings} 644
fi
detached activate "$1" "$2" <<'END'
${activateScript}
END`,
    arguments: [name, String(answerSeconds), facts.reachedAs],
  };
}
