import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../document/language.ts';
import { checksumOf } from './secrets/checksums.ts';
import type { SecretFact } from './secrets/secret-fact.ts';
import { secretsIn } from './secrets.ts';

/** Letters and digits without order, the same on every run. */
function random(length: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'): string {
  let text = '';
  for (let n = 0; text.length < length; n += 1) {
    for (const byte of createHash('sha256').update(`${length} ${alphabet} ${n}`).digest())
      text += alphabet[byte % alphabet.length];
  }
  return text.slice(0, length);
}
const hex = (length: number): string => random(length, '0123456789abcdef');
const upper = (length: number): string => random(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const uuid = [8, 4, 4, 4, 12].map(hex).join('-');
const signed = (prefix: string): string => `${prefix}${random(30)}${checksumOf(random(30))}`;
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();

/** One of each kind, made here, so that nothing in this file opens anything. */
const TOKENS: readonly (readonly [detector: string, token: string])[] = [
  ['aws-access-key-id', `AKIA${upper(16)}`],
  ['aws-session-key-id', `ASIA${upper(16)}`],
  ['aws-bedrock-key', `ABSK${random(120)}`],
  ['google-api-key', `AIza${random(35)}`],
  ['google-oauth-secret', `GOCSPX-${random(28)}`],
  ['azure-storage-key', `AccountKey=${random(86)}==`],
  ['azure-client-secret', `aB18Q~${random(34)}`],
  ['digitalocean-token', `dop_v1_${hex(64)}`],
  ['netlify-token', `nfp_${random(36)}`],
  ['supabase-token', `sbp_${hex(40)}`],
  ['planetscale-token', `pscale_tkn_${random(43)}`],
  ['databricks-token', `dapi${hex(32)}`],
  ['vault-token', `hvs.${random(90)}`],
  ['terraform-token', `${random(14)}.atlasv1.${random(67)}`],
  ['pulumi-token', `pul-${hex(40)}`],
  ['doppler-token', `dp.st.prd.${random(40)}`],
  ['tailscale-key', `tskey-auth-${random(12)}-${random(32)}`],
  ['github-token', signed('ghp_')],
  ['github-token', signed('gho_')],
  ['github-token', `github_pat_${random(22)}_${random(59)}`],
  ['gitlab-token', `glpat-${random(20)}`],
  ['bitbucket-token', `ATBB${random(32)}`],
  ['npm-token', signed('npm_')],
  ['docker-token', `dckr_pat_${random(27)}`],
  ['pypi-token', `pypi-AgEIcHlwaS5vcmc${random(120)}`],
  ['stripe-key', `sk_live_${random(24)}`],
  ['stripe-key', `rk_test_${random(24)}`],
  ['stripe-webhook-secret', `whsec_${random(32)}`],
  ['braintree-token', `access_token$production$${random(16, 'abcdefghij0123456789')}$${hex(32)}`],
  ['square-token', `sq0csp-${random(43)}`],
  ['shopify-token', `shpat_${hex(32)}`],
  ['slack-token', `xoxb-2104839120-2840193847561-${random(24)}`],
  ['slack-webhook', `https://hooks.slack.com/services/T02AB3CD4/B05EF6GH7/${random(24)}`],
  ['discord-webhook', `https://discord.com/api/webhooks/112233445566778899/${random(68)}`],
  ['telegram-token', `123456789:AA${random(33)}`],
  ['twilio-key', `SK${hex(32)}`],
  ['sendgrid-key', `SG.${random(22)}.${random(43)}`],
  ['mailgun-key', `key-${hex(32)}`],
  ['mailchimp-key', `${hex(32)}-us12`],
  ['resend-key', `re_${random(8)}_${random(24)}`],
  ['openai-key', `sk-proj-${random(80)}`],
  ['openai-key', `sk-${random(20)}T3BlbkFJ${random(20)}`],
  ['anthropic-key', `sk-ant-api03-${random(95)}`],
  ['huggingface-token', `hf_${random(34, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')}`],
  ['groq-key', `gsk_${random(52)}`],
  ['linear-key', `lin_api_${random(40)}`],
  ['figma-token', `figd_${random(40)}`],
  ['grafana-token', `glsa_${random(32)}_${hex(8)}`],
  ['newrelic-key', `NRAK-${random(27, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`],
  ['newrelic-license', `${hex(36)}NRAL`],
  ['sentry-token', `sntryu_${hex(64)}`],
  ['postman-key', `PMAK-${hex(24)}-${hex(34)}`],
  ['launchdarkly-key', `sdk-${uuid}`],
  ['sonar-token', `squ_${hex(40)}`],
  ['private-key', pem],
  ['json-web-token', `${part({ alg: 'HS256' })}.${part({ sub: 'a', role: 'admin' })}.${random(43)}`],
];

const read = (path: string, text: string): readonly SecretFact[] =>
  secretsIn({ path, text, language: languageOf(path, text), tracked: 'tracked' });
const found = (path: string, text: string): readonly string[] =>
  read(path, text).map(({ detector, strength, start, end }) => `${detector} ${strength} ${text.slice(start, end)}`);

describe('passwords where no name says so', () => {
  it.each([
    ['a.sh', 'mysqldump -h db.acme.io -u root -p«Kf93vuqLd82» shop > d.sql\n', 'command-password'],
    ['ci.yml', 'a:\n  - run: curl -sS -u elastic:«Kf93vuqLd82» https://es.acme.io\n', 'command-password'],
    ['a.sh', "sshpass -p '«Kf93vuqLd82»' ssh deploy@acme.io\n", 'command-password'],
    ['pgbouncer/userlist.txt', '"api" "«Kf93vuqLd82»"\n', 'placed-secret'],
    ['settings.json', '{ "smtp": { "user": "mailer", "pass": "«Kf93vuqLd82»" } }\n', 'named-secret'],
    ['a.js', `require('twilio')('AC${hex(32)}', '«${hex(32)}»');\n`, 'twilio-token'],
    [
      'compose.yaml',
      'services:\n  r:\n    command: redis-server --requirepass «Kf93vuqLd82» --save 60 1\n',
      'command-password',
    ],
    ['compose.yaml', 'a:\n  command: ["redis-server", "--requirepass", "«Kf93vuqLd82»"]\n', 'command-password'],
    ['redis.conf', 'port 6379\nrequirepass «Kf93vuqLd82»\n', 'command-password'],
    ['compose.yaml', 'a:\n  test: ["CMD", "mysqladmin", "ping", "-uroot", "-p«Kf93vuqLd82»"]\n', 'command-password'],
    ['db/a.sql', "CREATE USER shop WITH PASSWORD '«Kf93vuqLd82»';\n", 'command-password'],
    ['db/a.sql', "create user 'a'@'%' identified with caching_sha2_password by '«Kf93vuqLd82»';\n", 'command-password'],
    ['a.xml', '<server><id>n</id><password>«Kf93vuqLd82»</password></server>\n', 'named-secret'],
    ['web.config', '<add key="SmtpPassword" value="«Kf93vuqLd82»"/>\n', 'named-secret'],
    ['a.json', `[{ "key": "apiToken", "value": "«${random(40)}»" }]\n`, 'named-secret'],
    ['a.py', `u = "https://api.telegram.org/bot«1234567890:AA${random(33)}»/getMe"\n`, 'telegram-token'],
    ['config.json', `{ "auths": { "ghcr.io": { "auth": "«${btoa('bot:Kf93vuqLd82')}»" } } }\n`, 'docker-login'],
    ['a.js', `client.login('«MTA${random(21)}.${random(6)}.${random(38)}»');\n`, 'discord-token'],
  ])('%s: %s', (path, marked, detector) => {
    const value = /«(.*)»/.exec(marked)?.[1] ?? '';
    expect(found(path, marked.replace(/[«»]/g, ''))).toEqual([expect.stringMatching(new RegExp(`^${detector} `))]);
    expect(found(path, marked.replace(/[«»]/g, ''))[0]?.endsWith(` ${value}`)).toBe(true);
  });

  it.each([
    ['a.sh', 'mysql -u root -p"$MYSQL_PWD" shop\nmysql -u root -p shop\ncurl -u "$USER:$PASSWORD" https://a.io\n'],
    ['pgbouncer/userlist.txt', '"api" "md5a1b2c3d4e5f60718293a4b5c6d7e8f90"\n"web" "SCRAM-SHA-256$4096:x"\n'],
    ['a.json', '{ "pass": "Kf93vuqLd82", "fail": 0 }\n'],
    [
      'a.ts',
      `export const WETH_TOKEN = '0x${hex(40)}';\nconst o = { passwordDigest: 'sha512', passwordKey: 'password2' };\n`,
    ],
    ['a.ts', `docsearch({ appId: 'ABCDEF1234', apiKey: '${hex(32)}', indexName: 'docs' });\n`],
    ['k8s/a.yaml', `kind: SealedSecret\nspec:\n  encryptedData:\n    password: Ag${random(200)}\n`],
    ['a.ts', `const o = { envVarClientSecret: 'ACME_OAUTH2_CLIENT_SECRET' };\n`],
    ['openapi.json', '{\n  "openapi": "3.1.0",\n  "x": { "email": "a@acme.io", "password": "S3cure!Passw0rd" }\n}\n'],
    ['a.sh', 'case "${ACME_PASSWORD:+has-password9}" in\n'],
    ['a.ini', '[db]\npassword = %(DB_PASSWORD)s\n'],
    ['renovate.json', `{ "matchHost": "npm.acme.io", "encrypted": { "token": "${random(80)}" } }\n`],
    ['a.json', '{ "urlencoded": [{ "key": "password", "value": "Test@1234" }] }\n'],
    ['a.yaml', 'secret_backend: hashicorp-vault-kv2\n'],
    [
      'a.xml',
      '<server><password>${env.CI_PASSWORD}</password></server>\n<string name="password">Passwort1!</string>\n',
    ],
    ['a.sql', `ALTER USER a WITH PASSWORD 'md5${hex(32)}';\nCREATE USER b WITH PASSWORD 'changeme';\n`],
    ['a.yaml', 'a:\n  command: redis-server --requirepass ${REDIS_PASSWORD:?}\n'],
    ['config.json', '{ "auths": { "ghcr.io": { "auth": "${GHCR_AUTH}" } }, "auth": "oauth2" }\n'],
  ])('nothing in %s: %s', (path, text) => {
    expect(read(path, text).filter(({ strength }) => strength !== 'word')).toEqual([]);
  });
});

describe('tokens in the format of their issuer', () => {
  const PLACES: readonly (readonly [path: string, text: (token: string) => string])[] = [
    ['a.js', (token) => `const a = ${JSON.stringify(token)};\n`],
    ['a.yaml', (token) => `x:\n  - ${JSON.stringify(token)}\n`],
    ['README.md', (token) => `Use \`${token}\`.\n`],
    ['a.ts', (token) => `// was ${token.replaceAll('\n', '\\n')} once\n`],
    ['.env', (token) => `A=${token.includes('\n') ? JSON.stringify(token) : token}\n`],
    ['live/a.http', (token) => `HTTP/1.1 200 OK\nx-a: ${token.replaceAll('\n', '\\n')}\n`],
  ];
  it.each(TOKENS)('%s', (detector, token) => {
    for (const [path, textOf] of PLACES) {
      const hits = read(path, textOf(token));
      expect(
        hits.map((hit) => hit.detector),
        path,
      ).toEqual([detector]);
      expect(hits[0]?.masked.includes(random(12))).toBe(false);
    }
  });

  it('are known by their checksum where they have one', () => {
    const token = signed('ghp_');
    expect(read('a.js', `'${token}'`)[0]?.strength).toBe('verified');
    expect(read('a.js', `'${token.slice(0, -1)}0'`)[0]?.strength).toBe('refuted');
  });

  it.each([
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'AKIAIOSFODNN7EXAMPLE',
    'sk_test_your_key_goes_here_please',
    'sk-proj-some-long-identifier-in-kebab-case-that-means-nothing',
    'pk_live_abcdefghijklmnopqrstuvwxyz',
    'glpat-00000000000000000000',
    'SG.aaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'path_re_compile_something_else_here_now',
    `data:image/png;base64,${random(400)}AKIA${random(40)}`,
  ])('%s is none', (text) => expect(found('a.js', `f('${text}');`)).toEqual([]));
});

describe('tokens of a description', () => {
  it('are for trying out, unless their checksum is right', () => {
    const modes = (text: string): readonly unknown[] => read('a.js', text).map(({ mode }) => mode);
    expect(modes(`s.example('aB18Q~${random(34)}')`)).toEqual(['test']);
    expect(modes(`s.secret('aB18Q~${random(34)}')`)).toEqual([undefined]);
    expect(modes(`s.example('${signed('ghp_')}')`)).toEqual([undefined]);
  });
});

describe('names and values', () => {
  it.each([
    ['a.js', `x = { password: 'Kf93-vuqLd' }`, ['named-secret guessed Kf93-vuqLd']],
    ['a.ts', `const apiKey: string = 'q8Zk29fLmx71Tn0b';`, ['named-secret guessed q8Zk29fLmx71Tn0b']],
    ['a.js', `s = 'Server=db.acme.io;User Id=sa;Password=Hunter!22;'`, ['named-secret guessed Hunter!22']],
    [
      'a.js',
      `h = { Authorization: 'Bearer 9f8a7b6c5d4e3f2a1b0c9d8e' }`,
      ['named-secret guessed 9f8a7b6c5d4e3f2a1b0c9d8e'],
    ],
    ['a.js', `session({ secret: 'keyboard cat' })`, ['named-secret word keyboard cat']],
    ['a.json', `[{ "name": "DB_PASSWORD", "value": "Kf93vuqLd" }]`, ['named-secret guessed Kf93vuqLd']],
    ['a.yaml', 'a:\n  - name: DB_PASSWORD\n    value: Kf93vuqLd\n', ['named-secret guessed Kf93vuqLd']],
    ['Dockerfile', 'FROM a\nENV DB_PASSWORD Kf93vuqLd\n', ['named-secret guessed Kf93vuqLd']],
    ['a.sh', 'export DB_PASSWORD=Kf93vuqLd\n', ['named-secret guessed Kf93vuqLd']],
    ['.npmrc', '//npm.acme.io/:_authToken=3f2b8c1e-9d\n', ['registry-auth shaped 3f2b8c1e-9d']],
    ['a.js', `u = 'redis://:p4ssw0rdX@cache.acme.io:6379'`, ['url-credential shaped p4ssw0rdX']],
    ['a.js', `u = 'mysql://a:p@ssw0rd@db.acme.io/x'`, ['url-credential shaped p@ssw0rd']],
    ['a.js', `k = { kty: 'EC', d: '${random(43)}' }`, [`private-key shaped ${random(43)}`]],
  ])('%s %s', (path, text, expected) => expect(found(path, text)).toEqual(expected));

  it.each([
    ['a.js', `x = { password: process.env.DB_PASSWORD, token: getToken(), secret: config.secret }`],
    ['a.js', 'const url = `postgres://${user}:${password}@db.acme.io/x`;'],
    ['a.js', `if (password === 'Kf93-vuqLd') fail();`],
    ['a.js', `const passwordError = 'Kf93-vuqLd-9', tokenType = 'Bearer12345678901234'`],
    ['en.json', `{ "passwordHint": "At least 8 characters, 1 digit", "token": "Your access token is 1 of 3" }`],
    ['a.yaml', 'password: ${DB_PASSWORD}\ntoken: <token>\nsecret: changeme\napiKey: your-api-key-12345\n'],
    ['a.js', `// postgres://user:password@localhost:5432/db and https://a.b/@me?x=a@b.c`],
    ['package-lock.json', `{ "token": "abcdef1234567890abcdef", "integrity": "sha512-${random(86)}==" }`],
  ])('nothing in %s %s', (path, text) =>
    expect(found(path, text).filter((hit) => !hit.includes(' word '))).toEqual([]),
  );
});

describe('any text', () => {
  it('yields secrets in order, apart, and inside the text', () => {
    let seed = 9;
    const next = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    const bits = [
      ...TOKENS.map(([, token]) => token),
      'password',
      '=',
      ':',
      '"',
      "'",
      '\n',
      '://',
      'a:b@c',
      '@',
      ' ',
      '{',
      '`',
      '-----BEGIN PRIVATE KEY-----',
      'eyJ',
      '\\',
      'secret',
      ',',
      'Kf93vuqLd',
      '\u2028',
    ];
    for (let i = 0; i < Number(process.env['FUZZ'] ?? 300); i += 1) {
      const text = Array.from({ length: 1 + next(30) }, () => bits[next(bits.length)]).join('');
      let end = 0;
      for (const secret of read(['a.js', '.env', 'a.yaml', 'a.md'][i % 4] ?? '', text)) {
        expect(secret.start >= end && secret.end > secret.start && secret.end <= text.length, text).toBe(true);
        end = secret.end;
      }
    }
  });

  it.each([
    ['openings of URLs', '://a:'.repeat(200_000)],
    ['openings of keys', '-----BEGIN PRIVATE KEY-----'.repeat(20_000)],
    ['half a token', 'eyJaaaaaaaaa.eyJ'.repeat(60_000)],
    ['names', 'password='.repeat(100_000)],
    ['names in strings', `password: "${'a'.repeat(1_000_000)}`],
    ['blanks', `secret${' '.repeat(1_000_000)}=`],
    ['key types', '{"kty":"RSA",'.repeat(40_000)],
    ['bases of keys', 'LS0tLS1CRUdJTi'.repeat(60_000)],
  ])('a megabyte of %s takes no longer than a megabyte may', (_, text) => {
    const before = process.cpuUsage();
    read('a.js', text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3_000);
  });
});
