import { RedControlError } from '@redcontrol/contract';
import { runOrThrow } from '@redcontrol/system';

/** A repository's page at its git host, by its address; other addresses as they are. */
export function webPageOf(address: string): string {
  return address.replace(/^(?:ssh:\/\/)?(?:[^@/]+@)([^:/]+)(?::\d+)?[:/]/, 'https://$1/');
}

/** Opens a web page in the user's browser. Throws NOT_FOUND for what is no web page, COMMAND_FAILED when there is no browser. */
export async function openPage(address: string): Promise<void> {
  const page = webPageOf(address);
  // Anything else (a folder, another scheme) a desktop would open with some other program.
  if (!/^https?:\/\//.test(page)) throw new RedControlError('NOT_FOUND', `Expected a web page, got ${page}`);
  await openWithDesktop(page);
}

/** Opens a file or a page with the program that the desktop has for it. */
export async function openWithDesktop(target: string): Promise<void> {
  const [program, ...before] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
  await runOrThrow(program ?? '', [...before, target], { timeoutMs: 20_000 });
}
