import { expect, it } from 'vitest';
import { languageOf } from './language.ts';

it.each([
  ['Dockerfile', 'dockerfile'],
  ['templates/Dockerfile.hbs', 'template'],
  ['templates/.env.hbs', 'template'],
  ['docker/Dockerfile.prod', 'dockerfile'],
  ['Dockerfile-worker', 'dockerfile'],
  ['api.Dockerfile', 'dockerfile'],
  ['Dockerfile.prod.dockerignore', 'ignore-file'],
  ['Dockerfile.md', 'text'],
  ['src/Dockerfile.test.ts', 'javascript'],
  ['.env', 'dotenv'],
  ['.env.local', 'dotenv'],
  ['.env-staging', 'dotenv'],
  ['.env.production.example', 'dotenv'],
  ['config/prod.env', 'dotenv'],
  ['env.example', 'dotenv'],
  ['.env.js', 'javascript'],
  ['.env.test.json', 'json'],
  ['.environment', 'text'],
  ['package.json', 'manifest'],
  ['packages/api/package.json', 'manifest'],
  ['package-lock.json', 'lockfile'],
  ['bun.lock', 'lockfile'],
  ['src/index.d.ts', 'text'],
  ['src/index.mts', 'javascript'],
  ['nginx/default.conf', 'nginx'],
  ['pgbouncer.ini', 'ini'],
  ['compose.yaml', 'yaml'],
  ['Procfile', 'procfile'],
  ['.nvmrc', 'version-file'],
  ['live/0001.http', 'http'],
  ['requests/login.http', 'text'],
] as const)('%s is %s', (path, language) => {
  expect(languageOf(path)).toBe(language);
});

it('takes a script for what its first line says', () => {
  expect(languageOf('bin/www', '#!/usr/bin/env node\nrequire("../app")')).toBe('javascript');
  expect(languageOf('bin/deploy', '#!/bin/sh\nnode app.js')).not.toBe('javascript');
});

it('does not take a Qt translation for TypeScript', () => {
  expect(languageOf('i18n/de.ts', '<?xml version="1.0"?>\n<!DOCTYPE TS>')).toBe('text');
});
