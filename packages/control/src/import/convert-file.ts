import { basename } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { convertAppJson } from './convert-app-json.ts';
import { convertKamal } from './convert-kamal.ts';
import { convertProcfile } from './convert-procfile.ts';
import { convertCompose } from './compose/convert-compose.ts';
import type { Take } from './take.ts';

type Convert = (text: string, file: string) => Take;

const kinds: { pattern: RegExp; convert: Convert }[] = [
  { pattern: /^deploy(\..+)?\.ya?ml$/, convert: convertKamal },
  { pattern: /^(docker-)?compose(\..+)?\.ya?ml$/, convert: convertCompose },
  { pattern: /^Procfile(\..+)?$/, convert: convertProcfile },
  { pattern: /^app(\..+)?\.json$/, convert: convertAppJson },
];

/** Where the files of other tools lie; what an earlier one says holds over a later one. */
export const usualFiles = ['config/deploy.yml', 'deploy.yml', 'docker-compose.yml', 'docker-compose.yaml', 'compose.yml', 'compose.yaml', 'Procfile', 'app.json'];

/** What a file says, read as its name asks for. Throws USAGE for another name, CONFIG_INVALID for what cannot be understood. */
export function convertFile(text: string, file: string): Take {
  const kind = kinds.find(({ pattern }) => pattern.test(basename(file)));
  if (!kind) throw new RedControlError('USAGE', `Expected a Procfile, app.json, docker-compose.yml or deploy.yml, got ${file}`, { hint: 'A file is known by its name: copy it to one of these.' });
  return kind.convert(text.replace(/^\uFEFF/, ''), file);
}
