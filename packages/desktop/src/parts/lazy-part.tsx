import { Button } from '@mantine/core';
import { Component, lazy, type ComponentType, type ErrorInfo, type LazyExoticComponent, type ReactNode } from 'react';
import { useTranslate } from '../words/language.tsx';
import { again } from './again.ts';
import { Note } from './notes.tsx';

/** A part of the page whose code comes when it is shown. A load that failed is tried again: React would keep the failure. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await again(load) }));
}

interface BoundaryProps {
  /** With another key the parts are tried again, e.g. on another page. */
  resetKey: string;
  children: ReactNode;
}

/** Says that a part could not be shown, in its place: without it one failure would leave the whole window empty. */
export class FailureBoundary extends Component<BoundaryProps, { failure: unknown; resetKey: string }> {
  override state = { failure: undefined as unknown, resetKey: this.props.resetKey };

  static getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  static getDerivedStateFromProps({ resetKey }: BoundaryProps, state: { resetKey: string }) {
    return resetKey === state.resetKey ? null : { failure: undefined, resetKey };
  }

  override componentDidCatch(failure: unknown, info: ErrorInfo): void {
    console.error(failure, info.componentStack);
  }

  override render(): ReactNode {
    return this.state.failure === undefined ? this.props.children : <Failure failure={this.state.failure} />;
  }
}

function Failure({ failure }: { failure: unknown }) {
  const t = useTranslate();
  return (
    <Note tone="bad" role="alert">
      <h1 className="wizard-heading">{t('failure.title')}</h1>
      <div>{failure instanceof Error ? failure.message : String(failure)}</div>
      <Button mt={8} size="xs" variant="default" onClick={() => location.reload()}>{t('failure.reload')}</Button>
    </Note>
  );
}
