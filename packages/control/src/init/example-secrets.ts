import type { RepositoryView } from '@redcontrol/presets';
import type { Choice } from './branch-choice.ts';

const examples = ['.env.example', '.env.sample', '.env.dist', 'env.example', '.env.template'];
/** Names of variables whose values belong to nobody else. */
export const looksSecret = /SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE|CREDENTIAL|_KEY$/;
/** Set by RedControl itself where a database is given. */
export const given = /^(DATABASE_URL|REDIS_URL|DB_PASSWORD|DATABASE_PASSWORD|POSTGRES_PASSWORD|MYSQL_PASSWORD|MYSQL_ROOT_PASSWORD|PORT)$/;
const maxNames = 30;

/** Names of the secrets that an example of the environment in the repository lists; values are not looked at. */
export async function exampleSecrets(repository: RepositoryView): Promise<Choice<string[]> | undefined> {
  for (const file of examples) {
    const text = await repository.readText(file);
    if (text === undefined) continue;
    const names = text.split('\n').flatMap((line) => /^(?:export )?([A-Za-z_][A-Za-z0-9_]{0,127})=/.exec(line)?.[1] ?? []);
    const secrets = [...new Set(names)].filter((name) => looksSecret.test(name) && !given.test(name)).slice(0, maxNames);
    if (secrets.length > 0) return { value: secrets, why: `${file} names these` };
  }
  return undefined;
}
