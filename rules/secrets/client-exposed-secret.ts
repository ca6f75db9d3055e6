import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/client-exposed-secret',
  ensures: 'No secret has a name that a framework hands to the browser.',
  severity: 'high',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: 'Variables with this prefix are written into the JavaScript every visitor downloads.',
  fix: 'Take the prefix away, use the value only on the server, and replace it: it has been public since the last build.',
  references: ['https://nextjs.org/docs/app/guides/environment-variables', 'https://vite.dev/guide/env-and-mode'],
  needs: ['environment'],
  *check({ environment }) {
    const seen = new Set<string>();
    for (const { name, at, secret, value, place } of environment.assignments) {
      const bare = PREFIX.exec(name)?.[1];
      if (bare === undefined || place === 'test' || place === 'docs') continue;
      if (!(SECRET.test(bare) && !MEANT_TO_BE_SEEN.test(bare)) || seen.has(name)) continue;
      if (/^(pk_|pk\.|phc_|sb_publishable_|G-|AIza)/.test(value)) continue;
      seen.add(name);
      yield {
        at,
        message: `${name} is handed to the browser, and its name says it is a secret.`,
        ...(!secret && { confidence: 'likely' as const }),
      };
    }
  },
  examples: [
    bad('A secret key in the bundle', { '.env.example': '«NEXT_PUBLIC_STRIPE_SECRET_KEY=»\n' }),
    bad('In the image', { Dockerfile: 'FROM node:24\nARG «VITE_DB_PASSWORD=x»\nRUN npm run build\n' }),
    good('Keys that are meant to be seen', {
      '.env':
        'NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY=pk_live_1\nVITE_SUPABASE_ANON_KEY=eyJ\nREACT_APP_GOOGLE_MAPS_API_KEY=AIzaX\nNEXT_PUBLIC_RECAPTCHA_SITE_KEY=6Lc\nVITE_TOKEN_URL=https://a.b\n',
    }),
    good('Switches about passwords', {
      '.env.example': 'NEXT_PUBLIC_DISABLE_EMAIL_PASSWORD_SIGNUP=\nVITE_DISABLE_PASSWORD=true\nVITE_PASSWORD_LOGIN=1\n',
    }),
    good('Secrets without the prefix', { '.env.example': 'STRIPE_SECRET_KEY=\nDB_PASSWORD=\n' }),
  ],
});

const PREFIX = /^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|GATSBY)_(.+)$/;
const SECRET =
  /(^|_)(SECRET|PASSWORD|PASSWD|PRIVATE_KEY|SECRET_KEY|ACCESS_KEY|SERVICE_ROLE(_KEY)?|CLIENT_SECRET|AUTH_TOKEN|ADMIN_KEY)(_|$)/;
const MEANT_TO_BE_SEEN =
  /PUBLIC|PUBLISHABLE|ANON|SITE|CLIENT_ID|RESET|FORGOT|_URL$|_URI$|_PATH$|_ENABLED$|_LENGTH$|_ID$|_NAME$|_REQUIRED$|_SIGN_?(UP|IN)$|_LOGIN$|^(DISABLE|IS|HAS|USE|WITH)_|_POLICY|_MIN|_MAX|ENABLE|ALLOW|SHOW|HIDE/;
