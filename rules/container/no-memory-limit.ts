import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/no-memory-limit',
  ensures: 'Every container has a memory limit.',
  severity: 'medium',
  roles: ['any'],
  cwe: 770,
  owasp: 'A02',
  why: 'A leak or one large request takes the memory of the whole machine, and the kernel kills whatever it likes best: the database, often.',
  fix: 'Set `deploy.resources.limits.memory` (or `mem_limit`) in compose, `resources.limits.memory` equal to the request in Kubernetes, and `--max-old-space-size` to about three quarters of it.',
  references: [
    'https://docs.docker.com/reference/compose-file/deploy/#resources',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  ],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { path, at, name, confidence } of deployments.unlimited) {
      yield {
        at: { path, ...at },
        message: `${name} has no memory limit.`,
        confidence,
        ...(confidence === 'likely' && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('A service of compose', { 'docker-compose.prod.yml': 'services:\n  «web»:\n    build: .\n' }),
    bad('A container of Kubernetes', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: «web»\n          image: acme/web:1\n          resources: { requests: { memory: 256Mi } }\n',
    }),
    good('Limited', {
      'compose.yaml':
        'services:\n  a:\n    build: .\n    mem_limit: 512m\n  b:\n    build: .\n    deploy: { resources: { limits: { memory: 512M } } }\n',
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1\n          resources: { limits: { memory: 512Mi } }\n',
    }),
    good('A range for the namespace, a job, a patch that adds it', {
      'k8s/range.yaml':
        'apiVersion: v1\nkind: LimitRange\nmetadata: { name: mem }\nspec: { limits: [{ type: Container, default: { memory: 512Mi } }] }\n',
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers: [{ name: web, image: "acme/web:1" }]\n',
    }),
    good('Not ours, without Node.js, or for development', {
      'compose.yaml': 'services:\n  db:\n    image: postgres:17\n  api:\n    build: ./api\n',
      'api/Dockerfile': 'FROM golang:1.24\nCOPY . .\nRUN go build -o /api\nCMD ["/api"]\n',
      'docker-compose.dev.yml': 'services:\n  web:\n    build: .\n',
    }),
  ],
});
