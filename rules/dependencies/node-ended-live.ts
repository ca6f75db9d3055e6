import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/node-ended-live',
  ensures: 'The deployment runs a release of Node.js that still gets fixes.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: `Holes in Node.js that are found from now on stay open there, and the version is told to whoever asks.`,
  fix: `Deploy with the youngest LTS line. Where the version should not be public, serve \`/metrics\` inside only.`,
  references: ['https://nodejs.org/en/about/previous-releases'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { endedNode, host } of responses.sites) {
      if (endedNode)
        yield { at: endedNode.at, message: `${host} runs Node.js ${endedNode.text}, which gets no fixes.` };
    }
  },
  examples: [
    bad('The metrics say so', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-exposed.http': `
GET https://app.example/metrics HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/plain; version=0.0.4

# HELP nodejs_version_info Node.js version info.
# TYPE nodejs_version_info gauge
«nodejs_version_info{version="v16.20.2"»,major="16",minor="20",patch="2"} 1`,
    }),
    bad('A header says so', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«X-Powered-By: Node.js/14.21»
Content-Type: application/json

{}`,
    }),
    good('A line that gets fixes, and pages that speak of another', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Server: node/24.3.0
Content-Type: text/html

<!doctype html><p>We no longer support Node.js v12.1.0.`,
    }),
  ],
});
