import { asRedControlError, RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { findConfigFile, readConfigFile } from '../cli/find-config.ts';
import { daemonFindings } from '../doctor/daemon-findings.ts';
import type { Finding } from '../doctor/finding.ts';
import { localFindings } from '../doctor/local-findings.ts';
import { plainLine } from '../output/plain-text.ts';

/** `redcontrol doctor` */
export function defineDoctor(command: Command, cli: Cli): void {
  command
    .addHelpText('after', '\nLooks at this machine, the configuration and the daemons, and says what to do. For the servers themselves: redcontrol server check.')
    .action(action(cli, async (context) => {
      const { out } = context;
      const findings: Finding[] = [];
      const tell = (found: readonly Finding[]) => {
        findings.push(...found);
        for (const { about, level, text, remedy } of found) {
          const mark = { ok: out.colors.green('✓'), warn: out.colors.yellow('!'), fail: out.colors.red('✗') }[level];
          out.print(`${mark} ${about}: ${plainLine(text)}`);
          if (remedy) out.print(`  ${out.colors.cyan('hint:')} ${plainLine(remedy)}`);
        }
      };
      tell(await localFindings(context.signal));
      const config = context.global.socket === undefined || context.global.config !== undefined
        ? await readConfigFile(context).then(({ config }) => config, async (thrown: unknown) => {
          const error = asRedControlError(thrown);
          const remedy = error.code === 'CONFIG_INVALID' ? 'See each problem: redcontrol check' : error.hint;
          tell([{ about: 'configuration', level: 'fail', text: error.message, ...(remedy ? { remedy } : {}) }]);
          return undefined;
        })
        : undefined;
      if (config) tell([{ about: 'configuration', level: 'ok', text: `${await findConfigFile(context)} is valid` }]);
      if (config || context.global.socket !== undefined) await daemonFindings(context, config, tell);
      if (out.json) out.printJson(findings);
      const failed = findings.filter(({ level }) => level === 'fail').length;
      if (failed > 0) throw new RedControlError('CONFLICT', `Expected everything to be in order, got ${failed} ${failed === 1 ? 'thing' : 'things'} that ${failed === 1 ? 'is' : 'are'} not`, { hint: 'Put right what is marked with ✗.' });
    }));
}
