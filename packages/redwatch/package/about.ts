import manifest from '../package.json' with { type: 'json' };

/** What every package of redwatch says of itself. */
export const about = {
  name: 'redwatch',
  version: manifest.version,
  description: 'Tells developers what their push did, by desktop notifications and in the terminal',
  license: 'MIT',
} as const;
