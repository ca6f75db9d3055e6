import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/deployment-secret-literal',
  ensures: 'Deployment files refer to secrets and do not hold them.',
  severity: 'high',
  control: 'secrets/hardcoded-credential',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'The file is in the repository, in every clone and every CI log that prints it; the value can be changed only by a commit, and old commits keep it.',
  fix: 'Write `${NAME:?set it}` in compose and `valueFrom.secretKeyRef` in Kubernetes; change the value that was here.',
  references: [
    'https://docs.docker.com/compose/how-tos/use-secrets/',
    'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables',
  ],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { path, at, name, where, development } of deployments.secretLiterals) {
      yield {
        at: { path, ...at },
        message: `${where} sets ${name} to a literal value.`,
        ...(development && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('compose, as a map and as a list', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    environment:\n      «JWT_SECRET: Kf93-vuqLd82hhs»\n  jobs:\n    build: .\n    environment:\n      - «API_TOKEN=9f8a7b6c5d4e3f2a1b0c9d8e»\n      - «DATABASE_URL=postgres://shop:Kf93vuqLd@db.acme.io/shop»\n',
    }),
    bad('Through an anchor, once', {
      'compose.yaml':
        'x-env: &env\n  «SESSION_SECRET: Kf93-vuqLd82hhs»\nservices:\n  a:\n    image: acme/a:1\n    environment: *env\n  b:\n    image: acme/b:1\n    environment:\n      <<: *env\n',
    }),
    bad('Kubernetes', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1\n          env:\n            - «name: STRIPE_SECRET_KEY\n              value: Kf93vuqLd82hhsQ1w2e3»\n',
      'k8s/config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shop }\ndata:\n  PORT: "3000"\n  «DB_PASSWORD: Kf93-vuqLd82hhs»\n',
    }),
    good('References', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    environment:\n      JWT_SECRET: ${JWT_SECRET:?}\n      DB_PASSWORD_FILE: /run/secrets/db\n      API_TOKEN: ""\n      SESSION_SECRET:\n    secrets: [db]\n',
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1\n          env:\n            - name: STRIPE_SECRET_KEY\n              valueFrom: { secretKeyRef: { name: stripe, key: key } }\n            - name: TOKEN_TTL\n              value: "3600"\n',
    }),
    good('Placeholders', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    environment:\n      JWT_SECRET: <put a secret here>\n      API_KEY: your-api-key\n',
    }),
  ],
});
