import type { InstallOperation } from '../operation.ts';
import { serverPaths, unitNames } from '../paths.ts';
import type { ServerFacts } from '../server-facts.ts';
import { sha256 } from '../text-sha256.ts';
import { firstProxyConfig, proxyUnit } from '../units/proxy-unit.ts';

/**
 * HAProxy as a unit of its own, so that neither the daemon nor its upgrades touch connections. A changed unit is taken
 * at HAProxy's next start for the same reason. The distribution's unit is switched off only where it came with us.
 */
export function proxyOperation(facts: ServerFacts): InstallOperation | undefined {
  const { files, proxy, enabledUnits, manifest } = facts.redcontrol;
  const distributionUnitOn = manifest.includes('package haproxy') && enabledUnits.includes('haproxy.service');
  const upToDate = files[serverPaths.proxyUnit] === sha256(proxyUnit) && files[serverPaths.proxyConfig] !== undefined;
  if (upToDate && proxy === 'active' && enabledUnits.includes(unitNames.proxy) && !distributionUnitOn) return undefined;
  return {
    id: 'proxy',
    kind: files[serverPaths.proxyUnit] ? 'change' : 'create',
    target: facts.hostname,
    description: `Start HAProxy on ports 80 and 443 as ${unitNames.proxy}`,
    warning: null,
    check: `has_sum ${serverPaths.proxyUnit} ${sha256(proxyUnit)} && systemctl is-active --quiet ${unitNames.proxy} && systemctl is-enabled --quiet ${unitNames.proxy} &&
  ! { grep -qx 'package haproxy' ${serverPaths.manifest} && systemctl is-enabled --quiet haproxy.service 2>/dev/null; }`,
    script: `if grep -qx 'package haproxy' ${serverPaths.manifest}; then systemctl disable --quiet --now haproxy.service; fi
if [ ! -f ${serverPaths.proxyConfig} ]; then write_file ${serverPaths.proxyConfig} 644 <<'END'
${firstProxyConfig}END
fi
remember 'unit ${unitNames.proxy}'
write_file ${serverPaths.proxyUnit} 644 <<'END'
${proxyUnit}END
systemctl daemon-reload
systemctl enable --quiet ${unitNames.proxy}
if ! systemctl start ${unitNames.proxy}; then
  journalctl --no-pager --lines 10 --output cat --unit ${unitNames.proxy} >&2
  exit 1
fi`,
    arguments: [],
  };
}
