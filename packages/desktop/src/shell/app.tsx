import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { useConnectionState } from '../connection/use-control.ts';
import { Loading } from '../parts/notes.tsx';
import { Overview } from '../pages/overview/overview.tsx';
import { Denied } from './denied.tsx';
import { Frame } from './frame.tsx';

const RunPage = lazy(async () => ({ default: (await import('../pages/run/run-page.tsx')).RunPage }));
const RunsPage = lazy(async () => ({ default: (await import('../pages/runs/runs-page.tsx')).RunsPage }));
const ProjectPage = lazy(async () => ({ default: (await import('../pages/project/project-page.tsx')).ProjectPage }));
const EnvironmentPage = lazy(async () => ({ default: (await import('../pages/environment/environment-page.tsx')).EnvironmentPage }));
const ServersPage = lazy(async () => ({ default: (await import('../pages/servers/servers-page.tsx')).ServersPage }));
const ServerPage = lazy(async () => ({ default: (await import('../pages/servers/server-page.tsx')).ServerPage }));
const SettingsPage = lazy(async () => ({ default: (await import('../pages/settings/settings-page.tsx')).SettingsPage }));
const WizardPage = lazy(async () => ({ default: (await import('../pages/wizard/wizard-page.tsx')).WizardPage }));
const Missing = lazy(async () => ({ default: (await import('../pages/missing.tsx')).Missing }));

export function App() {
  if (useConnectionState() === 'denied') return <Denied />;
  return (
    <Frame>
      <Suspense fallback={<Loading lines={4} />}>
        <Routes>
          <Route path="/" element={<Overview />} />
          <Route path="/runs" element={<RunsPage />} />
          <Route path="/servers" element={<ServersPage />} />
          <Route path="/servers/:server" element={<ServerPage />} />
          <Route path="/servers/:server/:project" element={<ProjectPage />} />
          <Route path="/servers/:server/:project/runs/:run" element={<RunPage />} />
          <Route path="/servers/:server/:project/:environment" element={<EnvironmentPage />} />
          <Route path="/settings/:section" element={<SettingsPage />} />
          <Route path="/new" element={<WizardPage />} />
          <Route path="/new/:section" element={<WizardPage />} />
          <Route path="*" element={<Missing />} />
        </Routes>
      </Suspense>
    </Frame>
  );
}
