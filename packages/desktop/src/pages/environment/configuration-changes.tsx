import { Text } from '@mantine/core';
import type { ReleaseRecord } from '@redcontrol/contract';
import { useControl, useDaemon } from '../../connection/use-control.ts';
import { mapAt } from '../../editor/read-data.ts';
import { Answer } from '../../parts/notes.tsx';
import { useTranslate } from '../../words/language.tsx';
import { diffLines, type DiffLine } from './diff-lines.ts';

interface Pair {
  server: string;
  newer: ReleaseRecord;
  older: ReleaseRecord;
}

/** How the configurations of two releases differ: the environment's variables by name, and the whole text. */
export function ConfigurationChanges({ server, newer, older }: Pair) {
  const t = useTranslate();
  const role = useControl('servers.list', {}).data?.find(({ id }) => id === server)?.role;
  if (older.revision === newer.revision) return <Text fz="sm" c="dimmed">{t('releases.same-configuration', { number: newer.revision })}</Text>;
  // Only an admin may read configurations.
  if (role !== 'admin') return null;
  return <Changes server={server} newer={newer} older={older} />;
}

function Changes({ server, newer, older }: Pair) {
  const before = useDaemon(server, 'project.config', { project: older.project, revision: older.revision });
  const after = useDaemon(server, 'project.config', { project: newer.project, revision: newer.revision });
  return (
    <Answer query={before} lines={2}>
      {({ result: one }) => <Answer query={after} lines={2}>{({ result: other }) => <Texts before={one.config} after={other.config} environment={newer.environment} />}</Answer>}
    </Answer>
  );
}

function Texts({ before, after, environment }: { before: string; after: string; environment: string }) {
  const t = useTranslate();
  const old = useControl('config.compose', { text: before, edits: [] });
  const next = useControl('config.compose', { text: after, edits: [] });
  const path = ['environments', environment, 'variables'];
  return (
    <>
      <strong>{t('releases.variables')}</strong>
      {old.data && next.data && <Variables before={mapAt(old.data.data, path)} after={mapAt(next.data.data, path)} />}
      <strong>{t('releases.configuration')}</strong>
      <Diff lines={diffLines(before, after)} />
    </>
  );
}

function Variables({ before, after }: { before: Record<string, unknown>; after: Record<string, unknown> }) {
  const t = useTranslate();
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).sort();
  if (names.length === 0) return <Text fz="sm" c="dimmed">{t('releases.same-variables')}</Text>;
  return (
    <table className="facts">
      <thead><tr><th scope="col">{t('name')}</th><th scope="col">{t('releases.before')}</th><th scope="col">{t('releases.after')}</th></tr></thead>
      <tbody>{names.map((name) => <tr key={name}><th scope="row" className="mono">{name}</th><td className="mono wraps">{valueText(before[name])}</td><td className="mono wraps">{valueText(after[name])}</td></tr>)}</tbody>
    </table>
  );
}

function valueText(value: unknown): string {
  return value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
}

const marks: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '-' };

function Diff({ lines }: { lines: DiffLine[] }) {
  return <pre className="diff" tabIndex={0}>{lines.map(({ kind, text }, index) => <span key={index} data-kind={kind}>{marks[kind]} {text}{'\n'}</span>)}</pre>;
}
