import { Modal, Stack, Text } from '@mantine/core';
import type { ReleaseRecord } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { ForeignText, subjectOf } from '../../parts/foreign-text.tsx';
import { Answer } from '../../parts/notes.tsx';
import { Ago } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { diffLines, type DiffLine } from './diff-lines.ts';

const searchedRuns = 500;

/** What differs between two releases: commits that were run in between, and the configuration with its variables. */
export function CompareReleases({ server, newer, older, onClose }: { server: string; newer: ReleaseRecord; older: ReleaseRecord; onClose: () => void }) {
  const t = useTranslate();
  const runs = useDaemon(server, 'run.list', { project: newer.project, limit: searchedRuns });
  return (
    <Modal opened onClose={onClose} size="xl" title={t('releases.between', { older: older.number, newer: newer.number })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <table className="facts">
          <thead><tr><th scope="col"></th><th scope="col">#{older.number}</th><th scope="col">#{newer.number}</th></tr></thead>
          <tbody>
            <Row label={t('run.commit')} older={`${older.ref} ${older.commit.slice(0, 12)}`} newer={`${newer.ref} ${newer.commit.slice(0, 12)}`} />
            <Row label={t('releases.image')} older={older.imageId.slice(0, 19)} newer={newer.imageId.slice(0, 19)} />
            <Row label={t('project.revision')} older={`#${older.revision}`} newer={`#${newer.revision}`} />
          </tbody>
        </table>
        <strong>{t('releases.runs-between')}</strong>
        <Answer query={runs}>
          {({ result }) => {
            const between = result.filter(({ id, environments }) => id > older.runId && id <= newer.runId && environments.includes(newer.environment));
            if (between.length === 0) return <Text fz="sm" c="dimmed">{t('releases.no-runs-between')}</Text>;
            return <ul className="plain-list">{between.map((run) => <li key={run.id}>#{run.id} <span className="mono">{run.commit.slice(0, 8)}</span> <ForeignText text={subjectOf(run.message)} /> <Text span fz="sm" c="dimmed"><ForeignText text={run.author} /> · <Ago at={run.createdAt} /></Text></li>)}</ul>;
          }}
        </Answer>
        <strong>{t('releases.configuration')}</strong>
        {older.revision === newer.revision ? <Text fz="sm" c="dimmed">{t('releases.same-configuration', { number: newer.revision })}</Text> : <ConfigurationDiff server={server} newer={newer} older={older} />}
      </Stack>
    </Modal>
  );
}

function Row({ label, older, newer }: { label: string; older: string; newer: string }) {
  const t = useTranslate();
  return <tr><th scope="row">{label}</th><td className="mono"><ForeignText text={older} /></td><td className="mono"><ForeignText text={newer} />{older === newer && <Text span fz="sm" c="dimmed"> · {t('releases.same')}</Text>}</td></tr>;
}

function ConfigurationDiff({ server, newer, older }: { server: string; newer: ReleaseRecord; older: ReleaseRecord }) {
  const before = useDaemon(server, 'project.config', { project: older.project, revision: older.revision });
  const after = useDaemon(server, 'project.config', { project: newer.project, revision: newer.revision });
  return (
    <Answer query={before}>
      {({ result: one }) => <Answer query={after}>{({ result: other }) => <Diff lines={diffLines(one.config, other.config)} />}</Answer>}
    </Answer>
  );
}

const marks: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '-' };

function Diff({ lines }: { lines: DiffLine[] }) {
  return <pre className="diff" tabIndex={0}>{lines.map(({ kind, text }, index) => <span key={index} data-kind={kind}>{marks[kind]} {text}{'\n'}</span>)}</pre>;
}
