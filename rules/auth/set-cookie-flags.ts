import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** The beginning of a cookie that is a login. */
const LOGIN =
  /^\s*((?:__(?:host|secure)-)?(?:(?:app|user|admin|api|login|my)[-_.]?)?(?:sid|sess(?:ion)?[-_]?(?:id|token)?|connect\.sid|auth|jwt|(?:id|access|refresh|auth|remember)?[-_]?token|bearer))=/i;
const FLAGS = ['HttpOnly', 'Secure'] as const;
/** What stands for a value that is only known at run time. */
const HOLE = '\0';

export default defineRule({
  id: 'auth/set-cookie-flags',
  ensures: 'Set-Cookie headers written by hand keep a login to HTTPS and out of the reach of scripts.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['service', 'function'],
  cwe: 1004,
  owasp: 'A02',
  why: `The cookie is the login. Without \`HttpOnly\` any script that gets into a page can send it elsewhere; without \`Secure\` it
goes over the wire in the clear on the first plain request. Browsers refuse \`SameSite=None\` without \`Secure\`.`,
  fix: 'End the header with `; HttpOnly; Secure; SameSite=Lax`.',
  references: ['https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const node of headers()) {
      const text = textOf(node);
      const [, name] = LOGIN.exec(text) ?? [];
      if (name === undefined || isRemoved(text) || code.isEnvironmentGuarded(node)) continue;
      // what is put in anywhere but as the value of something may be a flag
      const attributes = text
        .split(';')
        .slice(1)
        .map((each) => each.trim());
      if (attributes.some((each) => each.includes(HOLE) && !/^[\w-]+\s*=/.test(each)) || hasTail(text)) continue;
      const missing = FLAGS.filter((flag) => !attributes.some((each) => each.toLowerCase() === flag.toLowerCase()));
      if (missing.length === 0) continue;
      const isRefused = missing.includes('Secure') && attributes.some((each) => /^samesite=none$/i.test(each));
      yield {
        at: program.locationOf(node),
        message: `The cookie ${name} is set ${isRefused ? 'for other sites as well, ' : ''}without ${missing.join(' and ')}.`,
        ...(missing.length === 1 && missing[0] === 'Secure' && !isRefused && { severity: 'low' as const }),
      };
    }

    /** What is sent as the header, wherever it is set. */
    function headers(): Set<number> {
      const found = new Set<number>();
      for (const call of program.callsNamed('setHeader', 'appendHeader', 'header', 'append', 'set')) {
        const name = program.argument(call, 0);
        const [text] = name === undefined ? [] : (program.constants(name) ?? []);
        if (typeof text === 'string' && text.toLowerCase() === 'set-cookie') add(program.argument(call, 1));
      }
      for (const call of program.callsNamed('writeHead')) {
        const value = program.valueOf(call);
        const last = value.kind === 'call' ? program.argument(call, value.args.length - 1) : undefined;
        for (const name of ['Set-Cookie', 'set-cookie']) {
          const given = last === undefined ? undefined : code.property(last, name);
          if (given?.state === 'given') add(given.value);
        }
      }
      return found;

      function add(node: number | undefined): void {
        for (const origin of node === undefined ? [] : program.origins(node)) {
          const value = program.valueOf(origin);
          if (value.kind === 'array') for (const item of value.items) found.add(program.child(origin, item.value));
          else found.add(origin);
        }
      }
    }

    /** The header as far as it is known. */
    function textOf(node: number, depth = 0): string {
      const constants = program.constants(node);
      if (constants?.length === 1) return String(constants[0]);
      const [origin = node, ...others] = program.origins(node);
      const value = program.valueOf(origin);
      if (value.kind !== 'join' || others.length > 0 || depth > 8) return HOLE;
      return value.parts.map((part) => textOf(program.child(origin, part.value), depth + 1)).join('');
    }

    /** `token=; Path=/`, `Max-Age=0`, a time long ago: the cookie is taken away. */
    function isRemoved(text: string): boolean {
      return /^[^=]*=\s*(;|$)|=\s*deleted\b|max-age\s*=\s*(0|-\d+)\s*(;|$)|expires\s*=[^;]*\b19\d\d\b/i.test(text);
    }

    /** `sid=${cookie}`, and nothing after it: the flags may be in there. */
    function hasTail(text: string): boolean {
      return !text.includes(';') && text.split(HOLE).length !== 2;
    }
  },
  examples: [
    bad('Joined by hand', {
      'server.js': `
const http = require('node:http');
http.createServer((req, res) => {
  const id = open(req);
  if (req.url === '/a') res.setHeader('Set-Cookie', «'sid=' + id + '; Path=/'»);
  if (req.url === '/b') res.setHeader('set-cookie', [«\`session=\${id}; HttpOnly; Max-Age=\${60 * 60}\`», 'theme=dark']);
  if (req.url === '/c') res.writeHead(200, { 'Set-Cookie': «\`token=\${id}; Path=/; SameSite=None; HttpOnly\`» });
  res.end();
}).listen(3000);
`,
    }),
    bad('In an answer of a framework', {
      'app.ts': `
import { Hono } from 'hono';
const app = new Hono();
app.post('/login', async (c) => {
  const token = await issue(c);
  c.header('Set-Cookie', «\`auth_token=\${token}; Path=/; Secure\`»);
  return c.text('ok');
});
app.post('/again', async () => {
  const headers = new Headers();
  headers.append('Set-Cookie', «\`jwt=\${await issue()}\`»);
  return new Response('ok', { headers });
});
export default app;
`,
    }),
    good('With its flags, or with what is not known here', {
      'server.js': `
const http = require('node:http');
const { flags } = require('./flags');
const secure = process.env.NODE_ENV === 'production' ? '; Secure' : '';
http.createServer((req, res) => {
  const id = open(req);
  res.setHeader('Set-Cookie', \`sid=\${id}; Path=/; httponly; secure; SameSite=Lax\`);
  res.setHeader('Set-Cookie', \`sid=\${id}; Path=/; HttpOnly\${secure}\`);
  res.setHeader('Set-Cookie', \`sid=\${id}; \${flags(req)}\`);
  res.setHeader('Set-Cookie', 'token=' + id + flags(req));
  res.end();
}).listen(3000);
`,
      'flags.js': `exports.flags = (req) => read(req.headers.host);\n`,
    }),
    good('No login, or one that ends', {
      'app.js': `
const app = require('express')();
app.post('/logout', (req, res) => {
  res.setHeader('Set-Cookie', ['token=; Path=/', 'sid=x; Max-Age=0', 'session=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  res.append('Set-Cookie', 'theme=dark');
  res.append('Set-Cookie', \`csrf_token=\${req.csrfToken()}; Path=/\`);
  res.set('X-Token', 'sid=' + req.id);
  res.end();
});
app.listen(3000);
`,
    }),
  ],
});
