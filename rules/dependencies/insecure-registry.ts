import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/insecure-registry',
  ensures: 'Packages are fetched over encrypted connections, and their scripts run only where allowed.',
  severity: 'high',
  roles: ['any'],
  cwe: 319,
  owasp: 'A03',
  why: 'Whoever is on the way between the build and the registry can put code of their own into every package.',
  fix: 'Write the address with https, and take settings away that allow every script.',
  references: ['https://docs.npmjs.com/cli/v11/using-npm/config'],
  needs: ['registrySettings'],
  *check({ registrySettings }) {
    for (const { name, value, at, path } of registrySettings) {
      if (/(^|:)(npm-)?registry(-server)?$/.test(name) && /^http:\/\/(?!localhost|127\.|\[::1\])/.test(value)) {
        yield { at, message: `${path} fetches packages over http.` };
      } else if (name === 'dangerously-allow-all-builds' && value === 'true') {
        yield { at, severity: 'medium', message: `${path} lets every dependency run scripts when it is installed.` };
      }
    }
  },
  examples: [
    bad('npm', { '.npmrc': '«registry=http://npm.acme.io/»\n@acme:registry=https://npm.acme.io/\n' }),
    bad('yarn', { '.yarnrc.yml': '«npmRegistryServer: "http://npm.acme.io"»\n' }),
    bad('pnpm runs every script', { 'pnpm-workspace.yaml': 'packages:\n  - a\n«dangerouslyAllowAllBuilds: true»\n' }),
    good('Encrypted, or on the own machine', {
      '.npmrc': 'registry=https://npm.acme.io/\n',
      'test/.npmrc': 'registry=http://localhost:4873/\n',
    }),
  ],
});
