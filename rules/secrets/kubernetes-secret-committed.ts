import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/kubernetes-secret-committed',
  ensures: 'Kubernetes Secrets are not kept in the repository in clear.',
  severity: 'high',
  control: 'secrets/hardcoded-credential',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'Base64 is no encryption: whoever can read the repository, a fork or an old clone has the values.',
  fix: 'Keep them encrypted (SealedSecret, SOPS) or outside (ExternalSecret), and change the values that were here.',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  needs: ['deployments'],
  about: { what: 'Kubernetes object', isIn: ({ deployments }) => deployments.kubernetes.length > 0 },
  *check({ deployments }) {
    for (const { path, at, name, keys, development } of deployments.secretObjects) {
      const which = keys.slice(0, 3).join(', ');
      yield {
        at: { path, ...at },
        message: `The Secret ${name} holds ${which} in clear.`,
        ...(development && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('Encoded, and in clear', {
      'k8s/secret.yaml':
        'apiVersion: v1\nkind: «Secret»\nmetadata: { name: db }\ndata:\n  password: S2Y5My12dXFMZDgyaGhz\n---\napiVersion: v1\nkind: «Secret»\nmetadata: { name: mail }\nstringData:\n  SMTP_PASS: Kf93-vuqLd82hhs\n',
    }),
    good('Sealed, encrypted, external, templated, empty', {
      'k8s/a.yaml':
        'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: db }\nspec:\n  encryptedData:\n    password: AgBy3i4OJSWK\n',
      'k8s/b.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData:\n  password: ENC[AES256_GCM,data:p673w3,iv:abc]\n',
      'k8s/c.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData:\n  password: ${DB_PASSWORD}\n  other: ""\n',
      'chart/templates/d.yaml': 'apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.password | b64enc }}\n',
    }),
    good('Placeholders to be filled in', {
      'k8s/secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData:\n  password: changeme\n',
    }),
    good('A list of services', { 'compose.yaml': 'services:\n  web: { image: "acme/web:1" }\n' }),
  ],
});
