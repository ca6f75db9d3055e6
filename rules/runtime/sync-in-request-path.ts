import { bad, defineRule, good } from '../../src/rule/rule.ts';

interface Blocking {
  readonly api: RegExp;
  readonly severity: 'high' | 'medium' | 'low';
  readonly instead: string;
}

const BLOCKING: readonly Blocking[] = [
  { api: /^child_process\.(exec|execFile|spawn)Sync$/, severity: 'high', instead: 'waits for a whole program' },
  {
    api: /^crypto\.(pbkdf2|scrypt|generateKeyPair|generatePrime|hkdf)Sync$/,
    severity: 'high',
    instead: 'computes for tens of milliseconds or more',
  },
  {
    api: /^(bcrypt|bcryptjs|bcrypt-nodejs)\.(hash|compare)Sync$/,
    severity: 'high',
    instead: 'computes for tens of milliseconds or more',
  },
  { api: /^zlib\.\w+Sync$/, severity: 'high', instead: 'compresses the whole input at once' },
  {
    api: /^(sync-request|sync-fetch|deasync|execa\.execaSync|shelljs\.exec|Atomics\.wait)$/,
    severity: 'high',
    instead: 'waits for something outside of the process',
  },
  {
    api: /^(fs|graceful-fs|fs-extra)\.(readFile|writeFile|appendFile|readdir|copyFile|copy|cp|rm|readJson|writeJson|outputFile|outputJson|remove|move|emptyDir)Sync$/,
    severity: 'medium',
    instead: 'waits for the disk',
  },
  {
    api: /^(glob|fast-glob|globby|tinyglobby)\.(globSync|sync|globbySync)$|^xlsx\.readFile$/,
    severity: 'medium',
    instead: 'waits for the disk',
  },
  {
    api: /^(fs|graceful-fs|fs-extra)\.(exists|stat|lstat|access|mkdir|ensureDir|unlink|rmdir|rename|truncate)Sync$/,
    severity: 'low',
    instead: 'waits for the disk',
  },
];

export default defineRule({
  id: 'runtime/sync-in-request-path',
  ensures: 'Nothing a request runs makes all other requests wait.',
  severity: 'high',
  roles: ['service'],
  cwe: 1322,
  why: `Node serves all requests on one thread. While a synchronous call waits for a disk, a child process or a key derivation, no other request is read, answered or timed out, and health checks fail.`,
  fix: `Use the asynchronous variant (\`fs/promises\`, \`bcrypt.hash\`, \`execFile\`), do it once at the start, or hand heavy computation to a worker pool.`,
  references: ['https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsTo(...BLOCKING.map(({ api }) => api))) {
      const apis = code.apiOf(call);
      const blocking = BLOCKING.find(({ api }) => apis.some((each) => api.test(each)));
      const reach = blocking && handlers.reach(call);
      // a job waits for nobody; what is done once per process is no burden
      if (!blocking || !reach || reach.handler.trigger === 'job' || code.isOnceOnly(call)) continue;
      if (reach.calls.some((step) => code.isOnceOnly(step))) continue;
      const { registered } = reach.handler;
      if (registered !== undefined && code.isEnvironmentGuarded(registered)) continue;
      yield {
        at: program.locationOf(call),
        message: `\`${program.describe(call)}\` ${blocking.instead} while all other requests stand still, ${handlers.describe(reach)}.`,
        severity: blocking.severity,
        repair: program.locationOf(call).path,
        ...(reach.handler.byShape && { confidence: 'likely' as const }),
        trail: reach.calls.map((step) => ({ at: code.calleeAt(step), note: 'The request gets there by this call.' })),
      };
    }
  },
  examples: [
    bad('A password is hashed in the handler', {
      'app.js': `
const bcrypt = require('bcrypt');
const app = require('express')();
app.post('/users', (req, res) => {
  const hash = «bcrypt.hashSync(req.body.password, 12)»;
  res.json({ hash });
});`,
    }),
    bad('A file is read in a helper of another module', {
      'server.ts': `
import Fastify from 'fastify';
import { page } from './page.js';
const fastify = Fastify();
fastify.get('/', async () => page('home'));`,
      'page.ts': `
import { readFileSync } from 'node:fs';
export function page(name: string) { return «readFileSync('/pages/' + name, 'utf8')»; }`,
    }),
    bad('A controller of NestJS', {
      'convert.controller.ts': `
import { Controller, Post } from '@nestjs/common';
import { execSync } from 'child_process';
@Controller('convert')
export class ConvertController {
  @Post() convert() { return «execSync('convert a.png a.jpg')».toString(); }
}`,
    }),
    good('At the start of the process', {
      'server.js': `
const fs = require('fs');
const https = require('https');
const app = require('express')();
function options() { return { key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }; }
app.get('/', (req, res) => res.end());
https.createServer(options(), app).listen(443);`,
    }),
    good('Read once and kept', {
      'app.js': `
const fs = require('fs');
const app = require('express')();
let page;
app.get('/', (req, res) => {
  if (!page) page = fs.readFileSync('index.html', 'utf8');
  res.send(page);
});`,
    }),
    good('A salt is a few random bytes', {
      'app.js': `
const bcrypt = require('bcryptjs');
const app = require('express')();
app.post('/register', async (req, res) => {
  const salt = bcrypt.genSaltSync(12);
  res.json({ hash: await bcrypt.hash(String(req.body.password), salt) });
});`,
    }),
    good('Asynchronous, or fast by nature', {
      'app.js': `
const crypto = require('crypto');
const { readFile } = require('fs/promises');
const app = require('koa')();
app.use(async (ctx) => {
  const id = crypto.createHash('sha256').update(ctx.path).digest('hex');
  ctx.body = await readFile('/data/' + id);
});`,
    }),
    good('In a script of its own', {
      'scripts/build.js': `
const { execSync } = require('child_process');
execSync('tsc');`,
    }),
  ],
});
