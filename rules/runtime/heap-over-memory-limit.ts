import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'runtime/heap-over-memory-limit',
  ensures: 'The heap of Node.js fits into the memory limit of its container.',
  severity: 'medium',
  roles: ['any'],
  cwe: 770,
  why: 'V8 grows its heap up to its own limit and collects late; if the container’s limit comes first, the kernel kills the process in the middle of its requests, without a log line.',
  fix: 'Set `--max-old-space-size` to about 75 % of the limit (in MiB), or raise the limit: buffers, code and stacks need the rest.',
  references: ['https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib'],
  needs: ['deployments', 'tightHeaps'],
  about: { what: 'memory limit', isIn: ({ deployments }) => deployments.limitsMemory },
  *check({ tightHeaps }) {
    for (const { path, at, name, heapMiB, limitMiB } of tightHeaps) {
      yield {
        at: { path, ...at },
        message: `${name} may grow its heap to ${heapMiB} MiB within a limit of ${limitMiB} MiB.`,
      };
    }
  },
  examples: [
    bad('In compose, by environment', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    mem_limit: 512m\n    environment:\n      «NODE_OPTIONS: --max-old-space-size=512»\n',
    }),
    bad('In Kubernetes, by argument', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1\n          command: «[node, --max-old-space-size=1000, server.js]»\n          resources: { limits: { memory: 1Gi } }\n',
    }),
    bad('By the image, and by the script it starts', {
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\n«CMD ["node", "--max-old-space-size=1024", "server.js"]»\n',
      'b/Dockerfile':
        'FROM node:24-slim\nENV «NODE_OPTIONS=--max-old-space-size=2048»\nCOPY . .\nCMD ["node", "b.js"]\n',
      'compose.prod.yaml':
        'services:\n  a:\n    build: ./a\n    mem_limit: 512m\n  b:\n    build: ./b\n    mem_limit: 2g\n',
    }),
    good('What the image says, and a deployment says better', {
      Dockerfile: 'FROM node:24-slim\nENV NODE_OPTIONS=--max-old-space-size=2048\nCOPY . .\nCMD ["node", "b.js"]\n',
      'compose.prod.yaml':
        'services:\n  b:\n    build: .\n    mem_limit: 1g\n    environment: [NODE_OPTIONS=--max-old-space-size=700]\n',
    }),
    good('Room for the rest', {
      'compose.yaml':
        'services:\n  web:\n    build: .\n    deploy: { resources: { limits: { memory: 1G } } }\n    environment: ["NODE_OPTIONS=--max-old-space-size=700"]\n',
    }),
    good('No limit, or no heap of its own', {
      'compose.yaml':
        'services:\n  a:\n    build: .\n    environment: ["NODE_OPTIONS=--max-old-space-size=4096"]\n  b:\n    build: .\n    mem_limit: 512m\n',
    }),
  ],
});
