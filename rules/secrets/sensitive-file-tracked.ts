import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/sensitive-file-tracked',
  ensures: 'No key store, password file, dump or memory image is part of the repository.',
  severity: 'high',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: 'Such files hold credentials or customer data as a whole. A heap snapshot, for example, contains every secret the process had in memory.',
  fix: 'Take it out with `git rm --cached`, add its name to `.gitignore`, and replace the credentials it holds.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  needs: ['sensitiveFiles'],
  *check({ sensitiveFiles }) {
    for (const { at, what, state, severity, unsure } of sensitiveFiles) {
      yield { at, severity, message: `${at.path} is ${what}, and ${state}.`, ...(unsure !== undefined && { unsure }) };
    }
  },
  examples: [
    bad('Passwords of a database client', { 'ops/.pgpass': '«»db.acme.io:5432:shop:api:Kf93vuqLd\n' }),
    bad('The state of the infrastructure', { 'infra/terraform.tfstate': '«»{ "version": 4, "resources": [] }\n' }),
    bad('An image of the memory of a process', { 'Heap.20260102.heapsnapshot': '«»{"snapshot":{}}\n' }),
    good('Public halves, and what only sounds alike', {
      'ops/id_ed25519.pub': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8 me@acme.io\n',
      'src/terraform.tfstate.ts': 'export {};\n',
      'migrations/001-dump-users.sql': 'CREATE TABLE users (id int);\n',
    }),
    good('In the fixtures of a test', { 'test/fixtures/.netrc': 'machine a login b password c\n' }),
  ],
});
