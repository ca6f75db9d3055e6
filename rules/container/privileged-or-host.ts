import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/privileged-or-host',
  ensures: 'Containers get no rights over the machine they run on.',
  severity: 'high',
  roles: ['any'],
  cwe: 250,
  owasp: 'A02',
  why: 'A privileged container, the Docker socket or the host’s namespaces make a break-in into one process a break-in into the machine, and all that runs on it.',
  fix: 'Remove it; grant the one capability that is needed, or put a read-only socket proxy in between.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { at, what, tool, development } of deployments.hostAccess) {
      yield {
        at,
        message: what,
        ...(development ? { severity: 'low' as const } : tool ? { severity: 'medium' as const } : {}),
      };
    }
    for (const { path, at, what } of deployments.keepers)
      yield {
        at: { path, ...at },
        severity: 'low',
        message: `${what}: a break-in into it keeps what the kernel allows by default.`,
      };
  },
  examples: [
    bad('compose', {
      'compose.yaml':
        'services:\n  web:\n    image: acme/web:1\n    privileged: «true»\n    network_mode: «host»\n    cap_add: [«SYS_ADMIN»]\n    volumes:\n      - «/var/run/docker.sock:/var/run/docker.sock»\n',
    }),
    bad('Kubernetes', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      hostNetwork: «true»\n      containers:\n        - name: web\n          image: acme/web:1\n          securityContext:\n            privileged: «true»\n            allowPrivilegeEscalation: «true»\n            capabilities: { add: [«NET_ADMIN»] }\n',
    }),
    bad('Rights that nobody gave up', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: «Deployment»\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      securityContext: { runAsNonRoot: true }\n      containers:\n        - name: web\n          image: acme/web:1\n          securityContext: { capabilities: { drop: [NET_RAW] } }\n        - name: side\n          image: acme/side:1\n',
      'k8s/job.yaml':
        'apiVersion: batch/v1\nkind: «CronJob»\nmetadata: { name: clean }\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - name: clean\n              image: acme/web:1\n              securityContext: { allowPrivilegeEscalation: false }\n',
    }),
    good('A finished program of others, Windows, an overlay for development', {
      'k8s/db.yaml':
        'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  template:\n    spec:\n      containers:\n        - { name: db, image: "postgres:17" }\n',
      'k8s/win.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: win }\nspec:\n  template:\n    spec:\n      os: { name: windows }\n      containers:\n        - { name: win, image: "acme/win:1" }\n',
      'k8s/overlays/dev/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - { name: web, image: "acme/web:1" }\n',
    }),
    good('Locked down', {
      'compose.yaml':
        'services:\n  web:\n    image: acme/web:1\n    read_only: true\n    cap_drop: [ALL]\n    security_opt: ["no-new-privileges:true"]\n',
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1\n          securityContext: { privileged: false, allowPrivilegeEscalation: false, capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }\n',
    }),
    good('A DaemonSet of the system', {
      'k8s/agent.yaml':
        'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: node-exporter, namespace: kube-system }\nspec:\n  template:\n    spec:\n      hostNetwork: true\n      containers:\n        - { name: a, image: "prom/node-exporter:v1.8.0" }\n',
    }),
  ],
});
