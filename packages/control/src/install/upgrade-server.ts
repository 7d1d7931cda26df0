import { RedControlError } from '@redcontrol/contract';
import type { SshTarget } from '@redcontrol/system';
import { applyInstall } from './apply-install.ts';
import { inspectServer } from './inspect-server.ts';
import type { WantedInstall, WorkOptions } from './operation.ts';
import { planInstall } from './plan-install.ts';

/**
 * Brings a server to the wanted daemon, with the packages and files that it needs; answers false when it was there.
 * The server proves the new daemon by itself and goes back to the one before when it does not answer, then this throws
 * INSTALL_FAILED. Throws NOT_FOUND where nothing is installed.
 */
export async function upgradeServer(target: SshTarget, wanted: WantedInstall, options: WorkOptions = {}): Promise<boolean> {
  const facts = await inspectServer(target, options);
  if (facts.redcontrol.release === null) {
    throw new RedControlError('NOT_FOUND', `Expected RedControl on ${facts.hostname}, got a server without it`, { hint: 'Install it with redcontrol apply.' });
  }
  const plan = planInstall(facts, wanted);
  await applyInstall(target, plan, options);
  return plan.length > 0;
}
