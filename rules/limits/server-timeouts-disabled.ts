import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Milliseconds: checks are the only thing that ends a slow request, so they may not be rare. */
const RARE = 120_000;
const SERVERS = /^(https?\.(createServer|Server)|http2\.create(Secure)?Server|spdy\.createServer)$/;
const SWITCHES = ['requestTimeout', 'headersTimeout', 'maxHeadersCount', 'connectionsCheckingInterval'];

export default defineRule({
  id: 'limits/server-timeouts-disabled',
  ensures: 'Requests that never end are cut off by the server.',
  severity: 'high',
  control: 'limits/slow-requests',
  roles: ['service'],
  cwe: 400,
  owasp: 'A06',
  why: `Node.js ends a request whose headers take more than a minute, and one that takes more than five. Without that a client
opens connections, sends a byte now and then, and holds all of them for ever: a laptop is enough.`,
  fix: 'Take the line out, or set a finite time: `server.requestTimeout = 120_000`.',
  references: [
    'https://nodejs.org/api/http.html#serverrequesttimeout',
    'https://nodejs.org/api/http.html#serverheaderstimeout',
  ],
  needs: ['program', 'code', 'edge', 'running'],
  *check({ program, code, edge, running }) {
    const severity = edge.proxies.length > 0 ? ('medium' as const) : ('high' as const);
    const closing = running.all.find(
      ({ identity, site }) =>
        identity === 'sure' &&
        site.exchanges.some(
          ({ step, silence, note }) =>
            step === 'slow-headers' && silence?.cause === 'reset' && Number.parseInt(note('open') ?? '', 10) <= 60,
        ),
    );
    const mitigated = closing && {
      mitigated: `${closing.site.host} closes a slow request within a minute: something in front does.`,
    };
    const problem = (name: string, node: number): string | undefined => {
      const known = program.constants(node);
      const [only] = known?.length === 1 ? known : [];
      if (name === 'connectionsCheckingInterval')
        return typeof only === 'number' && only > RARE
          ? `is ${only / 1000} seconds: slow requests are hardly ever looked for`
          : undefined;
      const isEndless = /^(Infinity|Number\.(POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE))$/.test(
        program.describe(node),
      );
      return only === 0 || isEndless ? 'is switched off: a request may take for ever' : undefined;
    };
    for (const module of program.modules.values()) {
      for (const { property = '', value, at, operator, object } of module.facts.writes) {
        if (!SWITCHES.includes(property) || operator !== '=') continue;
        const apis = program.apis(module.first + object);
        // what is seen to be something else is no server
        if (
          apis.length > 0 &&
          !apis.some((api) => /^(https?|http2|express|fastify|koa|polka|connect|spdy|restify|@nestjs)\b/.test(api))
        )
          continue;
        if (apis.length === 0 && !/server|http|listener|app\b/i.test(program.describe(module.first + object))) continue;
        const found = problem(property, module.first + value);
        if (found && !code.isEnvironmentGuarded(module.first + value))
          yield { at: program.locationIn(module, at), severity, message: `${property} ${found}.`, ...mitigated };
      }
    }
    for (const call of program.calls) {
      const apis = code.apiOf(call);
      const isFastify = apis.some((api) => /^fastify(\.(fastify|default))?$/.test(api));
      if (!isFastify && !apis.some((api) => SERVERS.test(api))) continue;
      for (const name of SWITCHES) {
        const option = code.option(call, 0, name);
        const found = option.state === 'given' && option.property ? problem(name, option.value) : undefined;
        if (option.state === 'given' && found)
          yield { at: option.at, severity, message: `${name} ${found}.`, ...mitigated };
      }
    }
  },
  examples: [
    bad('Assigned', {
      'app.js': `const express = require('express');\nconst app = express();\nconst server = app.listen(3000);\n«server.requestTimeout» = 0;\n«server.headersTimeout» = 0;\n`,
    }),
    bad('As options, a constant away', {
      'server.ts': `import { createServer } from 'node:http';\nimport Fastify from 'fastify';\nconst NEVER = 0;\ncreateServer({ «requestTimeout: NEVER», «connectionsCheckingInterval: 600_000» }, (req, res) => res.end()).listen(3000);\nexport const app = Fastify({ «requestTimeout: 0» });\n`,
    }),
    good('As they come, finite, idle connections', {
      'app.js': `const express = require('express');\nconst server = express().listen(3000);\nserver.requestTimeout = 120_000;\nserver.headersTimeout = Number(process.env.HEADERS_TIMEOUT);\nserver.setTimeout(0);\nserver.timeout = 0;\n`,
    }),
    good('A client', {
      'client.js': `import http from 'node:http';\nimport { Client } from '@elastic/elasticsearch';\nconst client = new Client({ requestTimeout: 0 });\nconst options = {};\noptions.requestTimeout = 0;\nhttp.createServer((req, res) => res.end(String(client))).listen(3000);\n`,
    }),
  ],
});
