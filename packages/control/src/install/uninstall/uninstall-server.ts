import type { SshTarget } from '@redcontrol/system';
import { applyInstall } from '../apply-install.ts';
import { inspectServer } from '../inspect-server.ts';
import type { WorkOptions } from '../operation.ts';
import { planUninstall, type UninstallChoice } from './plan-uninstall.ts';

/**
 * Removes RedControl from a server, so that it is as it was before the installation; data only when told.
 * Answers false when there was nothing to remove. Throws what `inspectServer` and `applyInstall` throw.
 */
export async function uninstallServer(target: SshTarget, options: UninstallChoice & WorkOptions): Promise<boolean> {
  const plan = planUninstall(await inspectServer(target, options), options);
  await applyInstall(target, plan, options);
  return plan.length > 0;
}
