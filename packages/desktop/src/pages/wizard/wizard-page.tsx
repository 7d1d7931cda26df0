import { Button, Group, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ArrowLeft, ArrowRight, Check, CircleAlert, Rocket } from 'lucide-react';
import { EditorContext } from '../../editor/editor-context.tsx';
import { useEditor, type ConfigEditor } from '../../editor/use-editor.ts';
import { useConnection, useControlAction } from '../../connection/use-control.ts';
import { ErrorNote, Loading } from '../../parts/notes.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { useTranslate } from '../../words/language.tsx';
import { paths } from '../paths.ts';
import { sectionNames, sectionOf, sections, type SectionName } from '../sections/sections.ts';
import { newProjectTemplate } from './new-project-template.ts';
import { WizardSummary } from './wizard-summary.tsx';
import '../sections/sections.css';

const stepNames = [...sectionNames, 'plan'] as const;
type StepName = SectionName | 'plan';

/** From a repository to a configuration, step by step; what was typed stays when the page is left. */
export function WizardPage() {
  const t = useTranslate();
  const editor = useEditor({ path: undefined, template: newProjectTemplate });
  const { section } = useParams();
  const go = useNavigate();
  const [seen, setSeen] = useState<ReadonlySet<StepName>>(new Set());
  const step = stepNames.find((name) => name === section) ?? 'repository';
  const index = stepNames.indexOf(step);
  const moveTo = (name: StepName) => {
    setSeen(new Set([...seen, step]));
    void go(`${paths.newProject}/${name}`);
  };
  const next = stepNames[index + 1];
  const isBlocked = editor.problems.some((problem) => sectionOf(problem) === step);
  const forward = () => {
    setSeen(new Set([...seen, step]));
    setLeaving(step);
  };
  // What was typed last may still be being checked: the way on waits for that.
  const [leaving, setLeaving] = useState<StepName>();
  useEffect(() => {
    if (leaving === undefined || !editor.isChecked) return;
    setLeaving(undefined);
    if (leaving === step && !isBlocked && next) void go(`${paths.newProject}/${next}`);
  }, [leaving, editor.isChecked, step, isBlocked, next, go]);
  const found = sections.find(({ name }) => name === step);
  return (
    <PageFrame title={t('nav.new')} crumbs={[{ text: t('nav.overview'), to: paths.overview }]} actions={editor.isDirty && <Button variant="default" onClick={() => void editor.discard().then(() => go(paths.newProject))}>{t('wizard.start-over')}</Button>}>
      {editor.error && <ErrorNote error={editor.error} />}
      {editor.status !== 'ready' ? <Loading lines={5} /> : (
        <EditorContext value={{ editor, showsMissing: seen.has(step) || step === 'plan' }}>
          <div className="split">
            <Steps step={step} seen={seen} editor={editor} onGo={moveTo} />
            <Stack gap="xl">
              <h2 className="wizard-heading">{t(`section.${step}`)}</h2>
              {found ? <found.Body /> : <WizardSummary onGo={moveTo} />}
              <Group>
                {index > 0 && <Button variant="default" leftSection={<ArrowLeft size={16} aria-hidden />} onClick={() => moveTo(stepNames[index - 1]!)}>{t('wizard.back')}</Button>}
                {next ? <Button rightSection={<ArrowRight size={16} aria-hidden />} loading={leaving !== undefined} onClick={forward}>{t('wizard.next')}</Button> : <CreateButton editor={editor} />}
                {editor.isDirty && <span className="quiet">{editor.isKept ? t('wizard.kept') : t('wizard.keeping')}</span>}
              </Group>
            </Stack>
          </div>
        </EditorContext>
      )}
    </PageFrame>
  );
}

function Steps({ step, seen, editor, onGo }: { step: StepName; seen: ReadonlySet<StepName>; editor: ConfigEditor; onGo: (name: StepName) => void }) {
  const t = useTranslate();
  const wrong = new Set<SectionName | undefined>(editor.problems.map(sectionOf));
  return (
    <nav className="steps-side" aria-label={t('wizard.steps')}>
      <ol className="plain-list">
        {stepNames.map((name) => {
          const isWrong = seen.has(name) && name !== 'plan' && wrong.has(name);
          const Icon = sections.find((section) => section.name === name)?.icon ?? Rocket;
          return (
            <li key={name}>
              <button type="button" className="step-link" aria-current={name === step ? 'step' : undefined} onClick={() => onGo(name)}>
                <Icon size={17} aria-hidden />{t(`section.${name}`)}
                {seen.has(name) && name !== step && name !== 'plan' && (
                  <span className="end finding-sign" data-tone={isWrong ? 'bad' : 'ok'}>{isWrong ? <CircleAlert size={15} role="img" aria-label={t('wizard.incomplete')} /> : <Check size={15} role="img" aria-label={t('wizard.complete')} />}</span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function CreateButton({ editor }: { editor: ConfigEditor }) {
  const t = useTranslate();
  const go = useNavigate();
  const connection = useConnection();
  const create = useControlAction('projects.create', ['projects.list', 'servers.list']);
  const submit = () => create.mutate({ text: editor.text }, {
    onSuccess: (project) => void connection.call('drafts.remove', { key: 'new project' }).then(() => go(paths.apply(project.path))),
  });
  return (
    <Stack gap="sm">
      {create.isError && <ErrorNote error={create.error} />}
      <Button size="md" leftSection={<Rocket size={17} aria-hidden />} loading={create.isPending} disabled={editor.problems.length > 0 || !editor.isChecked} onClick={submit}>{t('wizard.create')}</Button>
    </Stack>
  );
}
