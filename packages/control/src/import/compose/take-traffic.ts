import { domain } from '@redcontrol/contract';
import { countOf } from '../amounts.ts';
import { isMapping, listOf, memberOf, textOf } from '../source-file.ts';
import { leave, type Take } from '../take.ts';
import { pairsOf } from './take-build.ts';
import type { ServicePlace } from './take-service.ts';

interface Written {
  value: unknown;
  line: number;
}

/** The port that web listens on; published ports are the proxy's. */
export function takePorts(take: Take, { name, isWeb, process }: ServicePlace, { value, line }: Written): void {
  for (const [index, port] of listOf(value).entries()) {
    const text = textOf(isMapping(port) ? port.target : port) ?? '';
    const inside = countOf(text.replace(/\/(tcp|udp)$/, '').split(':').at(-1), 65_535);
    if (isWeb && index === 0 && inside) process.port = inside;
    else leave(take, line, `${name}.ports ${text}`, isWeb ? 'web has one port' : 'only web gets traffic from outside');
  }
}

/** The path that a health check by HTTP asks web for. */
export function takeHealthcheck(take: Take, { name, isWeb, process }: ServicePlace, { value, line }: Written): void {
  const test = listOf(memberOf(value, 'test')).map((word) => textOf(word) ?? '').join(' ');
  const path = /(?:https?:\/\/[^\s/"']{1,100}|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):\d{1,5})(\/[\w./-]{0,200})?/.exec(test);
  if (isWeb && path) process.health = { path: path[1] ?? '/' };
  else leave(take, line, `${name}.healthcheck`, isWeb ? 'web is asked by HTTP: write "health: { path: … }"' : 'a process other than web counts as ready when it runs');
}

/** Domains out of Traefik's rules. */
export function takeLabels(take: Take, { name, isWeb }: ServicePlace, { value, line }: Written): void {
  const rest: string[] = [];
  for (const [label, written] of pairsOf(value)) {
    const hosts = isWeb && /^traefik\.http\.routers\..+\.rule$/.test(label) ? [...(textOf(written) ?? '').matchAll(/Host\(([^)]{1,500})\)/g)].flatMap(([, names = '']) => names.split(',').map((host) => host.replace(/[`"'\s]/g, ''))) : [];
    const domains = hosts.filter((host) => domain.safeParse(host).success);
    if (domains.length > 0) take.domains.push(...domains.filter((host) => !take.domains.includes(host)));
    else rest.push(label);
  }
  if (rest.length > 0) leave(take, line, `${name}.labels ${rest.join(', ')}`, 'they have no counterpart');
}
