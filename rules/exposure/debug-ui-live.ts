import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Severity } from '../../src/rule/rule.ts';

const TOOLS: readonly (readonly [mark: string, what: string, severity: Severity])[] = [
  ['status-monitor', 'the status monitor', 'high'],
  ['bull-board', 'the board of the job queues', 'high'],
  ['adminer', 'Adminer, a database client', 'high'],
  ['metrics', 'its metrics', 'medium'],
  ['nginx-status', 'the status of nginx', 'medium'],
  ['directory-listing', 'the list of a folder', 'medium'],
  ['openapi', 'the description of its API', 'low'],
  ['swagger-ui', 'the documentation of its API', 'low'],
];

export default defineRule({
  id: 'exposure/debug-ui-live',
  control: 'exposure/debug-ui',
  ensures: 'Tools for operators ask who is there.',
  severity: 'high',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: `Queues can be emptied, tables read, and load and memory watched while an attack is tuned, by anyone who guesses the
usual path.`,
  fix: `Serve them on a port of their own that only the cluster reaches, or behind a login.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Nodejs_Security_Cheat_Sheet.html'],
  needs: ['active'],
  *check({ active }) {
    for (const { exposed } of active) {
      for (const { response, has } of exposed) {
        const tool = TOOLS.find(([mark]) => has(mark));
        const isInspector =
          response.url.path === '/json/list' && response.body.members?.includes('[].webSocketDebuggerUrl');
        const [what, severity] = isInspector
          ? (['the inspector of Node.js', 'critical'] as const)
          : [tool?.[1], tool?.[2]];
        if (what === undefined || severity === undefined) continue;
        yield { at: response.line, message: `${response.url.href} shows anybody ${what}.`, severity };
      }
    }
  },
  examples: [
    bad('Metrics and queues', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-exposed.http': `
GET https://app.example/metrics HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/plain; version=0.0.4

# HELP process_cpu_seconds_total CPU time
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 4.2`,
      'live/3-exposed.http': `
GET https://app.example/admin/queues HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html><title>Bull Dashboard</title>`,
    }),
    good('Refused, and a page served everywhere', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-exposed.http': `
GET https://app.example/metrics HTTP/1.1

HTTP/1.1 401 Unauthorized
Content-Length: 0`,
      'live/3-exposed.http': `
GET https://app.example/docs HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><title>Shop</title>`,
    }),
  ],
});
