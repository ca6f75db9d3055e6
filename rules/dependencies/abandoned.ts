import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/abandoned',
  control: 'dependencies/deprecated',
  ensures: 'The project builds on packages somebody still repairs.',
  severity: 'low',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'Nobody fixes the next hole in a package its authors have given up, and nobody makes it run on the next Node.js.',
  fix: 'Replace it by what the message names.',
  references: ['https://owasp.org/www-project-open-source-software-top-10/'],
  needs: ['manifests'],
  *check({ manifests }) {
    for (const { dependencies } of manifests.all) {
      for (const { name, kind, nameAt } of dependencies) {
        const instead = INSTEAD.get(name);
        if (instead === undefined || kind === 'peerDependencies') continue;
        yield {
          at: nameAt,
          message: `${name} is no longer maintained: ${instead}.`,
          ...(kind === 'devDependencies' && { severity: 'info' as const }),
        };
      }
    }
  },
  examples: [
    bad('Named in many an old guide', {
      'package.json':
        '{ "name": "a", "dependencies": { «"request"»: "^2.88.2", «"csurf"»: "^1.11.0", «"hystrixjs"»: "0.2.0" } }\n',
    }),
    bad('The old name of a package that moved', {
      'package.json': '{ "name": "a", "dependencies": { «"hapi"»: "17.x.x", "@hapi/boom": "^10.0.0" } }\n',
    }),
    bad('A tool of development', { 'package.json': '{ "name": "a", "devDependencies": { «"tslint"»: "^6.1.0" } }\n' }),
    good('Small, stable and alive', {
      'package.json': '{ "name": "a", "dependencies": { "ms": "^2.1.3", "opossum": "^10.0.0", "undici": "^7.0.0" } }\n',
    }),
  ],
});

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['request', 'use the built-in fetch or undici'],
  ['request-promise', 'use the built-in fetch or undici'],
  ['request-promise-native', 'use the built-in fetch or undici'],
  ['csurf', 'use csrf-csrf, or SameSite cookies together with a check of the Origin header'],
  ['node-uuid', 'use crypto.randomUUID() or uuid'],
  ['bcrypt-nodejs', 'use bcrypt or @node-rs/argon2'],
  ['express-brute', 'use rate-limiter-flexible'],
  ['forever', 'let the platform restart the process, or use pm2'],
  ['hystrixjs', 'use opossum'],
  ['brakes', 'use opossum'],
  ['memwatch', 'use v8.writeHeapSnapshot() and --heapsnapshot-near-heap-limit'],
  ['node-memwatch', 'use v8.writeHeapSnapshot() and --heapsnapshot-near-heap-limit'],
  ['memwatch-next', 'use v8.writeHeapSnapshot() and --heapsnapshot-near-heap-limit'],
  ['heapdump', 'use v8.writeHeapSnapshot()'],
  ['toobusy', 'use perf_hooks.monitorEventLoopDelay() or @fastify/under-pressure'],
  ['appmetrics', 'use OpenTelemetry or prom-client'],
  ['jaeger-client', 'use OpenTelemetry with OTLP'],
  ['opentracing', 'use @opentelemetry/api'],
  ['@opentelemetry/exporter-jaeger', 'use @opentelemetry/exporter-trace-otlp-proto'],
  ['kue', 'use bullmq'],
  ['xss-clean', 'encode output where it is written, and validate input with a schema'],
  ['istanbul', 'use c8 or nyc'],
  ['tslint', 'use eslint with typescript-eslint, oxlint or biome'],
  ['node-sass', 'use sass'],
  ['crypto', 'it is an empty package in the place of the built-in module: take it out'],
  ['domain', 'it is built into Node.js and deprecated there: take it out'],
  ['jade', 'use pug'],
  ['swig', 'use nunjucks'],
  ['node-serialize', 'use JSON; it runs code that is in the data'],
  ['safe-eval', 'do not evaluate text; it can be escaped from'],
  ['hapi', 'use @hapi/hapi'],
  ['boom', 'use @hapi/boom'],
  ['hoek', 'use @hapi/hoek'],
  ['cryptiles', 'use the built-in crypto'],
  ['inert', 'use @hapi/inert'],
  ['vision', 'use @hapi/vision'],
  ['bell', 'use @hapi/bell'],
  ['catbox-redis', 'use @hapi/catbox-redis'],
  ['kcors', 'use @koa/cors'],
  ['koa-multer', 'use @koa/multer'],
  ['dont-sniff-mimetype', 'use helmet'],
  ['flatmap-stream', 'it carried malicious code: take it out'],
  ['querystring', 'use URLSearchParams'],
  ['mkdirp-promise', 'use fs.mkdir with recursive: true'],
  ['vm2', 'use isolated-vm or another process; it can be escaped from'],
]);
