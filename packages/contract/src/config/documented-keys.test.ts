import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as z from 'zod';
import { projectConfig } from './project.ts';

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

/** Keys of the configuration as the documents write them: `environments.NAME.deploy.branch`, `pipeline[].run`. */
function keyPaths(schema: Schema, path = ''): string[] {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  return [
    ...[...anyOf, ...oneOf].flatMap((one) => keyPaths(one, path)),
    ...(items ? keyPaths(items, `${path}[]`) : []),
    ...(typeof additionalProperties === 'object' ? keyPaths(additionalProperties, `${path}.NAME`) : []),
    ...Object.entries(properties).flatMap(([key, value]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return [at, ...keyPaths(value, at)];
    }),
  ];
}

/** What is the same in another place is explained once. */
const sameElsewhere = /^apps\.NAME\.(pipeline|processes|build)\W|\.services\[\]\./;

const paths = [...new Set(keyPaths(z.toJSONSchema(projectConfig, { io: 'input' }) as Schema))].filter((path) => !sameElsewhere.test(path));

for (const file of ['docs/configuration.md', 'docs/ru/configuration.md']) {
  test(`${file} explains every key of the schema, and no other`, async () => {
    const text = await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
    const explained = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path!);
    assert.ok(paths.length > 100, `${paths.length} keys`);
    assert.deepEqual(explained.toSorted(), paths.toSorted());
  });
}
