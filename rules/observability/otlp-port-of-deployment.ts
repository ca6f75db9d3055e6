import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DOCKERFILE = 'FROM node:24-slim\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n';
const manifest = (name: string): string => `{ "name": "a", "dependencies": { "@opentelemetry/${name}": "0.210.0" } }\n`;
const compose = (environment: string): string => `services:\n  api:\n    build: .\n    environment:\n${environment}`;

export default defineRule({
  id: 'observability/otlp-port-of-deployment',
  ensures: 'A deployment sends telemetry to the port that speaks its protocol.',
  severity: 'high',
  control: 'observability/otlp-endpoint-mismatch',
  roles: ['any'],
  why: 'The SDK of Node.js speaks OTLP over HTTP unless it is told otherwise. Port 4317 takes gRPC alone: every span is refused, with at most a line in a debug log.',
  fix: 'Send to port 4318, or set `OTEL_EXPORTER_OTLP_PROTOCOL=grpc` and install the exporter for it.',
  references: ['https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/'],
  needs: ['images'],
  *check({ images }) {
    for (const { node, manifest: own, deployed, env } of images.production) {
      const packages = [...(own?.dependencies ?? [])];
      if (!node || !packages.some((name) => SPEAKS_HTTP.test(name)) || packages.some((name) => GRPC.test(name)))
        continue;
      for (const { environment, envFiles, development, name } of deployed) {
        if (development || envFiles.length > 0) continue;
        const told = [
          ...environment.map((variable) => [variable.name, variable.value?.text ?? ''] as const),
          ...[...env].map(([key, { value }]) => [key, value] as const),
        ].find(([key]) => /^OTEL_EXPORTER_OTLP_(TRACES_)?PROTOCOL$/.test(key))?.[1];
        const isHttp = told === undefined || told.startsWith('http/');
        for (const { name: variable, value, at, path } of environment) {
          const [, port] = /:(4317|4318)(?:\/|$)/.exec(value?.text ?? '') ?? [];
          const isWrong = (port === '4317' && isHttp) || (port === '4318' && told === 'grpc');
          if (/^OTEL_EXPORTER_OTLP_(TRACES_)?ENDPOINT$/.test(variable) && isWrong)
            yield {
              at: { path, start: at.start, end: at.end },
              message: `${name} speaks ${isHttp ? 'OTLP over HTTP' : 'gRPC'} to port ${port}, which takes ${isHttp ? 'gRPC' : 'HTTP'}.`,
            };
        }
      }
    }
  },
  examples: [
    bad('HTTP to the port of gRPC', {
      Dockerfile: DOCKERFILE,
      'package.json': manifest('auto-instrumentations-node'),
      'compose.yaml': compose('      «OTEL_EXPORTER_OTLP_ENDPOINT: http://jaeger:4317»\n'),
    }),
    bad('gRPC to the port of HTTP', {
      Dockerfile: DOCKERFILE,
      'package.json': manifest('sdk-node'),
      'compose.yaml': compose(
        '      - OTEL_EXPORTER_OTLP_PROTOCOL=grpc\n      - «OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318»\n',
      ),
    }),
    good('Each to its own', {
      Dockerfile: DOCKERFILE,
      'package.json': manifest('sdk-node'),
      'compose.yaml': compose('      OTEL_EXPORTER_OTLP_ENDPOINT: http://collector:4318\n'),
    }),
    good('gRPC, by a variable of the image', {
      Dockerfile: DOCKERFILE.replace('COPY', 'ENV OTEL_EXPORTER_OTLP_PROTOCOL=grpc\nCOPY'),
      'package.json': manifest('sdk-node'),
      'compose.yaml': compose('      OTEL_EXPORTER_OTLP_ENDPOINT: http://collector:4317\n'),
    }),
    good('An exporter for gRPC; a program that has no telemetry', {
      'a/Dockerfile': DOCKERFILE,
      'a/package.json': manifest('exporter-trace-otlp-grpc'),
      'b/Dockerfile': DOCKERFILE,
      'b/package.json': '{ "name": "b" }\n',
      'compose.yaml':
        'services:\n  a:\n    build: ./a\n    environment: [OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317]\n  b:\n    build: ./b\n    environment: [OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317]\n',
    }),
  ],
});

const SPEAKS_HTTP =
  /^@opentelemetry\/(sdk-node|auto-instrumentations-node|exporter-(trace|metrics|logs)-otlp-(proto|http))$/;
const GRPC = /^@opentelemetry\/exporter-\w+-otlp-grpc$/;
