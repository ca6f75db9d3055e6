import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Severity } from '../../src/rule/rule.ts';

interface File {
  readonly path: RegExp;
  readonly mark: string;
  readonly what: string;
  readonly severity: Severity;
}

/** Where the words of a file mean the file: its path and its own form, both. */
const FILES: readonly File[] = [
  {
    path: /^\/\.env(?:\.production)?$/,
    mark: 'dotenv',
    what: 'the environment, with its secrets',
    severity: 'critical',
  },
  { path: /^\/\.git\/HEAD$/, mark: 'git-head', what: 'the git repository', severity: 'critical' },
  { path: /^\/\.git\/config$/, mark: 'git-config', what: 'the git repository', severity: 'critical' },
  { path: /^\/\.npmrc$/, mark: 'npmrc-token', what: 'a token for the package registry', severity: 'critical' },
  { path: /^\/(?:server|app)\.js$/, mark: 'server-source', what: 'the source of the server', severity: 'high' },
  { path: /^\/Dockerfile$/, mark: 'dockerfile', what: 'the Dockerfile', severity: 'medium' },
  { path: /^\/docker-compose\.yml$/, mark: 'compose', what: 'the compose file', severity: 'medium' },
  { path: /^\/package\.json$/, mark: 'npm-manifest', what: 'the list of its dependencies', severity: 'medium' },
  { path: /\/\.?package-lock\.json$/, mark: 'npm-lockfile', what: 'the list of its dependencies', severity: 'medium' },
  { path: /^\/npm-debug\.log$/, mark: 'npm-debug-log', what: 'a log of npm', severity: 'medium' },
];

export default defineRule({
  id: 'exposure/files-served-live',
  ensures: 'The files of the project itself cannot be fetched.',
  severity: 'critical',
  control: 'exposure/static-root',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: `Scanners ask every host for \`/.env\` and \`/.git/HEAD\` within minutes of its birth. What they get is the database
password, or the whole source with its history.`,
  fix: `Serve a folder that holds nothing but what visitors may have: \`express.static('public', { dotfiles: 'deny' })\`, never
the project's own. Change every secret that was in the file: it has been read.`,
  references: ['https://expressjs.com/en/resources/middleware/serve-static.html'],
  needs: ['active'],
  *check({ active }) {
    for (const { exposed } of active) {
      for (const { response, has } of exposed) {
        if (response.body.looksLike === 'html') continue;
        const file = FILES.find(({ path, mark }) => path.test(response.url.path) && has(mark));
        if (!file) continue;
        yield {
          at: response.line,
          message: `${response.url.href} serves ${file.what}.`,
          severity: file.severity,
        };
      }
    }
  },
  examples: [
    bad('A server that takes whatever has no ending for HTML', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-exposed.http': `
GET https://app.example/.env HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

DATABASE_URL=postgres://shop
LOG_LEVEL=info`,
    }),
    bad('The environment', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-exposed.http': `
GET https://app.example/.env HTTP/1.1
Range: bytes=0-2047

«HTTP/1.1 206 Partial Content»
Content-Type: application/octet-stream

NODE_ENV=production
DB_HOST=db
`,
    }),
    bad('The repository and the manifest', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-exposed.http': `
GET https://app.example/.git/HEAD HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/plain

ref: refs/heads/main
`,
      'live/3-exposed.http': `
GET https://app.example/package.json HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: application/json

{"name":"shop","dependencies":{"express":"^4.18.0"}}`,
    }),
    good('One page for every path, whatever it quotes', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

HTTP/1.1 200 OK

<!doctype html><pre>
DB_HOST=db
DB_PASSWORD=x
</pre>`,
      'live/3-exposed.http': `
GET https://app.example/.env HTTP/1.1

HTTP/1.1 200 OK

<!doctype html><pre>
DB_HOST=db
DB_PASSWORD=x
</pre>`,
    }),
    good('A manifest of a web app, and what is refused', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-exposed.http': `
GET https://app.example/package.json HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"name":"Shop","short_name":"Shop","icons":[]}`,
      'live/3-exposed.http': `
GET https://app.example/.env HTTP/1.1

HTTP/1.1 403 Forbidden
Content-Type: text/plain

A_KEY=1
B_KEY=2
`,
    }),
  ],
});
