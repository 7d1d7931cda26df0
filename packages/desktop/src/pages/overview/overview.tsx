import { Button, Group, Stack, Title } from '@mantine/core';
import { FolderOpen, Plus, Rocket } from 'lucide-react';
import { Link } from 'react-router';
import { useControl } from '../../connection/use-control.ts';
import { Answer, Empty } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { Alerts } from './alerts.tsx';
import { LocalProjects } from './local-projects.tsx';
import { OpenProjectButton } from './open-project.tsx';
import { ServerProjects } from './server-projects.tsx';
import { ServerStrip } from './server-strip.tsx';

/** All projects and environments at a glance, server by server, live. */
export function Overview() {
  const t = useTranslate();
  const servers = useControl('servers.list', {});
  const projects = useControl('projects.list', {});
  const actions = (
    <>
      <OpenProjectButton icon={<FolderOpen size={16} aria-hidden />} />
      <Button component={Link} to={paths.newProject} leftSection={<Plus size={16} aria-hidden />}>{t('overview.new')}</Button>
    </>
  );
  return (
    <PageFrame title={t('nav.overview')} actions={actions}>
      <Answer query={servers}>
        {(list) => (list.length === 0 && (projects.data ?? []).length === 0 ? <Welcome /> : (
          <Stack gap="xl">
            {list.map((server) => (
              <Stack key={server.id} gap="sm" component="section" aria-labelledby={`server-${server.id}`}>
                <Group justify="space-between" gap="sm">
                  <Title order={2} id={`server-${server.id}`}>{server.names[0] ?? server.host}</Title>
                  <ServerStrip server={server} />
                </Group>
                <Alerts server={server.id} />
                <ServerProjects server={server} />
              </Stack>
            ))}
            <LocalProjects projects={projects.data ?? []} servers={list} />
          </Stack>
        ))}
      </Answer>
    </PageFrame>
  );
}

function Welcome() {
  const t = useTranslate();
  return (
    <div className="sheet">
      <Empty title={t('welcome.title')} icon={Rocket}>
        <p>{t('welcome.text')}</p>
        <Button component={Link} to={paths.newProject} size="md">{t('overview.new')}</Button>
      </Empty>
    </div>
  );
}
