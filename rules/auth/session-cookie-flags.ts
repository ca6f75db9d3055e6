import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Packages whose session cookie is neither `Secure` nor restricted to the site unless told so. */
const SESSIONS = /^express-session$/;

export default defineRule({
  id: 'auth/session-cookie-flags',
  ensures: 'Session cookies travel over HTTPS only and are out of the reach of scripts.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['service'],
  cwe: 614,
  owasp: 'A02',
  why: `A session cookie is the login. Without \`Secure\` it goes over the wire in the clear on the first plain request; with
\`httpOnly: false\` any script that gets into a page can send it elsewhere.`,
  fix: `Set \`cookie: { secure: true, httpOnly: true, sameSite: 'lax' }\`, and \`app.set('trust proxy', 1)\` behind a proxy that ends
TLS.`,
  references: [
    'https://github.com/expressjs/session#cookiesecure',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  needs: ['apps', 'program', 'code', 'running'],
  *check({ apps, program, code, running }) {
    const seen = new Set<number>();
    for (const app of apps.apps) {
      if (app.serving === 'no') continue;
      const live = running.of(app)?.site.responses.flatMap(({ cookies }) => cookies) ?? [];
      const sessions = live.filter(({ use }) => use === 'session');
      const isRewritten =
        sessions.length > 0 &&
        sessions.every(({ attribute }) => attribute('secure') !== undefined && attribute('httponly') !== undefined);
      const links = [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)];
      for (const { effects, condition } of links) {
        for (const { kind, package: name = '', call } of effects) {
          if (kind !== 'session' || call === undefined || condition === 'development') continue;
          if (!SESSIONS.test(name) || seen.has(call)) continue;
          seen.add(call);
          const cookie = code.option(call, 0, 'cookie');
          if (cookie.state === 'unknown') continue;
          const flag = (flagName: string): boolean | undefined | 'unset' => {
            if (cookie.state === 'absent') return 'unset';
            const option = code.property(cookie.value, flagName);
            if (option.state === 'absent') return 'unset';
            const [known] = option.state === 'given' ? (program.constants(option.value) ?? []) : [];
            return typeof known === 'boolean' ? known : undefined;
          };
          const secure = flag('secure');
          const problems = [
            ...(secure === 'unset' || secure === false ? ['is also sent over plain HTTP'] : []),
            ...(flag('httpOnly') === false ? ['can be read by scripts'] : []),
          ];
          if (problems.length === 0) continue;
          yield {
            at: program.locationOf(cookie.state === 'given' ? cookie.value : call),
            message: `The session cookie ${problems.join(' and ')}.`,
            ...(isRewritten && {
              mitigated: `The deployment sets ${sessions[0]?.name ?? 'it'} with Secure and HttpOnly: something in front adds them.`,
            }),
          };
        }
      }
    }
  },
  examples: [
    bad('As the package comes', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
app.use(«session({ secret: process.env.SECRET, resave: false, saveUninitialized: false })»);
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    bad('Open to scripts, set up in a helper', {
      'app.ts': `
import express from 'express';
import { sessions } from './sessions.ts';
const app = express();
app.use(sessions());
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
      'sessions.ts': `
import session from 'express-session';
const cookie = «{ secure: true, httpOnly: false }»;
export const sessions = () => session({ secret: process.env.SECRET ?? '', cookie });
`,
    }),
    good('Secure, or secure where it matters', {
      'app.js': `
const express = require('express');
const session = require('express-session');
const app = express();
const production = process.env.NODE_ENV === 'production';
const options = { secret: process.env.SECRET, cookie: { sameSite: 'lax' } };
options.cookie.secure = production;
app.use(session(options));
app.use('/admin', session({ secret: process.env.SECRET, cookie: { secure: 'auto' } }));
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
    good('Options that come from elsewhere', {
      'app.js': `
import express from 'express';
import session from 'express-session';
import config from '@acme/config';
const app = express();
app.use(session(config.session));
app.get('/', (req, res) => res.send('ok'));
app.listen(3000);
`,
    }),
  ],
});
