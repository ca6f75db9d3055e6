import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/node-version-differs-live',
  ensures: 'The deployment runs the Node.js that the project names.',
  severity: 'info',
  roles: ['service'],
  cwe: 1357,
  owasp: 'A02',
  why: `What was tested is not what runs: another image is deployed, or the platform chooses by itself.`,
  fix: `Compare the image that runs with the commit it should be of, and pin the version where the platform reads it.`,
  references: ['https://nodejs.org/en/about/previous-releases'],
  needs: ['nodeVersions', 'running', 'responses'],
  *check({ nodeVersions, running }) {
    for (const { site, identity } of running.all) {
      const version =
        identity === 'sure' ? site.responses.flatMap(({ nodeVersion }) => nodeVersion ?? [])[0] : undefined;
      const demand = ['image', 'pin', 'range'].flatMap((kind) =>
        nodeVersions.demands.filter((one) => one.kind === kind && one.majors.length > 0 && one.folder === ''),
      )[0];
      if (!version || !demand || demand.majors.includes(Number(version.text.split('.')[0]))) continue;
      yield {
        at: demand.at,
        message: `${demand.by} says Node.js ${demand.text}, and ${site.host} runs ${version.text}.`,
        trail: [{ at: version.at, note: 'This answer names it.' }],
      };
    }
  },
  examples: [
    bad('The platform chooses by itself', {
      'package.json':
        '{ "name": "shop", "main": "app.js", "engines": { "node": «">=24"» }, "dependencies": { "express": "^5.0.0" } }',
      'app.js': `
const express = require('express');
const app = express();
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: application/json

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: application/json

{}`,
      'live/3-exposed.http': `
GET https://shop.example/metrics HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/plain

# HELP nodejs_version_info Node.js version info.
# TYPE nodejs_version_info gauge
nodejs_version_info{version="v22.12.0",major="22",minor="12",patch="0"} 1`,
    }),
    good('It is what the project says', {
      'package.json':
        '{ "name": "shop", "main": "app.js", "engines": { "node": ">=22" }, "dependencies": { "express": "^5.0.0" } }',
      'app.js': `
const express = require('express');
const app = express();
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
      'live/1-home.http': `
GET https://shop.example/items HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: application/json

[]`,
      'live/2-missing.http': `
GET https://shop.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: application/json

{}`,
      'live/3-exposed.http': `
GET https://shop.example/metrics HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/plain

# HELP nodejs_version_info Node.js version info.
# TYPE nodejs_version_info gauge
nodejs_version_info{version="v22.12.0",major="22",minor="12",patch="0"} 1`,
    }),
  ],
});
