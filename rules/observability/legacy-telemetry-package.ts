import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What took their place. Source: release notes of the OpenTelemetry JavaScript SDK and its contrib repository. */
const REPLACED: readonly { readonly name: RegExp; readonly by: string }[] = [
  { name: /^@opentelemetry\/exporter-jaeger$/, by: '`@opentelemetry/exporter-trace-otlp-proto`; Jaeger takes OTLP' },
  { name: /^@opentelemetry\/propagator-jaeger$/, by: 'the W3C propagator, which is the default' },
  { name: /^@opentelemetry\/shim-(opentracing|opencensus)$/, by: '`@opentelemetry/api`' },
  { name: /^@opentelemetry\/exporter-collector(-grpc|-proto)?$/, by: '`@opentelemetry/exporter-trace-otlp-proto`' },
  { name: /^@opentelemetry\/(node|tracing|web|metrics)$/, by: '`@opentelemetry/sdk-node`' },
  { name: /^@opentelemetry\/plugin-[\w-]+$/, by: '`@opentelemetry/instrumentation-…`' },
  { name: /^@opentelemetry\/instrumentation-fastify$/, by: '`@fastify/otel`' },
  { name: /^(jaeger-client|opentracing)$/, by: 'OpenTelemetry' },
];

export default defineRule({
  id: 'observability/legacy-telemetry-package',
  ensures: 'Telemetry uses packages that are still maintained.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1104,
  why: `The packages were removed from OpenTelemetry or never belonged to it. They get no fixes, do not work with the current SDK, and hold the whole tracing at the version they last worked with.`,
  fix: `Replace the package by what took its place.`,
  references: ['https://opentelemetry.io/docs/languages/js/exporters/'],
  needs: ['manifests'],
  *check({ manifests }) {
    for (const { dependencies } of manifests.all) {
      for (const { name, nameAt, kind } of dependencies) {
        const row =
          kind === 'dependencies' || kind === 'optionalDependencies'
            ? REPLACED.find((each) => each.name.test(name))
            : undefined;
        if (row) yield { at: nameAt, message: `${name} is no longer maintained; its place took ${row.by}.` };
      }
    }
  },
  examples: [
    bad('The exporter for Jaeger', {
      'package.json': `{
  "name": "shop",
  "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": {
    «"@opentelemetry/exporter-jaeger"»: "^1.25.0",
    "@opentelemetry/sdk-node": "^0.52.0"
  }
}`,
    }),
    bad('Tracing of another age, in one workspace', {
      'package.json': `{ "name": "root", "private": true, "workspaces": ["api"] }`,
      'api/package.json': `{
  "name": "api", "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": { «"jaeger-client"»: "^3.19.0", «"opentracing"»: "^0.14.7" }
}`,
    }),
    good('OTLP', {
      'package.json': `{
  "name": "shop",
  "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": {
    "@opentelemetry/sdk-node": "^0.300.0",
    "@opentelemetry/exporter-trace-otlp-proto": "^0.300.0",
    "@fastify/otel": "^0.16.0"
  }
}`,
    }),
    good('Only for tests', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "devDependencies": { "opentracing": "^0.14.7" } }`,
    }),
  ],
});
