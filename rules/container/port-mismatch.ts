import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/port-mismatch',
  ensures: 'Deployments send requests to the port the program opens.',
  severity: 'medium',
  roles: ['any'],
  why: 'Nothing listens where requests are sent: the service is up, and every connection is refused.',
  fix: 'Write the same port in both places, or let both read `PORT`.',
  references: ['https://docs.docker.com/reference/dockerfile/#expose'],
  needs: ['wiring'],
  *check({ wiring }) {
    const seen = new Set<string>();
    for (const { named, doors } of wiring.services) {
      // one of several exposed ports is enough: others are of metrics, debuggers, sockets
      const exposed = named.filter(({ how }) => how === 'image');
      const isExposed = exposed.some(({ port, opened }) => opened === undefined || opened.includes(port));
      for (const { at, how, port, opened } of named) {
        const place = `${at.path}:${at.start}`;
        if (opened === undefined || opened.includes(port) || seen.has(place)) continue;
        if (how === 'image' && isExposed) continue;
        if (
          how !== 'image' &&
          named.some((other) => other.how === how && other.at.path === at.path && opened.includes(other.port))
        )
          continue;
        seen.add(place);
        const [door] = doors;
        yield {
          at,
          ...(how === 'image' && { severity: 'low' as const }),
          message: `${how === 'image' ? `EXPOSE says ${port}` : `Requests are sent to ${port}`}, but the program listens on ${opened.join(' and ')}.`,
          ...(door && { trail: [{ at: door.at, note: 'Here it starts to listen.' }] }),
        };
      }
    }
  },
  examples: [
    bad('Compose sends them elsewhere', {
      'server.js': "require('express')().listen(process.env.PORT || 3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    ports:\n      - «80:8080»\n',
    }),
    bad('EXPOSE, and a container of Kubernetes that sets the port', {
      'src/main.ts':
        "import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen({ port: Number(process.env.PORT ?? 3000), host: '0.0.0.0' });\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node src/main.ts" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nEXPOSE «8000»\nCMD ["node", "src/main.ts"]\n',
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: acme/a:1\n          env:\n            - name: PORT\n              value: "4000"\n          ports:\n            - containerPort: «3000»\n',
    }),
    good('By variable, by default, by the image', {
      'server.js': "const port = process.env.PORT || 3000;\nrequire('express')().listen(port);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile:
        'FROM node:24-slim\nARG PORT=8080\nENV PORT=$PORT\nCOPY . .\nEXPOSE $PORT 9229\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    environment:\n      PORT: 5000\n    ports:\n      - 80:5000\n',
    }),
    good('Something we cannot see decides it', {
      'server.js': "const config = require('config');\nrequire('express')().listen(config.get('port'));\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
    }),
    good('A variable from a file that is not here', {
      'server.js': "require('express')().listen(process.env.PORT || 3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    env_file: /etc/api.env\n    ports:\n      - 80:8080\n',
    }),
  ],
});
