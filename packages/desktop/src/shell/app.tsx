import { Suspense } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { useConnectionState } from '../connection/use-control.ts';
import { FailureBoundary, lazyPart } from '../parts/lazy-part.tsx';
import { Loading } from '../parts/notes.tsx';
import { Overview } from '../pages/overview/overview.tsx';
import { Denied } from './denied.tsx';
import { Frame } from './frame.tsx';

const EventsPage = lazyPart(async () => (await import('../pages/events/events-page.tsx')).EventsPage);
const RunPage = lazyPart(async () => (await import('../pages/run/run-page.tsx')).RunPage);
const RunsPage = lazyPart(async () => (await import('../pages/runs/runs-page.tsx')).RunsPage);
const ProjectPage = lazyPart(async () => (await import('../pages/project/project-page.tsx')).ProjectPage);
const EnvironmentPage = lazyPart(async () => (await import('../pages/environment/environment-page.tsx')).EnvironmentPage);
const ServersPage = lazyPart(async () => (await import('../pages/servers/servers-page.tsx')).ServersPage);
const ServerPage = lazyPart(async () => (await import('../pages/servers/server-page.tsx')).ServerPage);
const SettingsPage = lazyPart(async () => (await import('../pages/settings/settings-page.tsx')).SettingsPage);
const WizardPage = lazyPart(async () => (await import('../pages/wizard/wizard-page.tsx')).WizardPage);
const Missing = lazyPart(async () => (await import('../pages/missing.tsx')).Missing);

export function App() {
  const { pathname } = useLocation();
  if (useConnectionState() === 'denied') return <Denied />;
  return (
    <Frame>
      <FailureBoundary resetKey={pathname}>
        <Suspense fallback={<Loading lines={4} />}>
          <Routes>
            <Route path="/" element={<Overview />} />
            <Route path="/runs" element={<RunsPage />} />
            <Route path="/events" element={<EventsPage />} />
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
      </FailureBoundary>
    </Frame>
  );
}
