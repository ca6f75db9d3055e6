import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ingress = (annotations: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: «Ingress»\nmetadata:\n  name: api\n  annotations:\n${annotations}spec:\n  rules: [{ host: api.acme.io }]\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: acme/api:1\n`;
const plain = (annotations: string): string => ingress(annotations).replaceAll(/[«»]/g, '');

export default defineRule({
  id: 'resilience/balancer-keepalive-longer',
  ensures: 'The service keeps idle connections longer than the load balancer in front of it.',
  severity: 'medium',
  roles: ['service'],
  why: 'Node.js closes an idle connection after 5 seconds. The balancer believes it is open, sends a request into it at that moment, and answers 502: a few in a thousand, which nobody can reproduce.',
  fix: 'Set `server.keepAliveTimeout` above the idle time of the balancer: 65_000 for an ALB, 620_000 for Google Cloud.',
  references: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
    'https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends',
    'https://nodejs.org/api/http.html#serverkeepalivetimeout',
  ],
  needs: ['deployments', 'edge', 'servers'],
  about: {
    what: 'load balancer with a known idle time',
    isIn: ({ edge }) => edge.waits.some(({ keepsIdle }) => keepsIdle !== undefined),
  },
  *check({ deployments: { workloads }, edge, servers: { keepAlive } }) {
    const own = workloads.filter(({ kind, development }) => /^(Deployment|StatefulSet)$/.test(kind) && !development);
    // which of several it hands requests to is not followed
    if (keepAlive === 'unknown' || own.length !== 1) return;
    for (const { at, name, keepsIdle } of edge.waits)
      if (keepsIdle !== undefined && keepAlive <= keepsIdle)
        yield {
          at,
          confidence: 'likely',
          message: `The service closes idle connections after ${keepAlive} s, and ${name} keeps them for ${keepsIdle} s.`,
        };
  },
  examples: [
    bad('The Application Load Balancer', {
      'server.js': "require('express')().listen(3000);\n",
      'k8s/api.yaml': ingress('    alb.ingress.kubernetes.io/scheme: internet-facing\n'),
    }),
    bad('That of Google Cloud, and Fastify', {
      'server.js': "require('fastify')().listen({ port: 3000, host: '0.0.0.0' });\n",
      'k8s/api.yaml': ingress('    kubernetes.io/ingress.class: gce\n'),
    }),
    good('Longer than it', {
      'server.js': "const server = require('express')().listen(3000);\nserver.keepAliveTimeout = 65_000;\n",
      'k8s/api.yaml': plain('    alb.ingress.kubernetes.io/scheme: internet-facing\n'),
    }),
    good('A balancer that lets go first; Fastify behind an ALB', {
      'server.js': "require('fastify')().listen({ port: 3000, host: '0.0.0.0' });\n",
      'k8s/api.yaml': plain('    alb.ingress.kubernetes.io/scheme: internal\n'),
      'b/server.js': "const app = require('fastify')();\napp.listen({ port: 3001, host: '0.0.0.0' });\n",
    }),
    good('nginx, which tries again', {
      'server.js': "require('express')().listen(3000);\n",
      'k8s/api.yaml': plain('    kubernetes.io/ingress.class: nginx\n'),
    }),
  ],
});
