import { bad, defineRule, good } from '../../src/rule/rule.ts';

const STABLE =
  /^@opentelemetry\/(core|resources|sdk-trace|sdk-trace-base|sdk-trace-node|sdk-trace-web|sdk-metrics|context-async-hooks|exporter-zipkin|propagator-b3)$/;
const EXPERIMENTAL =
  /^@opentelemetry\/(sdk-node|sdk-logs|api-logs|instrumentation|instrumentation-(http|grpc|fetch|xml-http-request)|exporter-(trace|metrics|logs)-otlp-(proto|http|grpc)|exporter-prometheus|otlp-[\w-]+|configuration)$/;

/** The line of the SDK a version belongs to: 1.x with 0.2–0.57, 2.x with 0.200 and on, 3.x with 0.300 and on. */
function lineOf(name: string, range: string): number | undefined {
  const match = /(\d{1,4})\.(\d{1,5})/.exec(range.slice(0, 60)) ?? /^\D{0,2}(\d{1,4})()$/.exec(range.slice(0, 20));
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (STABLE.test(name)) return major >= 1 && major <= 9 ? major : undefined;
  if (!EXPERIMENTAL.test(name) || major !== 0) return undefined;
  return minor >= 200 ? Math.floor(minor / 100) : 1;
}

export default defineRule({
  id: 'observability/telemetry-version-skew',
  ensures: 'All OpenTelemetry packages are of one line.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1104,
  why: `OpenTelemetry releases its packages together: 1.x with 0.2–0.57, 2.x with 0.2xx, 3.x with 0.3xx. Of mixed lines, two copies of the SDK are installed, and spans of the one are unknown to the other: traces break apart or vanish without an error.`,
  fix: `Raise all of them to the newest line your Node.js supports: 3.x/0.3xx needs 22.15, 2.x/0.2xx needs 18.19 or 20.6.`,
  references: ['https://github.com/open-telemetry/opentelemetry-js#package-version-compatibility'],
  needs: ['manifests'],
  about: {
    what: 'OpenTelemetry package',
    isIn: ({ manifests }) =>
      manifests.all.some(({ dependencies }) => dependencies.some(({ name }) => name.startsWith('@opentelemetry/'))),
  },
  *check({ manifests }) {
    for (const { dependencies } of manifests.all) {
      const packages = dependencies.flatMap((dependency) => {
        const line = dependency.kind === 'dependencies' ? lineOf(dependency.name, dependency.range) : undefined;
        return line === undefined ? [] : [{ ...dependency, line }];
      });
      const newest = Math.max(...packages.map(({ line }) => line));
      const old = packages.find(({ line }) => line < newest);
      const model = packages.find(({ line }) => line === newest);
      if (!old || !model) continue;
      yield {
        at: old.at,
        message: `${old.name} ${old.range} is of the ${old.line}.x line of OpenTelemetry, ${model.name} ${model.range} of ${model.line}.x.`,
        trail: [{ at: model.at, note: 'This is of another line.' }],
      };
    }
  },
  examples: [
    bad('An exporter of the old line', {
      'package.json': `{
  "name": "shop",
  "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": {
    "@opentelemetry/sdk-node": "^0.203.0",
    "@opentelemetry/exporter-trace-otlp-proto": «"^0.52.0"»
  }
}`,
    }),
    bad('Resources of the old line', {
      'package.json': `{
  "name": "shop",
  "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": { "@opentelemetry/sdk-node": "0.300.0", "@opentelemetry/resources": «"^2.1.0"» }
}`,
    }),
    good('One line', {
      'package.json': `{
  "name": "shop",
  "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": {
    "@opentelemetry/api": "^1.9.0",
    "@opentelemetry/sdk-node": "^0.203.0",
    "@opentelemetry/resources": "^2.0.0",
    "@opentelemetry/auto-instrumentations-node": "^0.60.0",
    "@opentelemetry/instrumentation-pg": "^0.55.0"
  }
}`,
    }),
    good('Decided by a workspace', {
      'package.json': `{
  "name": "shop",
  "private": true,
  "scripts": { "start": "node server.js" },
  "dependencies": { "@opentelemetry/sdk-node": "catalog:", "@opentelemetry/resources": "^2.0.0" }
}`,
    }),
  ],
});
