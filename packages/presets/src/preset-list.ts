import type { Preset } from './recipe.ts';
import { django } from './django/preset.ts';
import { dockerfile } from './dockerfile/preset.ts';
import { fastapi } from './fastapi/preset.ts';
import { flask } from './flask/preset.ts';
import { go } from './go/preset.ts';
import { laravel } from './laravel/preset.ts';
import { nextjs } from './nextjs/preset.ts';
import { node } from './node/preset.ts';
import { rails } from './rails/preset.ts';
import { rust } from './rust/preset.ts';
import { springBoot } from './spring-boot/preset.ts';
import { symfony } from './symfony/preset.ts';
import { vite } from './vite/preset.ts';

/** All frameworks that RedControl knows. */
export const presets: Preset[] = [nextjs, django, fastapi, flask, laravel, symfony, rails, springBoot, go, rust, vite, node, dockerfile];
