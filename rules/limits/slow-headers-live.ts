import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/slow-headers-live',
  ensures: 'A request that never finishes its headers is cut off.',
  severity: 'medium',
  control: 'limits/slow-requests',
  roles: ['any'],
  cwe: 400,
  owasp: 'A06',
  why: `One machine opens thousands of connections and sends a byte now and then (Slowloris): the server waits for all of them
and has none left for anybody else.`,
  fix: `Leave \`server.headersTimeout\` and \`requestTimeout\` on (60 s and 300 s are Node's own), and put a proxy in front that
buffers requests.`,
  references: ['https://nodejs.org/api/http.html#serverheaderstimeout'],
  needs: ['strained'],
  *check({ strained }) {
    for (const { exchanges } of strained) {
      for (const { step, silence, url } of exchanges) {
        if (step !== 'slow-headers' || silence?.cause !== 'timeout') continue;
        yield { at: silence.at, message: `${url.origin} waits for the headers of one request: ${silence.detail}.` };
      }
    }
  },
  examples: [
    bad('Two minutes and still waiting', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-slow-headers.http': `
GET https://api.example/ HTTP/1.1

«NO ANSWER timeout still open after 130 s»`,
    }),
    good("Cut off after what is Node's own patience", {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-slow-headers.http': `
GET https://api.example/ HTTP/1.1

NO ANSWER reset closed after 90 s`,
    }),
  ],
});
