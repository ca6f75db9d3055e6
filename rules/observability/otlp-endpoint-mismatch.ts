import { bad, defineRule, good } from '../../src/rule/rule.ts';

const EXPORTER =
  /^@opentelemetry\/exporter-(?:trace|metrics|logs)-otlp-(proto|http|grpc)\.OTLP(Trace|Metric|Log)Exporter$/;
const SIGNAL: Readonly<Record<string, string>> = { Trace: '/v1/traces', Metric: '/v1/metrics', Log: '/v1/logs' };

export default defineRule({
  id: 'observability/otlp-endpoint-mismatch',
  ensures: 'Telemetry is sent to a port and path that take it.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  why: `OTLP over HTTP (\`-proto\`, \`-http\`) is spoken on port 4318 below \`/v1/traces\`; port 4317 speaks gRPC. A \`url\` in the code is used as it is, no path is added. Sent to the wrong one, every span is lost, with at most a line in a debug log.`,
  fix: `HTTP: \`http://collector:4318/v1/traces\`. gRPC: \`http://collector:4317\`. Or leave \`url\` out and set \`OTEL_EXPORTER_OTLP_ENDPOINT\`, to which the path is added.`,
  references: [
    'https://opentelemetry.io/docs/specs/otlp/#otlphttp-request',
    'https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/',
  ],
  needs: ['program', 'code'],
  about: { what: 'exporter of OpenTelemetry', isIn: ({ program }) => program.callsTo(EXPORTER).length > 0 },
  *check({ program, code }) {
    for (const call of program.callsTo(EXPORTER)) {
      const match = code
        .apiOf(call)
        .map((api) => EXPORTER.exec(api))
        .find((found) => found !== null);
      const option = match ? code.option(call, 0, 'url') : undefined;
      if (!match || option?.state !== 'given') continue;
      const [, protocol, signal = 'Trace'] = match;
      const texts = program.origins(option.value).flatMap((origin) => program.constants(origin) ?? []);
      for (const text of texts) {
        const url = URL.canParse(String(text)) ? new URL(String(text)) : undefined;
        if (!url) continue;
        const path = SIGNAL[signal] ?? '/v1/traces';
        const wrong =
          protocol === 'grpc'
            ? url.port === '4318'
              ? 'port 4318 speaks HTTP, this exporter gRPC (4317)'
              : url.pathname.startsWith('/v1')
                ? 'gRPC has no path'
                : undefined
            : url.port === '4317'
              ? `port 4317 speaks gRPC, this exporter HTTP (4318, with ${path})`
              : url.pathname === '/' || url.pathname === ''
                ? `this exporter adds no path to it; the collector listens at ${path}`
                : undefined;
        if (wrong === undefined) continue;
        yield { at: program.locationOf(option.value), message: `Telemetry sent to ${url.host} is lost: ${wrong}.` };
        break;
      }
    }
  },
  examples: [
    bad('The port of gRPC for an HTTP exporter', {
      'tracing.ts': `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
const sdk = new NodeSDK({
  traceExporter: new OTLPTraceExporter({ url: «'http://localhost:4317'» }),
  instrumentations: [getNodeAutoInstrumentations()],
});
sdk.start();`,
    }),
    bad('No path, no gRPC', {
      'metrics.js': `
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-grpc');
exports.metrics = new OTLPMetricExporter({ url: «'http://collector:4318'» });
exports.traces = new OTLPTraceExporter({ url: «'http://collector:4318/v1/traces'» });`,
    }),
    good('Port and path that fit', {
      'tracing.ts': `
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OTLPTraceExporter as Grpc } from '@opentelemetry/exporter-trace-otlp-grpc';
export const a = new OTLPTraceExporter({ url: 'http://collector:4318/v1/traces' });
export const b = new Grpc({ url: 'http://collector:4317' });
export const c = new OTLPTraceExporter({ url: 'https://otlp.vendor.example/ingest/v1/traces' });`,
    }),
    good('Decided by the environment', {
      'tracing.js': `
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
exports.a = new OTLPTraceExporter();
exports.b = new OTLPTraceExporter({ url: process.env.COLLECTOR_URL });`,
    }),
  ],
});
