import { ActionIcon, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { variableName } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { Answer, Empty, ErrorNote, Note } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';

/** Names of the secrets that have values here. A value goes to the server and is never shown again. */
export function Secrets({ server, project, environment }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const list = useDaemon(server, 'secret.list', { project });
  const remove = useDaemonAction(server, 'secret.remove');
  return (
    <Stack gap="md">
      <SetSecret {...{ server, project, environment }} />
      {remove.error && <ErrorNote error={remove.error} />}
      <Answer query={list}>
        {({ result }) => {
          const own = result.filter((secret) => secret.environment === environment);
          if (own.length === 0) return <div className="sheet"><Empty title={t('secrets.none')} icon={KeyRound} /></div>;
          return (
            <div className="sheet scrolls">
              <table className="facts">
                <thead><tr><th scope="col">{t('name')}</th><th scope="col">{t('secrets.set-at')}</th><th scope="col"><span className="hidden-text">{t('remove')}</span></th></tr></thead>
                <tbody>{own.map(({ name, updatedAt }) => (
                  <tr key={name}><td className="mono">{name}</td><td><Ago at={updatedAt} /></td><td><ActionIcon variant="subtle" color="gray" aria-label={t('remove-named', { name })} onClick={() => remove.mutate({ project, environment, name })}><Trash2 size={15} /></ActionIcon></td></tr>
                ))}</tbody>
              </table>
            </div>
          );
        }}
      </Answer>
    </Stack>
  );
}

function SetSecret({ server, project, environment }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const set = useDaemonAction(server, 'secret.set');
  const isWrong = name !== '' && !variableName.safeParse(name).success;
  const submit = () => set.mutate({ project, environment, name, value }, { onSuccess: () => { setName(''); setValue(''); } });
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Stack gap="xs">
        <Group align="flex-start">
          <TextInput label={t('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={isWrong ? t('variables.form') : undefined} w={260} spellCheck={false} />
          <PasswordInput label={t('variables.value')} value={value} onChange={(event) => setValue(event.currentTarget.value)} w={320} autoComplete="new-password" />
          <Button type="submit" mt={25} loading={set.isPending} disabled={name === '' || value === '' || isWrong}>{t('secrets.set')}</Button>
        </Group>
        <Text fz="sm" c="dimmed">{t('secrets.help')}</Text>
        {set.error && <ErrorNote error={set.error} />}
        {set.isSuccess && <Note tone="ok" role="status">{t('secrets.done')}</Note>}
      </Stack>
    </form>
  );
}
