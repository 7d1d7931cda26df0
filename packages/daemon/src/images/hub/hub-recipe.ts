import type { ImageKind, ImageNeed } from '@redcontrol/presets';

/** How a need is met by the official images. Data. */
export interface HubRecipe {
  /** Taken where a need names none. */
  version: string;
  /** Versions to name to people; others are tried all the same. */
  versions: string[];
  full: (version: string) => string;
  /** Left out: the full one. */
  slim?: (version: string) => string;
  /** Packages added, so that both image sources have the same to offer. */
  packages?: { full?: string[]; slim?: string[] };
  /** Databases run as they are; all else gets the app's user and the server's certificates. */
  asItIs?: true;
}

const clientLibraries = ['libpq5', 'libmariadb3'];

export const hubRecipes: Record<Exclude<ImageKind, 'php'>, HubRecipe> = {
  base: { version: 'bookworm', versions: ['bookworm', 'trixie', 'bullseye'], full: (v) => `debian:${v}`, slim: (v) => `debian:${v}-slim`, packages: { full: ['build-essential', 'pkg-config', 'git', 'openssh-client', 'curl', 'xz-utils', 'unzip', 'procps'], slim: ['netbase', 'tzdata'] } },
  node: { version: '22', versions: ['26', '24', '22', '20', '18'], full: (v) => `node:${v}-bookworm`, slim: (v) => `node:${v}-bookworm-slim` },
  python: { version: '3.13', versions: ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9'], full: (v) => `python:${v}-bookworm`, slim: (v) => `python:${v}-slim-bookworm`, packages: { full: clientLibraries, slim: clientLibraries } },
  go: { version: '1', versions: ['1.25', '1.24', '1.23'], full: (v) => `golang:${v}-bookworm` },
  rust: { version: '1', versions: ['1'], full: (v) => `rust:${v}-bookworm`, slim: (v) => `rust:${v}-slim-bookworm` },
  java: { version: '21', versions: ['25', '21', '17', '11'], full: (v) => `maven:3-eclipse-temurin-${v}`, slim: (v) => `eclipse-temurin:${v}-jre` },
  static: { version: 'stable', versions: ['stable'], full: () => 'nginx:stable-bookworm' },
  ruby: { version: '3', versions: ['3.4', '3.3', '3.2'], full: (v) => `ruby:${v}-bookworm`, slim: (v) => `ruby:${v}-slim-bookworm`, packages: { slim: [...clientLibraries, 'libsqlite3-0', 'libyaml-0-2', 'libvips42'] } },
  postgres: { version: '17', versions: ['18', '17', '16', '15', '14', '13'], full: (v) => `postgres:${v}-bookworm`, asItIs: true },
  mariadb: { version: '11.8', versions: ['11.8', '11.4', '10.11', '10.6'], full: (v) => `mariadb:${v}`, asItIs: true },
  mysql: { version: '8.4', versions: ['9', '8.4', '8.0'], full: (v) => `mysql:${v}`, asItIs: true },
  redis: { version: '8', versions: ['8', '7', '6'], full: (v) => `redis:${v}-bookworm`, asItIs: true },
};

export function hubReference(recipe: HubRecipe, need: ImageNeed): string {
  const version = (need.version ?? recipe.version).replace(/^v(?=\d)/, '');
  return (need.slim ? (recipe.slim ?? recipe.full) : recipe.full)(version);
}
