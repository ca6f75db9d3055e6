import { bad, defineRule, good } from '../../src/rule/rule.ts';

const APP =
  '{ «"name": "shop"», "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^5.0.0" } }\n';
const SOUND = APP.replaceAll(/[«»]/g, '');
const LOCK = '{ "lockfileVersion": 3, "packages": {} }\n';

export default defineRule({
  id: 'dependencies/no-lockfile',
  ensures: 'A committed lockfile decides which versions are installed.',
  severity: 'high',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'Without a lockfile every install resolves anew: what runs in production was never tested, and a bad release of any dependency of a dependency arrives by itself, within minutes of its publication.',
  fix: 'Run `npm install` (or `pnpm install`, `yarn`), commit the lockfile, and install with `npm ci` in CI and images.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json'],
  needs: ['manifests', 'lockfiles', 'registrySettings'],
  *check({ lockfiles, registrySettings }) {
    const roots = new Set<string>();
    for (const { root, manifest, lockfiles: found } of lockfiles.projects) {
      if (found.length > 0 || manifest.kind === 'library' || roots.has(root.path)) continue;
      if (root.kind === 'library' || lockfiles.binary.some(({ path }) => path === `${root.folder}bun.lockb`)) continue;
      if (lockfiles.binary.some(({ path }) => path === `${root.folder}/bun.lockb`)) continue;
      roots.add(root.path);
      const off = registrySettings.find(
        ({ folder, name, value }) =>
          folder === root.folder && /^(package-lock|lockfile|shrinkwrap)$/.test(name) && value === 'false',
      );
      const ignored = lockfiles.ignored.find(({ folder }) => folder === root.folder || folder === '');
      const nested = root.folder !== '';
      yield {
        at: off?.at ?? ignored?.at ?? root.at,
        message: off
          ? `${off.name}=false keeps ${root.path} from having a lockfile.`
          : ignored
            ? `The lockfile of ${root.path} is kept out of the repository.`
            : `${root.path} has dependencies and no lockfile.`,
        ...(nested && { severity: 'medium' as const, confidence: 'likely' as const }),
      };
    }
  },
  examples: [
    bad('None at all', { 'package.json': APP, 'server.js': '' }),
    bad('Ignored by git', { 'package.json': SOUND, '.gitignore': 'node_modules\n«package-lock.json»\n' }),
    bad('Switched off', { 'package.json': SOUND, '.npmrc': '«package-lock=false»\n' }),
    bad('An application beside others, in no workspace', {
      'package.json': SOUND,
      'package-lock.json': LOCK,
      'worker/package.json': '{ «"name": "worker"», "private": true, "dependencies": { "bullmq": "^5.0.0" } }\n',
    }),
    good('Beside the manifest', { 'package.json': SOUND, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }),
    good('At the root of the workspace', {
      'package.json': '{ "name": "all", "private": true, "workspaces": ["apps/*"] }\n',
      'yarn.lock': '# yarn lockfile v1\n',
      'apps/api/package.json': SOUND,
    }),
    good('A library: its users decide', {
      'package.json':
        '{ "name": "lib", "exports": "./index.js", "files": ["index.js"], "dependencies": { "ms": "^2.0.0" } }\n',
    }),
    good('Nothing to install', {
      'package.json': '{ "name": "tiny", "private": true, "scripts": { "start": "node a.js" } }\n',
    }),
  ],
});
