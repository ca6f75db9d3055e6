import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/example-has-real-secret',
  ensures: 'Templates of settings hold placeholders, not values.',
  severity: 'high',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'A template is meant to be copied. A real value in it is known to everyone, and the copies run with it in production.',
  fix: 'Leave the value empty in the template, change it wherever it is in use, and say in a comment how to make one: `openssl rand -base64 48`.',
  references: ['https://12factor.net/config'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, key, name, mode, host, severity, strength, within } of secrets.found) {
      if (within !== 'template' || mode !== undefined || severity === 'info') continue;
      const bound = key === undefined ? name : `the value of ${key}`;
      yield {
        at,
        severity: kind === 'named' || kind === 'url' ? 'medium' : 'high',
        message: `The template gives away ${bound}${host === undefined ? '' : ` for ${host}`}.`,
        ...(strength !== 'verified' && { confidence: 'likely' as const }),
      };
    }
  },
  examples: [
    bad('A secret that every copy will use', {
      '.env.example': 'PORT=3000\nJWT_SECRET=«bA2xcjpf8y5aSUFsNB2qN5yymUBSs6es»\n',
    }),
    bad('The password of a real database', {
      'config/default.json.dist': '{ "db": "mysql://shop:«Kf93-vuqLd»@db.acme.io/shop" }\n',
    }),
    good('Placeholders, samples and local defaults', {
      '.env.example':
        'JWT_SECRET=thisisasamplesecret\nDB_PASSWORD=changeme\nAPI_KEY=\nSESSION_SECRET=your-secret-here\nSTRIPE_KEY=sk_test_...\nDATABASE_URL=postgres://postgres:postgres@localhost:5432/app\nREDIS_PASSWORD=<password>\n',
    }),
  ],
});
