import { homedir } from 'node:os';
import { join } from 'node:path';
import { lightMemory } from './own-command.ts';

/** A file that starts redwatch with the session, and the commands that make the system know it. */
export interface Service {
  path: string;
  content: string;
  install: string[][];
  /** Run before the file goes. */
  remove: string[][];
  /** Run after the file is gone. */
  afterRemove: string[][];
}

type Variables = Record<string, string | undefined>;

/** What makes `command` a service of this user. */
export function serviceOf(command: readonly string[], { variables, platform = process.platform, userId = process.getuid?.() ?? 0 }: { variables: Variables; platform?: NodeJS.Platform; userId?: number }): Service {
  if (platform === 'darwin') return launchAgent(command, variables, userId);
  if (platform === 'win32') return scheduledTask(command, variables);
  return systemdUnit(command, variables);
}

function systemdUnit(command: readonly string[], variables: Variables): Service {
  const name = 'redwatch.service';
  const systemctl = ['systemctl', '--user'];
  return {
    path: join(variables.XDG_CONFIG_HOME || join(variables.HOME || homedir(), '.config'), 'systemd', 'user', name),
    content: `[Unit]
Description=Tells what your push did
After=graphical-session.target

[Service]
Environment=${Object.entries(lightMemory).map(([name, value]) => `${name}=${value}`).join(' ')}
ExecStart=${command.map(systemdWord).join(' ')}
Restart=on-failure
RestartSec=5
MemoryMax=256M
NoNewPrivileges=yes
Environment=NODE_COMPILE_CACHE=%C/redwatch

[Install]
WantedBy=default.target
`,
    install: [[...systemctl, 'daemon-reload'], [...systemctl, 'enable', name], [...systemctl, 'restart', name]],
    remove: [[...systemctl, 'disable', '--now', name]],
    afterRemove: [[...systemctl, 'daemon-reload']],
  };
}

/** A word of ExecStart=, by systemd.service(5): quoted, with % and $ standing for themselves. */
function systemdWord(word: string): string {
  return `"${word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

/** Untested: written by launchd.plist(5) without a Mac to try it on. */
function launchAgent(command: readonly string[], variables: Variables, userId: number): Service {
  const label = 'dev.redcontrol.redwatch';
  const path = join(variables.HOME || homedir(), 'Library', 'LaunchAgents', `${label}.plist`);
  return {
    path,
    content: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key><string>${label}</string>
<key>ProgramArguments</key><array>${command.map((word) => `<string>${xml(word)}</string>`).join('')}</array>
<key>RunAtLoad</key><true/>
<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
</dict></plist>
`,
    install: [['launchctl', 'bootstrap', `gui/${userId}`, path]],
    remove: [['launchctl', 'bootout', `gui/${userId}/${label}`]],
    afterRemove: [],
  };
}

/** Untested: a task at logon, by schtasks' documentation, without a Windows to try it on. */
function scheduledTask(command: readonly string[], variables: Variables): Service {
  const path = join(variables.LOCALAPPDATA || homedir(), 'redwatch', 'redwatch.cmd');
  return {
    path,
    content: `@echo off\r\n${command.map((word) => `"${word.replaceAll('%', '%%')}"`).join(' ')}\r\n`,
    install: [['schtasks', '/Create', '/F', '/SC', 'ONLOGON', '/TN', 'RedWatch', '/TR', path], ['schtasks', '/Run', '/TN', 'RedWatch']],
    remove: [['schtasks', '/End', '/TN', 'RedWatch'], ['schtasks', '/Delete', '/F', '/TN', 'RedWatch']],
    afterRemove: [],
  };
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
