import { Group, NumberInput, PasswordInput, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { channelSecretPlace, type ChannelKind } from '@redcontrol/contract';
import { useConfigEditor, useField, useProblem } from '../../../editor/editor-context.tsx';
import { listAt, textAt } from '../../../editor/read-data.ts';
import { useTranslate } from '../../../words/language.tsx';
import { bind } from '../repository-section.tsx';
import { useHeldSecrets } from '../use-held-secrets.ts';
import { useAppliedChannel } from './use-applied-channel.ts';

/** Where a channel of this kind goes, and the secret with which. */
export function ChannelTarget({ kind, path }: { kind: ChannelKind; path: string[] }) {
  return (
    <>
      {kind === 'telegram' && <Chat path={path} />}
      {kind === 'email' && <MailFields path={path} />}
      {kind === 'webhook' && <Line path={[...path, 'url']} label="channels.url" placeholder="https://hooks.example.com/deploys" />}
      {(kind === 'github' || kind === 'gitlab' || kind === 'gitea' || kind === 'forgejo') && <Line path={[...path, 'api']} label="channels.api" help="channels.api-help" placeholder="https://" />}
      <SecretFields kind={kind} path={path} />
    </>
  );
}

function Chat({ path }: { path: string[] }) {
  return <Line path={[...path, 'chat']} label="channels.chat" help="channels.chat-help" placeholder="-1001234567890" />;
}

function Line({ path, label, help, placeholder }: { path: string[]; label: 'channels.chat' | 'channels.url' | 'channels.api'; help?: 'channels.chat-help' | 'channels.api-help'; placeholder: string }) {
  const t = useTranslate();
  const field = useField(path, { required: label !== 'channels.api' });
  return <TextInput label={t(label)} {...(help ? { description: t(help) } : {})} placeholder={placeholder} maw={520} {...bind(field)} autoComplete="off" spellCheck={false} />;
}

function MailFields({ path }: { path: string[] }) {
  const t = useTranslate();
  const { data, edit, remove } = useConfigEditor();
  const [host, user, from] = [useField([...path, 'host'], { required: true }), useField([...path, 'user']), useField([...path, 'from'], { required: true })];
  return (
    <>
      <Group align="flex-start" gap="sm">
        <TextInput label={t('channels.host')} placeholder="smtp.example.com" flex={1} miw={200} {...bind(host)} autoComplete="off" spellCheck={false} />
        <NumberInput label={t('channels.port')} placeholder="587" w={110} min={1} max={65_535} hideControls value={textAt(data, [...path, 'port'])} onChange={(value) => (value === '' ? remove([...path, 'port']) : edit([...path, 'port'], value))} error={useProblem([...path, 'port'])} />
        <TextInput label={t('channels.user')} w={200} {...bind(user)} autoComplete="off" spellCheck={false} />
      </Group>
      <Group align="flex-start" gap="sm">
        <TextInput label={t('channels.from')} placeholder="shop@example.com" w={260} {...bind(from)} autoComplete="off" spellCheck={false} />
        <TagsInput label={t('channels.to')} description={t('channels.to-help')} flex={1} miw={220} value={listAt(data, [...path, 'to']).map(String)} onChange={(value) => edit([...path, 'to'], value)} error={useProblem([...path, 'to'])} />
      </Group>
    </>
  );
}

/** The name stands in the file; the value is kept apart until the project is applied. */
function SecretFields({ kind, path }: { kind: ChannelKind; path: string[] }) {
  const t = useTranslate();
  const secret = useField([...path, 'secret'], { required: kind !== 'email' });
  const { held, hold } = useHeldSecrets();
  const applied = useAppliedChannel(path[1] ?? '').channel;
  const [value, setValue] = useState('');
  const isHeld = held.some((one) => one.environment === channelSecretPlace && one.name === secret.value);
  const isSet = applied?.secret === secret.value && applied.state !== 'no-secret';
  const commit = () => {
    if (value === '' || secret.value === '' || secret.error !== undefined) return;
    hold([{ environment: channelSecretPlace, name: secret.value, value }]);
    setValue('');
  };
  return (
    <Group align="flex-start" gap="sm">
      <TextInput label={t('channels.secret')} placeholder="TEAM_TOKEN" w={220} classNames={{ input: 'mono' }} {...bind(secret)} autoComplete="off" spellCheck={false} />
      <PasswordInput label={t(`channels.value.${kind}`)} flex={1} miw={240} value={value} placeholder={isHeld ? t('channels.value.kept') : isSet ? t('channels.value.set') : ''} autoComplete="new-password" disabled={secret.value === ''}
        onChange={(event) => setValue(event.currentTarget.value)} onBlur={commit} onKeyDown={(event) => event.key === 'Enter' && commit()} />
    </Group>
  );
}
