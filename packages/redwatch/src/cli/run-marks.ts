import type { RunStatus } from '@redcontrol/contract';

/** How a run stands, in one sign. */
export const runMarks: Record<RunStatus, string> = { queued: '○', preparing: '▶', running: '▶', releasing: '▶', succeeded: '✓', failed: '✗', cancelled: '■', superseded: '↷' };
