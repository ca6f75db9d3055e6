import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LARGEST_HEADERS = 64 * 1024;
const SERVERS = /^(https?\.(createServer|Server)|fastify(\.(fastify|default))?|spdy\.createServer)$/;

export default defineRule({
  id: 'limits/insecure-parser',
  ensures: 'The HTTP parser refuses malformed and oversized headers.',
  severity: 'high',
  roles: ['service'],
  cwe: 444,
  owasp: 'A06',
  why: `A lenient parser and the proxy in front of it disagree where one request ends and the next begins. An attacker hides a
request in another and has it run with the rights of the next visitor.`,
  fix: 'Take the option out, and repair the client that needs it.',
  references: [
    'https://nodejs.org/api/cli.html#--insecure-http-parser',
    'https://portswigger.net/web-security/request-smuggling',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(SERVERS)) {
      const inner = code.option(call, 0, 'http');
      for (const name of ['insecureHTTPParser', 'maxHeaderSize', 'requireHostHeader']) {
        const outer = code.option(call, 0, name);
        const option =
          outer.state === 'given' ? outer : inner.state === 'given' ? code.property(inner.value, name) : outer;
        const known = option.state === 'given' ? program.constants(option.value) : undefined;
        const [only] = known?.length === 1 ? known : [];
        if (option.state !== 'given' || only === undefined) continue;
        if (name === 'insecureHTTPParser' && only === true)
          yield { at: option.at, message: 'The HTTP parser accepts malformed requests.' };
        if (name === 'requireHostHeader' && only === false)
          yield { at: option.at, severity: 'low', message: 'Requests without a Host are accepted.' };
        if (name === 'maxHeaderSize' && typeof only === 'number' && only > LARGEST_HEADERS)
          yield { at: option.at, severity: 'medium', message: `Headers may be ${Math.round(only / 1024)} kB large.` };
      }
    }
  },
  examples: [
    bad('Options of the server', {
      'server.js': `const http = require('http');\nhttp.createServer({ «insecureHTTPParser: true», «maxHeaderSize: 1024 * 1024» }, (req, res) => res.end()).listen(3000);\n`,
      'other.js': `import Fastify from 'fastify';\nconst app = Fastify({ http: { «insecureHTTPParser: true» } });\napp.listen({ port: 3001 });\n`,
    }),
    good('As it comes, or a little larger', {
      'server.js': `const http = require('http');\nhttp.createServer({ maxHeaderSize: 32 * 1024, insecureHTTPParser: false }, (req, res) => res.end()).listen(3000);\n`,
    }),
    good('A client that talks to an old device', {
      'server.js': `const http = require('http');\nhttp.createServer((req, res) => http.get({ host: 'printer', insecureHTTPParser: true }, (answer) => answer.pipe(res))).listen(3000);\n`,
    }),
  ],
});
