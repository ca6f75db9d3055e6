import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'observability/tracing-backend-old',
  ensures: 'Traces go to a Jaeger that is kept up to date.',
  severity: 'low',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'Jaeger 1 gets no more fixes since its successor took over, and its own protocols are spoken by no SDK of today. What traces hold, addresses and queries, lies in a program nobody repairs.',
  fix: 'Run `jaegertracing/jaeger:2.x`, and send OTLP to its ports 4317 (gRPC) or 4318 (HTTP).',
  references: ['https://www.jaegertracing.io/docs/latest/migration/'],
  needs: ['deployments'],
  *check({ deployments: { production, workloads } }) {
    const running = [
      ...production,
      ...workloads.filter(({ development }) => !development).flatMap(({ containers }) => containers),
    ];
    for (const { path, name, image } of running) {
      const [, old] =
        /(?:^|\/)(jaegertracing\/(?:all-in-one|jaeger-(?:agent|collector|query|ingester)))(?:[:@]|$)/.exec(
          image?.text ?? '',
        ) ?? [];
      if (image && old !== undefined)
        yield { at: { path, start: image.start, end: image.end }, message: `${name} runs ${old}, which is Jaeger 1.` };
    }
  },
  examples: [
    bad('All in one', {
      'compose.prod.yaml': 'services:\n  tracing:\n    image: «jaegertracing/all-in-one:1.62.0»\n',
    }),
    bad('An agent beside the program', {
      'k8s/api.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers:\n        - name: agent\n          image: «jaegertracing/jaeger-agent:1.57»\n',
    }),
    good('Its successor, or a collector', {
      'compose.prod.yaml':
        'services:\n  tracing:\n    image: jaegertracing/jaeger:2.11.0\n  collector:\n    image: otel/opentelemetry-collector:0.140.0\n',
    }),
    good('On the machine of a developer', {
      'compose.dev.yaml': 'services:\n  tracing:\n    image: jaegertracing/all-in-one\n',
    }),
  ],
});
