import { errors } from './ru/errors.ts';
import { frame } from './ru/frame.ts';
import { looking } from './ru/looking.ts';
import { project } from './ru/project.ts';
import { settings } from './ru/settings.ts';
import { states } from './ru/states.ts';
import type { Dictionary } from './translate.ts';

/** All texts in Russian. */
export const ru: Dictionary = { ...frame, ...states, ...looking, ...project, ...settings, ...errors };
