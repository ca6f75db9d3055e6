import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/floating-image',
  ensures: 'Deployments name the version of the images they run.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'A pull or a new node brings whatever is the newest that day: a major version of a database that cannot read its files, or two replicas that run different programs. Nobody can roll back to what nobody wrote down.',
  fix: 'Write a version, at least the major: `postgres:17`. For your own image, the tag CI built.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  needs: ['deployments'],
  *check({ deployments }) {
    const seen = new Set<string>();
    for (const { image, build, path, confidence } of deployments.production) {
      if (!image || build || !isFloating(image.text) || seen.has(`${path}:${image.start}`)) continue;
      seen.add(`${path}:${image.start}`);
      yield {
        at: { path, start: image.start, end: image.end },
        message: `${image.text} is whatever version is the newest when it is pulled.`,
        ...(confidence === 'likely' && { confidence, severity: 'low' as const }),
      };
    }
    const overridden = deployments.platformFiles.some((path) => /kustomization|skaffold|Chart/i.test(path));
    for (const { containers, initContainers, development } of deployments.workloads) {
      if (development) continue;
      for (const { image, path } of [...containers, ...initContainers]) {
        if (!image || !isFloating(image.text)) continue;
        // kustomize, skaffold and the like set the tags of images they know by name
        if (overridden && !image.text.includes(':')) continue;
        yield {
          at: { path, start: image.start, end: image.end },
          message: `${image.text} is whatever version is the newest when it is pulled.`,
        };
      }
    }
  },
  examples: [
    bad('No tag, and latest, in a production file', {
      'compose.prod.yaml':
        'services:\n  db:\n    image: «postgres»\n  cache:\n    image: «redis:latest»\n  api:\n    image: registry.acme.io:5000/api:1.4.2\n',
    }),
    bad('In Kubernetes', {
      'k8s/api.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: «registry.acme.io/api:latest»\n',
    }),
    good('Versions, digests, and what CI fills in', {
      'compose.prod.yaml':
        'services:\n  db:\n    image: postgres:17\n  cache:\n    image: redis@sha256:6e2d1d9ab0f9f6f0cf8f3b9bd3be3d4ac2b8a4e6b9cb2f5c2c4f3d2c1b0a9f8e\n  api:\n    image: acme/api:${TAG}\n  web:\n    image: ${WEB_IMAGE}\n',
      'k8s/api.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: acme/api:IMAGE_TAG\n',
    }),
    good('Built here, or for developers', {
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    image: acme/api\n',
      'compose.dev.yaml': 'services:\n  db:\n    image: postgres\n',
    }),
    good('Kustomize sets the tag', {
      'k8s/kustomization.yaml': 'images:\n  - name: acme/api\n    newTag: 1.4.2\n',
      'k8s/api.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: acme/api\n',
    }),
  ],
});

/** No tag, or one that moves; nothing where a variable decides it. */
function isFloating(image: string): boolean {
  if (image.includes('$') || image.includes('{') || image.includes('@sha256:') || image === '') return false;
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : undefined;
  return tag === undefined ? !/^[A-Z_]+$/.test(name) : /^(latest|current|stable|edge|nightly|main|master)$/i.test(tag);
}
