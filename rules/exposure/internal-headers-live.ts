import { bad, defineRule, good } from '../../src/rule/rule.ts';

const INTERNAL =
  /^(?:x-backend(?:-server|-host)?|x-upstream|x-served-by-host|x-envoy-(?:upstream-service-time|decorator-operation|peer-metadata(?:-id)?)|x-b3-\w+|x-datadog-[\w-]+|x-pod-name|x-kubernetes-[\w-]+|x-real-server|x-hostname)$/i;
const PRIVATE =
  /(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\w.-])|\.svc\.cluster\.local\b|\bip-10(?:-\d{1,3}){3}\b|\.(?:ec2|compute)\.internal\b/;
/** A pod of a Deployment: its name, the hash of its template, five letters. Kubernetes leaves out vowels and lookalikes. */
const POD = /^[a-z][\da-z-]{0,60}-[2456789bcdfghjklmnpqrstvwxz]{6,10}-[2456789bcdfghjklmnpqrstvwxz]{5}$/;
/** A redirect or a link to such a name has a rule of its own. */
const JUDGED_ELSEWHERE =
  /^(?:location|content-location|refresh|link|alt-svc|content-security-policy(?:-report-only)?)$/;

export default defineRule({
  id: 'exposure/internal-headers-live',
  ensures: 'Responses do not name the machines behind the edge.',
  severity: 'low',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `Names and addresses of the inside tell an attacker where to go once one foot is in the door, and how many instances there
are.`,
  fix: `Take them out at the edge: \`proxy_hide_header X-Backend-Server;\`.`,
  references: ['https://owasp.org/www-project-secure-headers/#prevent-information-disclosure-via-http-headers'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { responses } of transport) {
      const seen = new Set<string>();
      for (const { allHeaders } of responses) {
        for (const { name, value, line } of allHeaders) {
          const lower = name.toLowerCase();
          if (seen.has(lower) || JUDGED_ELSEWHERE.test(lower)) continue;
          if (!INTERNAL.test(name) && !PRIVATE.test(value) && !POD.test(value)) continue;
          seen.add(lower);
          yield { at: line, message: `${name} tells of the inside of your network.` };
        }
      }
    }
  },
  examples: [
    bad('A backend, and an address', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«X-Backend-Server: web-7f9c»
«Via: 1.1 proxy (10.2.0.14)»
«X-Served-By: shop-api-7c9d8f6b5-x2x4z»

<!doctype html>`,
    }),
    good('What is there to be seen', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Request-Id: 0a1b
traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
CF-Ray: 8f2a-FRA
X-Version: 10.0.0.1-beta.2
X-Served-By: cache-fra-eddf8230031-FRA
X-Build: shop-api-20261124-final

<!doctype html>`,
    }),
  ],
});
