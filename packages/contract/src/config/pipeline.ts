import * as z from 'zod';
import { duration, size } from './units.ts';
import { imageReference, name, refPattern, variableName, variables } from './names.ts';
import { text } from './text.ts';
import { database } from './database.ts';

export const isolation = z.enum(['container', 'vm']).describe('Where code runs: a container, or a virtual machine of its own.');

/** Stages that every preset knows; a name alone takes the preset's command. */
export const stageNames = ['build', 'migrate', 'test'] as const;

export const when = z
  .strictObject({
    branch: z.union([refPattern, z.array(refPattern)]).optional(),
    event: z.array(z.enum(['push', 'tag', 'manual'])).optional(),
    environment: z.union([name, z.array(name)]).optional(),
  })
  .describe('Run the step only where all of these match.');

export const limits = z
  .strictObject({
    memory: size.default('2G'),
    cpus: z.number().positive().max(256).default(2),
    pids: z.int().min(16).max(100_000).default(1024),
    disk: size.default('10G').describe('How much the working tree and its build may take.'),
    time: duration.default('1h').describe('How long a whole run may take.'),
    wait: duration.default('10m').describe('How long a run may wait in the queue before that is told.'),
  })
  .describe('Limits of one run.');

export const step = z.strictObject({
  name: text(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u, 'a step name of letters, digits, spaces, ".", "_" and "-", at most 60 characters'),
  run: z.string().min(1).optional().describe('Shell command; left out: the preset\'s command of this name.'),
  image: imageReference.optional().describe('Image of this step; left out: the preset\'s.'),
  services: z.array(database).optional(),
  variables: variables.default({}),
  secrets: z.array(variableName).default([]).describe('Secrets of the environment that the run deploys to; runs that deploy nowhere get none.'),
  timeout: duration.default('30m'),
  when: when.optional(),
  needs: z.array(z.string()).optional().describe('Steps that must have passed; left out: all before it.'),
  allowFailure: z.boolean().default(false),
  isolation: isolation.optional(),
});

export const pipelineEntry = z.union([z.enum(stageNames), step]);
export const pipeline = z.array(pipelineEntry).max(50);

export type Step = z.infer<typeof step>;
export type PipelineEntry = z.infer<typeof pipelineEntry>;
export type Limits = z.infer<typeof limits>;
export type Isolation = z.infer<typeof isolation>;
