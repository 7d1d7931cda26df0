import { RedControlError } from '@redcontrol/contract';
import type { InstallOperation, WantedInstall } from './operation.ts';
import { directoriesOperation } from './operations/directories-operation.ts';
import { nodeOperation } from './operations/node-operation.ts';
import { packagesOperation } from './operations/packages-operation.ts';
import { proxyOperation } from './operations/proxy-operation.ts';
import { releaseOperation } from './operations/release-operation.ts';
import { serviceOperation } from './operations/service-operation.ts';
import { sshOperation } from './operations/ssh-operation.ts';
import { userOperation } from './operations/user-operation.ts';
import { serverFindings } from './server-findings.ts';
import type { ServerFacts } from './server-facts.ts';

/**
 * What is to be done so that the server is as wanted; nothing on one that is. Pure.
 * Throws SERVER_UNSUPPORTED, naming all reasons, where it must not be begun.
 */
export function planInstall(facts: ServerFacts, wanted: WantedInstall): InstallOperation[] {
  const reasons = serverFindings(facts).filter(({ level }) => level === 'fail');
  if (reasons.length > 0) {
    throw new RedControlError('SERVER_UNSUPPORTED', reasons.map(({ text }) => text).join('; '), {
      hint: reasons.map(({ remedy }) => remedy).filter((remedy) => remedy !== null).join(' '),
    });
  }
  return [
    packagesOperation(facts, wanted),
    userOperation(facts),
    directoriesOperation(facts),
    nodeOperation(facts, wanted),
    releaseOperation(facts, wanted),
    sshOperation(facts),
    proxyOperation(facts),
    serviceOperation(facts, wanted),
  ].filter((operation) => operation !== undefined);
}
