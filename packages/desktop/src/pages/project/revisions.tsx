import { Button, Code, Group, Modal, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useControl, useDaemon } from '../../connection/use-control.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import type { Translate } from '../../words/translate.ts';

/** Configurations that were applied, newest first. Only an admin may read them. */
export function Revisions({ server, project }: { server: string; project: string }) {
  const t = useTranslate();
  const [shown, setShown] = useState<number>();
  const role = useControl('servers.list', {}).data?.find(({ id }) => id === server)?.role;
  const revisions = useDaemon(server, 'project.revisions', { project }, { enabled: role === 'admin' });
  if (role !== 'admin') return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="revisions">
      <Title order={2} id="revisions">{t('project.revisions')}</Title>
      <Answer query={revisions} lines={2}>
        {({ result }) => (
          <div className="sheet scrolls">
            <table className="facts">
              <thead><tr><th scope="col">{t('project.revision')}</th><th scope="col">{t('project.summary')}</th><th scope="col">{t('project.by')}</th><th scope="col">{t('run.time')}</th><th scope="col"><span className="hidden-text">{t('details')}</span></th></tr></thead>
              <tbody>
                {result.map(({ number, summary, appliedBy, appliedAt }) => (
                  <tr key={number}>
                    <td>#{number}</td><td className="wraps"><ForeignText text={summaryIn(summary, t)} /></td><td><ForeignText text={appliedBy} /></td><td><Ago at={appliedAt} /></td>
                    <td><Button size="compact-sm" variant="default" onClick={() => setShown(number)} aria-label={t('project.show-revision', { number })}>{t('project.show')}</Button></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      {shown !== undefined && <RevisionText server={server} project={project} revision={shown} onClose={() => setShown(undefined)} />}
    </Stack>
  );
}

/** The daemon's list of changes, "create test, change build", in the page's language. */
function summaryIn(summary: string, t: Translate): string {
  return summary.replaceAll(/(^|, )(create|change|remove|run) /g, (_, before: string, kind: 'create' | 'change' | 'remove' | 'run') => `${before}${t(`operation.${kind}`)} `);
}

function RevisionText({ server, project, revision, onClose }: { server: string; project: string; revision: number; onClose: () => void }) {
  const t = useTranslate();
  const config = useDaemon(server, 'project.config', { project, revision });
  return (
    <Modal opened onClose={onClose} size="xl" title={`${t('project.revision')} #${revision}`} closeButtonProps={{ 'aria-label': t('close') }}>
      <Answer query={config}>{({ result }) => <Group><Code block w="100%">{result.config}</Code></Group>}</Answer>
    </Modal>
  );
}
