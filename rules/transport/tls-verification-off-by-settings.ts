import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/tls-verification-off-by-settings',
  ensures: 'No setting makes the program accept forged certificates.',
  severity: 'high',
  control: 'transport/tls-verification-off',
  roles: ['any'],
  cwe: 295,
  owasp: 'A04',
  why: 'Anyone between the program and what it talks to can answer in its place, read every password and change every answer. The connection still says https.',
  fix: 'Take the setting away. For a private authority set `NODE_EXTRA_CA_CERTS=/path/ca.pem`.',
  references: ['https://nodejs.org/api/cli.html#node_extra_ca_certsfile'],
  needs: ['environment', 'registrySettings'],
  *check({ environment, registrySettings }) {
    for (const { name, value, at, place, development } of environment.assignments) {
      const what = SWITCHES.find(([switchName, off]) => switchName === name && off.test(value))?.[2];
      if (what === undefined || place === 'docs') continue;
      // what CI builds and signs is what ships, whatever the job is called
      const low = (place !== 'product' || development) && !CI_FILE.test(at.path);
      yield { at, message: `${name}=${value} ${what}.`, ...(low && { severity: 'low' as const }) };
    }
    for (const { name, value, at, path } of registrySettings) {
      if (!/^(strict-ssl|enable-strict-ssl)$/.test(name) || value !== 'false') continue;
      yield { at, message: `${path} lets the package manager accept any certificate of a registry.` };
    }
  },
  examples: [
    bad('For every connection of Node.js', {
      Dockerfile: 'FROM node:24\nENV «NODE_TLS_REJECT_UNAUTHORIZED=0»\nCMD ["node", "a.js"]\n',
      '.env': '«NODE_TLS_REJECT_UNAUTHORIZED=0»\n',
      'deploy/api.yaml':
        'kind: Deployment\nspec:\n  env:\n    - name: NODE_TLS_REJECT_UNAUTHORIZED\n      value: «"0"»\n',
    }),
    bad('In the start script', {
      'package.json': '{ "name": "a", "scripts": { "start": «"NODE_TLS_REJECT_UNAUTHORIZED=0 node a.js"» } }\n',
    }),
    bad('For the package manager and for git', {
      '.npmrc': '«strict-ssl=false»\n',
      'scripts/deploy.sh': 'export «GIT_SSL_NO_VERIFY=true»\ngit pull\n',
      Dockerfile: 'FROM node:24\nRUN «npm config set strict-ssl false» && npm ci\nCMD ["node", "a.js"]\n',
    }),
    bad('In a job of CI', {
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    env:\n      «NODE_TLS_REJECT_UNAUTHORIZED: "0"»\n    steps:\n      - run: npm ci\n',
    }),
    good('Another authority is trusted instead', {
      Dockerfile: 'FROM node:24\nENV NODE_EXTRA_CA_CERTS=/etc/ca.pem NODE_TLS_REJECT_UNAUTHORIZED=1\n',
      '.npmrc': 'strict-ssl=true\n',
    }),
    good('Documentation', { 'docs/local.env': 'NODE_TLS_REJECT_UNAUTHORIZED=0\n' }),
  ],
});

const CI_FILE = /(^|\/)(\.github\/workflows\/|\.circleci\/|(\.gitlab-ci|azure-pipelines|bitbucket-pipelines)[^/]*$)/;
const SWITCHES: readonly (readonly [name: string, off: RegExp, what: string])[] = [
  ['NODE_TLS_REJECT_UNAUTHORIZED', /^0$/, 'makes Node.js accept any certificate'],
  ['GIT_SSL_NO_VERIFY', /^(1|true|yes|on)$/i, 'makes git accept any certificate'],
  ['NPM_CONFIG_STRICT_SSL', /^(false|0)$/i, 'makes npm accept any certificate of a registry'],
  ['YARN_ENABLE_STRICT_SSL', /^(false|0)$/i, 'makes yarn accept any certificate of a registry'],
  ['PYTHONHTTPSVERIFY', /^0$/, 'makes Python accept any certificate'],
];
