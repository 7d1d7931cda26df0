import { Anchor, Button, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { LoaderCircle, Pin, PinOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { PreviewState } from '@redcontrol/contract';
import { useDaemon, useDaemonAction } from '../../connection/use-control.ts';
import { Chip } from '../../parts/chips.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { ErrorNote, Note } from '../../parts/notes.tsx';
import { Ago, In } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { WebAddress } from '../overview/environment-row.tsx';
import { paths } from '../paths.ts';

/** The branches' own environments of a project; nothing where it has none, or its daemon knows of none. */
export function Previews({ server, project }: { server: string; project: string }) {
  const t = useTranslate();
  const list = useDaemon(server, 'preview.list', { project });
  const keep = useDaemonAction(server, 'preview.keep');
  const [chosen, setChosen] = useState<PreviewState>();
  const previews = list.data?.result ?? [];
  if (previews.length === 0 && !chosen) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="previews">
      <Title order={2} id="previews">{t('previews')}</Title>
      {keep.error && <ErrorNote error={keep.error} />}
      <div className="sheet scrolls">
        <table className="facts">
          <thead><tr><th scope="col">{t('run.ref.branch')}</th><th scope="col">{t('address')}</th><th scope="col">{t('version')}</th><th scope="col">{t('previews.pushed')}</th><th scope="col">{t('previews.ends')}</th><th scope="col"><span className="hidden-text">{t('previews.remove')}</span></th></tr></thead>
          <tbody>
            {previews.map((preview) => (
              <tr key={preview.name}>
                <td className="widest"><Anchor component={Link} to={paths.environment(server, project, preview.name)} fz="sm" fw={600}><ForeignText text={preview.branch} /></Anchor><Text fz="sm" c="dimmed">{t('previews.of', { environment: preview.base })}</Text></td>
                <td>{preview.state === 'open' && <WebAddress url={preview.url} />}</td>
                <td className="tight">{preview.live ? <>#{preview.live.release} <span className="mono">{preview.live.commit.slice(0, 8)}</span></> : '–'}</td>
                <td className="tight"><Ago at={preview.pushedAt} /></td>
                <td className="tight"><End preview={preview} /></td>
                <td>{preview.state === 'open' && (
                  <Group gap={6} wrap="nowrap">
                    <KeepButton preview={preview} isPending={keep.isPending && keep.variables.environment === preview.name} onClick={() => keep.mutate({ project, environment: preview.name, keep: preview.keptBy === null })} />
                    <Button size="compact-sm" variant="default" leftSection={<Trash2 size={13} aria-hidden />} onClick={() => setChosen(preview)} aria-label={t('remove-named', { name: preview.branch })}>{t('previews.remove')}</Button>
                  </Group>
                )}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen && <RemovePreview server={server} preview={chosen} onClose={() => setChosen(undefined)} />}
    </Stack>
  );
}

function End({ preview: { state, keptBy, endsAt } }: { preview: PreviewState }) {
  const t = useTranslate();
  if (state === 'ending') return <Chip tone="busy" icon={LoaderCircle} turning>{t('previews.ending')}</Chip>;
  if (keptBy !== null) return <Chip tone="ok" icon={Pin}>{t('previews.kept')} <ForeignText text={keptBy} /></Chip>;
  return endsAt === null ? <>–</> : <In at={endsAt} />;
}

function KeepButton({ preview: { branch, keptBy }, isPending, onClick }: { preview: PreviewState; isPending: boolean; onClick: () => void }) {
  const t = useTranslate();
  const isKept = keptBy !== null;
  return (
    <Button size="compact-sm" variant="default" leftSection={isKept ? <PinOff size={13} aria-hidden /> : <Pin size={13} aria-hidden />} loading={isPending} onClick={onClick} aria-label={t(isKept ? 'previews.let-go-named' : 'previews.keep-named', { branch })}>
      {t(isKept ? 'previews.let-go' : 'previews.keep')}
    </Button>
  );
}

function RemovePreview({ server, preview, onClose }: { server: string; preview: PreviewState; onClose: () => void }) {
  const t = useTranslate();
  const remove = useDaemonAction(server, 'preview.remove');
  const submit = () => remove.mutate({ project: preview.project, environment: preview.name }, { onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={t('previews.remove-title', { branch: preview.branch })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Note tone="warn">{t('previews.remove-text')}</Note>
        {remove.error && <ErrorNote error={remove.error} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('close')}</Button><Button color="red" loading={remove.isPending} onClick={submit}>{t('previews.remove')}</Button></Group>
      </Stack>
    </Modal>
  );
}
