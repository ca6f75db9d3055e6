import { bad, defineRule, good } from '../../src/rule/rule.ts';

const COMPOSE = /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/;

export default defineRule({
  id: 'secrets/generic-credential',
  control: 'secrets/hardcoded-credential',
  ensures: 'No password, secret or key is written into code or settings.',
  severity: 'high',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'Everyone who can read the code can use it, it is the same in every environment, and it cannot be changed without a release.',
  fix: 'Change the value, read it from `process.env`, and stop at start-up where it is missing.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, key, name, severity, state, place, within, strength, fallback, object } of secrets.found) {
      if (kind !== 'named' || strength !== 'guessed' || severity === 'info' || fallback || object) continue;
      if (place !== 'product' || within === 'dotenv' || within === 'template') continue;
      // what a service is given has rules of its own
      if (COMPOSE.test(at.path)) continue;
      yield {
        at,
        severity,
        confidence: 'likely',
        message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${state}${key === undefined ? '' : ' as a literal'}.`,
      };
    }
  },
  examples: [
    bad('A database password in the code', {
      'src/db.js': `module.exports = { host: 'db.acme.io', user: 'api', password: '«Kf93-vuqLd»' };\n`,
    }),
    bad('A signing secret in settings', {
      'config/production.yaml': 'auth:\n  jwtSecret: «9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c»\n',
    }),
    bad('A header with a fixed token', {
      'src/client.ts': `const headers = { Authorization: 'Bearer «9f8a7b6c5d4e3f2a1b0c9d8e»' };\n`,
    }),
    bad('In a script of the manifest', {
      'package.json': '{ "name": "shop", "scripts": { "migrate": "DB_PASSWORD=«Kf93vuqLd» node migrate.js" } }\n',
    }),
    good('In a Secret of Kubernetes, of which is told as a whole', {
      'k8s/a.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData:\n  DB_PASSWORD: Kf93-vuqLd82\n',
    }),
    good('The settings of a test run, of a container to develop in, and the second word of a list', {
      'cypress.config.ts': `export default { env: { ADMIN_PASSWORD: 'Kf93-vuqLd' } };\n`,
      '.devcontainer/devcontainer.json':
        '{ "postStartCommand": "docker run -e POSTGRES_PASSWORD=Kf93vuqLd postgres" }\n',
      'src/login.ts': `// any other value ('password', 'Kf93-vuqLd', 'cas', 'saml')\nexport const login = 1;\n`,
    }),
    good('A service of compose, which is judged as a whole', {
      'docker-compose.yml':
        'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: Kf93-vuqLd82\n',
    }),
    good('Names that only speak of a secret', {
      'src/a.js': `const a = { passwordField: 'user_pwd1', tokenType: 'Bearer2', secretName: 'db-secret-3', minPasswordLength: 12 };\nconst errors = { password: 'Your password is too short', resetToken: 'q1w2e3r4t5y6u7i8' };\n`,
    }),
    good('Translations', {
      'public/locales/es.json': '{ "password": "Contraseña", "token": "Clave de acceso n.º 1" }\n',
      'src/i18n.ts': `export const sv = { password: 'Lösenord' };\n`,
    }),
    good('A link to a page of its own', {
      'views/help.ejs': `<p>Try [this link](/resetpw?login=user&token=ee11cbb19052e40b07aac0ca060c23ee).</p>\n`,
    }),
    bad('A link to somebody else', {
      'src/map.js': `module.exports = 'https://maps.acme.io/tiles?layer=roads&token=«ee11cbb19052e40b07aac0ca060c23ee»';\n`,
    }),
    good('References and placeholders', {
      'src/a.js': `const password = process.env.DB_PASSWORD;\nconst apiKey = 'your-api-key-123456';\nconst secret = config.get('jwt.secret');\n`,
      'deploy/values.yaml':
        'dbPassword: ${DB_PASSWORD}\napiToken: <path:secret/data/api#token>\njwtSecret: ENC[AES256_GCM,data:p673w3,iv:abc]\n',
    }),
    good('A test with a password of its own', { 'test/login.test.js': `const password = 'Kf93-vuqLd';\n` }),
  ],
});
