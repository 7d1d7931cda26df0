import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** Names of the servers that an environment runs on: those it names, or the only one. */
export function serversOf(config: ProjectConfig, environment: string): string[] {
  const wanted = config.environments[environment]?.server;
  if (wanted === undefined) return Object.keys(config.servers).slice(0, 1);
  return typeof wanted === 'string' ? [wanted] : wanted;
}

/** The configuration as one of its servers has to know it: with the environments that run there. */
export function configOfServer(config: ProjectConfig, server: string): ProjectConfig {
  const there = Object.entries(config.environments).filter(([environment]) => serversOf(config, environment).includes(server));
  return { ...config, environments: Object.fromEntries(there) };
}

/** Servers that are one machine under two names, and environments on servers that there are not. */
export function serverProblems(config: ProjectConfig): ConfigProblem[] {
  const known = Object.keys(config.servers);
  const problems: ConfigProblem[] = [];
  const seen = new Map<string, string>();
  for (const [name, server] of Object.entries(config.servers)) {
    const address = `${server.host.toLowerCase()}:${server.port}`;
    const first = seen.get(address);
    if (first) problems.push({ path: ['servers', name, 'host'], about: 'value', expected: 'a server of its own', got: `${showValue(server.host)}, which is ${first} already` });
    else seen.set(address, name);
  }
  for (const [environment, { server }] of Object.entries(config.environments)) {
    const path = ['environments', environment];
    if (server === undefined) {
      if (known.length > 1) problems.push({ path, about: 'key', expected: `"server:" with one of ${known.join(', ')}`, got: 'none', hint: 'With more than one server every environment says on which it runs.' });
      continue;
    }
    const names = typeof server === 'string' ? [server] : server;
    names.forEach((wanted, index) => {
      const at = [...path, 'server', ...(typeof server === 'string' ? [] : [index])];
      if (!known.includes(wanted)) problems.push({ path: at, about: 'value', expected: `one of the servers ${known.join(', ')}`, got: showValue(wanted), misspelled: { word: wanted, candidates: known } });
      else if (names.indexOf(wanted) !== index) problems.push({ path: at, about: 'value', expected: 'each server once', got: `${showValue(wanted)} twice` });
    });
  }
  return problems;
}
