import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Seconds that a balancer keeps an idle connection to the service, by the cookie it sets for itself. */
const BALANCERS: readonly (readonly [cookie: RegExp, name: string, idle: number])[] = [
  [/^AWSALB(?:TG)?(?:CORS)?$/, 'an Application Load Balancer', 60],
  [/^GCLB$/, 'a Google load balancer', 600],
];

export default defineRule({
  id: 'transport/keep-alive-short-live',
  ensures: 'The service keeps idle connections for longer than the balancer in front of it.',
  severity: 'info',
  roles: ['any'],
  why: `The service closes a connection in the moment in which the balancer sends a request over it: now and then a visitor gets
a 502 that nobody can reproduce.`,
  fix: `Set \`server.keepAliveTimeout\` above the idle time of the balancer, in milliseconds: 65_000 for sixty seconds.`,
  references: ['https://nodejs.org/api/http.html#serverkeepalivetimeout'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers, host } of responses.sites) {
      for (const { cookies, headers } of answers) {
        const [header] = headers('keep-alive');
        const seconds = Number(/\btimeout=(\d{1,6})/i.exec(header?.value ?? '')?.[1] ?? Number.NaN);
        const balancer = BALANCERS.find(([cookie]) => cookies.some(({ name }) => cookie.test(name)));
        if (!header || !balancer || !(seconds <= balancer[2])) continue;
        yield {
          at: header.line,
          message: `${host} closes idle connections after ${seconds} s, and ${balancer[1]} in front of it keeps them for ${balancer[2]} s.`,
          confidence: 'likely',
        };
        break;
      }
    }
  },
  examples: [
    bad('What Node.js does unless told, behind a balancer', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Keep-Alive: timeout=5»
Set-Cookie: AWSALB=abc; Path=/

<!doctype html>`,
    }),
    good('Longer than the balancer, and without one', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Keep-Alive: timeout=65
Set-Cookie: AWSALB=abc; Path=/

<!doctype html>`,
      'live/2-home.http': `
GET https://other.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Keep-Alive: timeout=5

<!doctype html>`,
    }),
  ],
});
