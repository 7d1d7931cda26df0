import { Modal, Stack, Text } from '@mantine/core';
import type { ReleaseRecord, Result } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Answer } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { ConfigurationChanges } from './configuration-changes.tsx';

/** What differs between two releases: their commits, their variables, and the rest of the configuration. */
export function CompareReleases({ server, newer, older, onClose }: { server: string; newer: ReleaseRecord; older: ReleaseRecord; onClose: () => void }) {
  const t = useTranslate();
  const { project, environment } = newer;
  const changes = useDaemon(server, 'release.changes', { project, environment, from: older.number, to: newer.number });
  return (
    <Modal opened onClose={onClose} size="xl" title={t('releases.between', { older: older.number, newer: newer.number })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <table className="facts">
          <thead><tr><th scope="col"><span className="hidden-text">{t('name')}</span></th><th scope="col">#{older.number}</th><th scope="col">#{newer.number}</th></tr></thead>
          <tbody>
            <Row label={t('run.commit')} older={`${older.ref} ${older.commit.slice(0, 12)}`} newer={`${newer.ref} ${newer.commit.slice(0, 12)}`} />
            <Row label={t('releases.image')} older={older.imageId.slice(0, 19)} newer={newer.imageId.slice(0, 19)} />
            <Row label={t('project.revision')} older={`#${older.revision}`} newer={`#${newer.revision}`} />
          </tbody>
        </table>
        <strong>{t('releases.commits')}</strong>
        <Answer query={changes} lines={2}>{({ result }) => <Commits {...result} />}</Answer>
        <ConfigurationChanges server={server} newer={newer} older={older} />
      </Stack>
    </Modal>
  );
}

function Row({ label, older, newer }: { label: string; older: string; newer: string }) {
  const t = useTranslate();
  return <tr><th scope="row">{label}</th><td className="mono"><ForeignText text={older} /></td><td className="mono"><ForeignText text={newer} />{older === newer && <Text span fz="sm" c="dimmed"> · {t('releases.same')}</Text>}</td></tr>;
}

function Commits({ added, removed, complete }: Result<'release.changes'>) {
  const t = useTranslate();
  if (added.length + removed.length === 0) return <Text fz="sm" c="dimmed">{t('releases.same-commits')}</Text>;
  return (
    <>
      <CommitList commits={added} />
      {removed.length > 0 && <><Text fz="sm">{t('releases.commits-gone')}</Text><CommitList commits={removed} /></>}
      {!complete && <Text fz="sm" c="dimmed">{t('releases.more-commits')}</Text>}
    </>
  );
}

function CommitList({ commits }: { commits: Result<'release.changes'>['added'] }) {
  return (
    <ul className="plain-list commit-list">
      {commits.map(({ commit, message, author, time }) => (
        <li key={commit}><span className="mono">{commit.slice(0, 8)}</span> <ForeignText text={message} /> <Text span fz="sm" c="dimmed"><ForeignText text={author} /> · <Ago at={time} /></Text></li>
      ))}
    </ul>
  );
}
