import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/dotenv-tracked',
  ensures: 'Files of environment variables are not part of the repository.',
  severity: 'high',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: 'Everyone who can read the repository, a fork or an image built from it has the credentials. The history keeps them after the file is gone.',
  fix: 'Run `git rm --cached` on it, add it to `.gitignore`, replace every credential it held, and commit a template with the names only.',
  references: ['https://12factor.net/config', 'https://docs.github.com/en/code-security/secret-scanning'],
  needs: ['environment'],
  *check({ environment }) {
    for (const { path, tracked, place, encrypted, entries, at } of environment.files) {
      if (tracked === 'ignored' || place === 'template' || place === 'docs' || encrypted) continue;
      const secrets = entries.filter(
        ({ secret, value, name }) => !PUBLIC.test(name) && (secret?.state === 'literal' || isStrong(value.secret)),
      );
      const [first] = secrets;
      if (!first) continue;
      const strong = secrets.some(({ value }) => isStrong(value.secret));
      const named = secrets
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', ');
      const beside = place !== 'product' || /\.(dev|development|local|test|ci|sample)(\.|$)/i.test(path);
      const severity = beside ? ('low' as const) : strong ? ('critical' as const) : ('high' as const);
      const state = tracked === 'untracked' ? 'is not ignored, so the next commit takes it along' : 'is committed';
      yield {
        at: at(first.nameAt),
        severity: tracked === 'untracked' && severity === 'critical' ? 'high' : severity,
        message: `${path} ${tracked === 'unknown' ? 'lies in the project' : state} with ${secrets.length === 1 ? '' : `${secrets.length} secrets, among them `}${named}.`,
      };
    }
  },
  examples: [
    bad('The settings of production', { '.env': 'PORT=3000\n«DB_PASSWORD»=Kf93-vuqLd\nSMTP_PASSWORD=b8Xq2mPz\n' }),
    bad('A word is a password, too', { 'config/.env.production': '«SESSION_SECRET»=keyboard-cat\n' }),
    bad('Settings of developers cost less', { '.env.development': '«JWT_SECRET»=Kf93vuqLd82hsXpq\n' }),
    bad('A database by its address', { '.env': '«DATABASE_URL»=postgres://api:Kf93vuqLd@db.acme.io/shop\n' }),
    good('A template', { '.env.example': 'DB_PASSWORD=Kf93-vuqLd\n', 'env.template': 'A_TOKEN=x1y2z3x1y2z3\n' }),
    good('Nothing in it is secret', {
      '.env':
        'NEXT_PUBLIC_API_TOKEN=pk_live_1\nVITE_APP_NAME=shop\nPORT=3000\nDB_PASSWORD=\nAPI_KEY=changeme\nSECRET=${SECRET}\n',
    }),
    good('Encrypted', {
      '.env.production': 'DOTENV_PUBLIC_KEY_PRODUCTION="03a1b2"\nDB_PASSWORD="encrypted:BD7HQzbmR2wqXxqUQz8"\n',
    }),
  ],
});

/** Names frameworks hand to the browser. */
const PUBLIC = /^(NEXT_PUBLIC_|VITE_|REACT_APP_|NUXT_PUBLIC_|PUBLIC_|EXPO_PUBLIC_|GATSBY_)/;

const isStrong = (
  secret: { readonly strength: string; readonly mode?: string; readonly grade: string } | undefined,
): boolean =>
  secret !== undefined && secret.strength !== 'word' && secret.mode === undefined && secret.grade !== 'info';
