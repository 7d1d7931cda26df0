import { runToEnd } from '@redcontrol/system';
import type { Finding } from './finding.ts';

const tools = [
  { name: 'ssh', args: ['-V'], what: 'reaches the servers', package: 'openssh-client', isNeeded: true },
  { name: 'ssh-keyscan', args: [], what: 'shows a server\'s fingerprint at the first contact', package: 'openssh-client', isNeeded: false },
  { name: 'git', args: ['--version'], what: 'is read by `redcontrol init`', package: 'git', isNeeded: false },
] as const;

/** What this machine needs to work with servers. */
export async function localFindings(signal: AbortSignal): Promise<Finding[]> {
  const found = await Promise.all(tools.map((tool) => toolFinding(tool, signal)));
  return [{ about: 'Node.js', level: 'ok', text: process.versions.node }, ...found];
}

async function toolFinding(tool: (typeof tools)[number], signal: AbortSignal): Promise<Finding> {
  try {
    const { stdout, stderr } = await runToEnd(tool.name, tool.args, { signal, timeoutMs: 10_000 });
    const said = `${stdout}${stderr}`.split('\n')[0]?.trim() ?? '';
    return { about: tool.name, level: 'ok', text: tool.args.length > 0 && said !== '' ? said : 'is there' };
  } catch {
    return { about: tool.name, level: tool.isNeeded ? 'fail' : 'warn', text: `Expected the program ${tool.name}, which ${tool.what}, got none`, remedy: `Install it (Debian: apt install ${tool.package}).` };
  }
}
