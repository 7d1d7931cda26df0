import { Anchor, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { GitCompareArrows, RotateCcw, Tags } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ReleaseRecord } from '@redcontrol/contract';
import { useDaemon } from '../../connection/use-control.ts';
import { barsOfReleases, DurationChart } from '../../parts/chart/duration-chart.tsx';
import { ReleaseChip } from '../../parts/chips.tsx';
import { ForeignText, subjectOf } from '../../parts/foreign-text.tsx';
import { Answer, Empty, ErrorLine } from '../../parts/notes.tsx';
import { Ago, Duration } from '../../parts/time-text.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { CompareReleases } from './compare-releases.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';

const shownReleases = 200;

/** What ran here and when; two can be compared, and an earlier one can be gone back to. */
export function Releases({ server, project, environment }: { server: string; project: string; environment: string }) {
  const t = useTranslate();
  const releases = useDaemon(server, 'release.list', { project, environment, limit: shownReleases });
  const [chosen, setChosen] = useState<number[]>([]);
  const [isComparing, setComparing] = useState(false);
  const [target, setTarget] = useState<ReleaseRecord>();
  const choose = (id: number) => setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id].slice(-2)));
  return (
    <Answer query={releases}>
      {({ result }) => {
        if (result.length === 0) return <div className="sheet"><Empty title={t('environment.nothing')} icon={Tags} /></div>;
        const live = result.find(({ state }) => state === 'live');
        const pair = result.filter(({ id }) => chosen.includes(id));
        return (
          <Stack gap="sm">
            <DurationChart bars={barsOfReleases(server, result)} of="releases" />
            <Group justify="space-between"><Text fz="sm" c="dimmed">{t('releases.choose-two')}</Text><Button variant="default" size="xs" leftSection={<GitCompareArrows size={14} aria-hidden />} disabled={pair.length !== 2} onClick={() => setComparing(true)}>{t('releases.compare')}</Button></Group>
            <div className="sheet scrolls">
              <table className="facts">
                <thead><tr><th scope="col"><span className="hidden-text">{t('releases.compare')}</span></th><th scope="col">{t('version')}</th><th scope="col">{t('state')}</th><th scope="col">{t('releases.change')}</th><th scope="col">{t('releases.when')}</th><th scope="col">{t('releases.took')}</th><th scope="col"><span className="hidden-text">{t('releases.back')}</span></th></tr></thead>
                <tbody>
                  {result.map((release) => (
                    <tr key={release.id}>
                      <td><Checkbox size="xs" aria-label={t('releases.choose', { number: release.number })} checked={chosen.includes(release.id)} onChange={() => choose(release.id)} /></td>
                      <td><Anchor component={Link} to={paths.run(server, project, release.runId)} fz="sm" fw={600}>#{release.number}</Anchor></td>
                      <td><ReleaseChip state={release.state} /></td>
                      <td className="widest"><ForeignText text={release.ref} /> <span className="mono">{release.commit.slice(0, 8)}</span> <Text span fz="sm" c="dimmed"><ForeignText text={subjectOf(release.message)} /> · <ForeignText text={release.author} />{release.apps && ` · ${release.apps.filter((app) => app.release === release.number).map(({ name }) => name).join(', ')}`}</Text>{release.error && <ErrorLine error={release.error} />}</td>
                      <td className="tight"><Ago at={release.liveAt ?? release.createdAt} /></td>
                      <td className="tight">{release.liveAt !== null && <Duration ms={release.liveAt - release.createdAt} />}</td>
                      <td>{release.state === 'retired' && release.available && <Button size="compact-sm" variant="default" leftSection={<RotateCcw size={13} aria-hidden />} onClick={() => setTarget(release)} aria-label={t('releases.back-to', { number: release.number })}>{t('releases.back')}</Button>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {isComparing && pair.length === 2 && <CompareReleases server={server} newer={pair[0]!} older={pair[1]!} onClose={() => setComparing(false)} />}
            {target && <RollbackDialog server={server} target={target} live={live} onClose={() => setTarget(undefined)} />}
          </Stack>
        );
      }}
    </Answer>
  );
}
