import { createHash } from 'node:crypto';
import { runOrThrow } from '@redcontrol/system';
import type { Message } from '../notices/message.ts';
import type { Notifier } from './notifier.ts';

const timeoutMs = 20_000;

/** A program of the system that shows a message. What comes from outside is never part of a script: only its data. */
export interface ShowCommand {
  command: string;
  args: string[];
  variables: Record<string, string>;
}

/**
 * Shows messages by what macOS and Windows bring along. Both are untested: written without such a machine.
 * No library: those looked at put the text of a message into a script (powertoast), or bring a program of 2019 for
 * another processor (node-notifier).
 */
export function openSystemNotifier(platform: 'darwin' | 'win32'): Notifier {
  const commandOf = platform === 'darwin' ? macCommand : windowsCommand;
  return {
    async show(message) {
      const { command, args, variables } = commandOf(message);
      await runOrThrow(command, args, { timeoutMs, variables });
    },
    async close() {},
  };
}

/** osascript(1): the words are arguments of a handler. There are no actions and no replacing. */
export function macCommand({ title, body }: Message): ShowCommand {
  const script = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];
  return { command: 'osascript', args: [...script.flatMap((line) => ['-e', line]), '--', title, body], variables: {} };
}

const windowsScript = `
$ErrorActionPreference = 'Stop'
[Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime] | Out-Null
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $xml.GetElementsByTagName('text')
$texts.Item(0).AppendChild($xml.CreateTextNode($env:REDWATCH_TITLE)) | Out-Null
$texts.Item(1).AppendChild($xml.CreateTextNode($env:REDWATCH_BODY)) | Out-Null
$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)
$toast.Tag = $env:REDWATCH_TAG
$toast.Group = 'redwatch'
$shell = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($shell).Show($toast)
`;

/** Windows PowerShell with the toast interface of Windows 10 and later: the words are variables. One tag replaces the one before. */
export function windowsCommand({ subject, title, body }: Message): ShowCommand {
  const encoded = Buffer.from(windowsScript, 'utf16le').toString('base64');
  const tag = createHash('sha256').update(subject).digest('hex').slice(0, 16);
  return {
    command: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-WindowStyle', 'Hidden', '-EncodedCommand', encoded],
    variables: { REDWATCH_TITLE: title, REDWATCH_BODY: body, REDWATCH_TAG: tag },
  };
}
