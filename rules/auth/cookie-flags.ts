import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Names of cookies that are a login. */
const LOGIN =
  /^(sid|sess(ion)?(id)?|connect\.sid|auth|jwt|token|id_?token|access_?token|refresh_?token|auth_?token|session_?token|remember(_?me)?|user_?token|bearer)$/i;

export default defineRule({
  id: 'auth/cookie-flags',
  ensures: 'Cookies that log somebody in travel over HTTPS only and are out of the reach of scripts.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['service', 'function'],
  cwe: 1004,
  owasp: 'A02',
  why: `The cookie is the login. Without \`httpOnly\` any script that gets into a page can send it elsewhere; without \`secure\` it
goes over the wire in the clear on the first plain request.`,
  fix: `Set \`{ httpOnly: true, secure: true, sameSite: 'lax' }\` where the cookie is written.`,
  references: [
    'https://developer.mozilla.org/docs/Web/HTTP/Guides/Cookies',
    'https://expressjs.com/en/api.html#res.cookie',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsNamed('cookie', 'setCookie')) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || value.new) continue;
      const callee = program.valueOf(program.child(call, value.callee));
      if (callee.kind !== 'member') continue;
      // a response is a parameter; jars of HTTP clients and test agents are not
      const object = program.valueOf(program.child(program.child(call, value.callee), callee.object));
      const isResponse =
        object.kind === 'param' || (object.kind === 'call' && /\b(res|reply|response)\b/.test(program.describe(call)));
      const name = program.argument(call, 0);
      const [text] = name === undefined ? [] : (program.constants(name) ?? []);
      const content = program.argument(call, 1);
      if (!isResponse || typeof text !== 'string' || !LOGIN.test(text) || content === undefined) continue;
      const given = program.constants(content)?.[0];
      if (given === '' || given === null) continue;
      const options = code.argument(call, 2);
      if (options.state === 'unknown' || value.args.some(({ spread }) => spread)) continue;
      const flag = (option: string): 'on' | 'off' | 'unknown' => {
        if (options.state === 'absent') return 'off';
        const found = code.property(options.value, option);
        if (found.state === 'absent') return 'off';
        const known = found.state === 'given' ? program.constants(found.value) : undefined;
        return known?.length === 1 ? (known[0] ? 'on' : 'off') : 'unknown';
      };
      const missing = ['httpOnly', 'secure'].filter((option) => flag(option) === 'off');
      if (missing.length === 0) continue;
      yield {
        at: program.locationOf(options.state === 'given' ? options.value : call),
        message: `The cookie ${text} is set without ${missing.join(' and ')}.`,
        ...(missing.length === 1 && missing[0] === 'secure' && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('No options at all', {
      'app.js': `
const express = require('express');
const app = express();
app.post('/login', (req, res) => {
  «res.cookie('token', sign(req.body))»;
  res.json({});
});
app.listen(3000);
`,
    }),
    bad('Options without httpOnly, a constant away', {
      'login.ts': `
import type { Request, Response } from 'express';
const NAME = 'session';
const options = «{ secure: true, maxAge: 3600 }»;
export function login(req: Request, res: Response) {
  res.status(200).cookie('theme', 'dark');
  res.cookie(NAME, create(req), options);
}
`,
    }),
    good('All of them, or decided where it runs', {
      'app.js': `
const express = require('express');
const config = require('./config');
const app = express();
app.post('/login', (req, res) => {
  res.cookie('token', sign(req.body), { httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'lax' });
  res.cookie('refresh_token', sign(req.body), config.cookie);
  res.json({});
});
app.post('/logout', (req, res) => res.cookie('token', '', { maxAge: 0 }).end());
app.listen(3000);
`,
      'config.js': `module.exports = { cookie: { httpOnly: true, secure: process.env.SECURE !== 'no' } };`,
    }),
    good('Cookies that are no login, and jars', {
      'app.js': `
const { CookieJar } = require('tough-cookie');
const app = require('express')();
const jar = new CookieJar();
jar.setCookie('token', 'x');
app.get('/', (req, res) => {
  res.cookie('theme', 'dark');
  res.cookie('XSRF-TOKEN', req.csrfToken());
  res.end();
});
app.listen(3000);
`,
    }),
  ],
});
