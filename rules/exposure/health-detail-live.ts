import { bad, defineRule, good } from '../../src/rule/rule.ts';

const HEALTH = /^\/(?:health|healthz|readyz|livez)$/;
const TELLING =
  /(?:^|\.)(?:hostname|host|env|environment|NODE_ENV|version|nodeVersion|node|pid|memory|memoryUsage|uptime|stack|connectionString|dsn)$/;

export default defineRule({
  id: 'exposure/health-detail-live',
  ensures: 'Health checks say no more to strangers than that the service lives.',
  severity: 'info',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `Versions, host names and the state of what is behind tell an attacker what to try and whether it worked.`,
  fix: `Answer \`200\` or \`503\` without a body, and give the details at a port that only the cluster reaches.`,
  references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  needs: ['active'],
  *check({ active }) {
    for (const { exposed } of active) {
      for (const { response } of exposed) {
        if (!HEALTH.test(response.url.path)) continue;
        const told = (response.body.members ?? []).filter((member) => TELLING.test(member)).slice(0, 5);
        if (told.length === 0) continue;
        yield { at: response.line, message: `${response.url.href} tells anybody ${told.join(', ')}.` };
      }
    }
  },
  examples: [
    bad('The whole process', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-exposed.http': `
GET https://app.example/health HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: application/json

{"status":"ok","hostname":"api-7f9c","memory":{"rss":73400320},"env":"production"}`,
    }),
    good('That it lives', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-exposed.http': `
GET https://app.example/health HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"status":"ok","checks":{"database":"up"}}`,
    }),
  ],
});
