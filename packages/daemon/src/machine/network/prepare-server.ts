import { runOrThrow, runToEnd } from '@redcontrol/system';
import { linkPrefix, linksNetwork } from './addresses.ts';

/**
 * The server's own part: machines get out, nobody is let in to them or between them, and they reach nothing on the
 * server itself (their own namespace says so too). Rules that are there are left; safe to call at every start.
 */
export async function prepareServer(): Promise<void> {
  for (const { table, chain, rule } of serverRules()) {
    const known = await runToEnd('iptables', ['-w', '10', '-t', table, '-C', chain, ...rule], { timeoutMs: 20_000 });
    if (known.exitCode !== 0) await runOrThrow('iptables', ['-w', '10', '-t', table, '-I', chain, '1', ...rule], { timeoutMs: 20_000 });
  }
}

/** In the order in which they are put at the top: the last one stands first. Pure. */
export function serverRules(): { table: 'filter' | 'nat'; chain: string; rule: string[] }[] {
  const links = `${linkPrefix}+`;
  const answers = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'];
  return [
    { table: 'nat', chain: 'POSTROUTING', rule: ['-s', linksNetwork, '!', '-o', links, '-j', 'MASQUERADE'] },
    { table: 'filter', chain: 'INPUT', rule: ['-i', links, '-j', 'DROP'] },
    { table: 'filter', chain: 'INPUT', rule: ['-i', links, ...answers] },
    { table: 'filter', chain: 'FORWARD', rule: ['-i', links, '-j', 'ACCEPT'] },
    { table: 'filter', chain: 'FORWARD', rule: ['-o', links, '-j', 'DROP'] },
    { table: 'filter', chain: 'FORWARD', rule: ['-o', links, ...answers] },
  ];
}
