import { ActionIcon, Checkbox, Group, Text, TextInput } from '@mantine/core';
import { useSortable } from '@dnd-kit/sortable';
import { GripVertical, Pencil, Trash2 } from 'lucide-react';
import { stageNames } from '@redcontrol/contract';
import { useConfigEditor, useProblem } from '../../editor/editor-context.tsx';
import { KeyWarnings } from '../../parts/key-warnings.tsx';
import { useTranslate } from '../../words/language.tsx';
import { stepName } from './stages-section.tsx';
import { useInspection } from './use-inspection.ts';

type StepFields = { name?: unknown; run?: unknown; timeout?: unknown; allowFailure?: unknown };

export function StageRow({ id, index, step, steps }: { id: string; index: number; step: unknown; steps: readonly unknown[] }) {
  const t = useTranslate();
  const { edit } = useConfigEditor();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id });
  const name = stepName(step);
  const known = stageNames.find((stage) => stage === name);
  const label = known ? t(`stage.${known}`) : name;
  const replace = (next: unknown) => edit(['pipeline'], steps.map((one, at) => (at === index ? next : one)));
  const style = { transform: transform ? `translate(${transform.x}px, ${transform.y}px)` : undefined, transition: transition ?? undefined, zIndex: isDragging ? 2 : undefined };
  return (
    <li ref={setNodeRef} style={style} className="sheet stage" data-dragging={isDragging || undefined}>
      <ActionIcon ref={setActivatorNodeRef} {...attributes} {...listeners} variant="subtle" color="gray" size={30} className="grip" aria-label={t('stages.move', { step: label })}><GripVertical size={17} /></ActionIcon>
      <div className="stage-body">
        {typeof step === 'string' ? <PresetStage stage={step} label={label} onChange={replace} /> : <OwnStage index={index} step={(step ?? {}) as StepFields} isPreset={known !== undefined} label={label} onChange={replace} />}
        <KeyWarnings path={['pipeline', index]} />
      </div>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={t('remove-named', { name: label })} onClick={() => edit(['pipeline'], steps.filter((_, at) => at !== index))}><Trash2 size={16} /></ActionIcon>
    </li>
  );
}

/** A step whose command the framework knows. */
function PresetStage({ stage, label, onChange }: { stage: string; label: string; onChange: (next: unknown) => void }) {
  const t = useTranslate();
  const command = usePresetCommand(stage);
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <div className="wraps"><strong>{label}</strong><Text fz="sm" c="dimmed" className="mono wraps">{command ?? t('stages.by-framework')}</Text></div>
      <ActionIcon variant="subtle" color="gray" aria-label={t('stages.change', { step: label })} onClick={() => onChange({ name: stage, run: command ?? '' })}><Pencil size={15} /></ActionIcon>
    </Group>
  );
}

function OwnStage({ index, step, isPreset, label, onChange }: { index: number; step: StepFields; isPreset: boolean; label: string; onChange: (next: unknown) => void }) {
  const t = useTranslate();
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const set = (key: keyof StepFields, value: unknown) => {
    const { [key]: _, ...rest } = step;
    onChange(value === undefined ? rest : { ...rest, [key]: value });
  };
  const nameError = useProblem(['pipeline', index, 'name']);
  const commandError = useProblem(['pipeline', index, 'run']);
  const timeoutError = useProblem(['pipeline', index, 'timeout']);
  return (
    <div className="stage-fields">
      {isPreset ? <strong>{label}</strong> : <TextInput label={t('name')} value={text(step.name)} onChange={(event) => set('name', event.currentTarget.value)} error={nameError} />}
      <TextInput label={t('stages.command')} classNames={{ input: 'mono' }} value={text(step.run)} onChange={(event) => set('run', event.currentTarget.value === '' ? undefined : event.currentTarget.value)} error={commandError} spellCheck={false} />
      <TextInput label={t('stages.timeout')} placeholder="30m" value={text(step.timeout)} onChange={(event) => set('timeout', event.currentTarget.value === '' ? undefined : event.currentTarget.value)} error={timeoutError} />
      <Checkbox label={t('stages.may-fail')} checked={step.allowFailure === true} onChange={(event) => set('allowFailure', event.currentTarget.checked ? true : undefined)} />
    </div>
  );
}

function usePresetCommand(stage: string): string | undefined {
  const stages = useInspection().data?.recipe?.stages;
  return (stages as Record<string, string | null> | undefined)?.[stage] ?? undefined;
}
