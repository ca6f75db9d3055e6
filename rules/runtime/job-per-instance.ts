import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** What starts a job by the clock, in the memory of one process. */
const SCHEDULES =
  /^(node-cron(\.default)?\.schedule|cron(\.default)?\.(CronJob|CronJob\.from|job)|croner(\.default)?(\.Cron)?|node-schedule(\.default)?\.scheduleJob)$/;
const COORDINATES = /lock|mutex|semaphore|acquire|leader|elect|advisory/i;
const COORDINATORS =
  /^(redlock|redis-semaphore|live-mutex|mongodb-lock|pg-boss|bullmq|bull|agenda|@sesamecare-oss\/redlock)(\/|$)/;
/** What may not happen twice. */
const ONCE_ONLY =
  /^(nodemailer(\.default)?\.createTransport\(\)\.sendMail|@sendgrid\/mail(\.default)?\.send|stripe(\.default)?(\(\))*\.\w+\.(create|capture)|twilio(\.default)?\(\)\.messages\.create|web-push(\.default)?\.sendNotification)$/;

export default defineRule({
  id: 'runtime/job-per-instance',
  ensures: 'A job that is due runs once, however many instances there are.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 362,
  why: `The schedule is in the memory of each process. With four instances the same report is sent four times, the same invoices are drawn up four times, at the very same second, and the copies trip over each other in the database.`,
  fix: `Give the schedule a process of its own, use a queue that schedules (\`bullmq\`, \`pg-boss\`), or take a lock first (\`redlock\`, \`pg_try_advisory_lock\`).`,
  references: ['https://docs.bullmq.io/guide/job-schedulers', 'https://nodejs.org/api/cluster.html#how-it-works'],
  needs: ['program', 'code', 'handlers', 'edge', 'clients'],
  *check({ program, code, handlers, edge, clients }) {
    const [several] = edge.instances;
    const imports = [...program.modules.values()].flatMap(({ facts }) => facts.imports);
    if (!several || imports.some(({ module }) => COORDINATORS.test(module ?? ''))) return;
    const changing = new Set(
      clients.outbound.filter(({ method }) => /^(POST|PUT|PATCH|DELETE)$/.test(method ?? '')).map(({ call }) => call),
    );
    for (const schedule of program.callsTo(SCHEDULES)) {
      if (handlers.reach(schedule) || isConditional(schedule)) continue;
      const calls = jobsOf(schedule)
        .flatMap((job) => code.runs(job))
        .flatMap((fn) => code.callsIn(fn));
      if (calls.length === 0 || calls.some((call) => COORDINATES.test(program.describe(call)))) continue;
      const twice = calls.find((call) => changing.has(call) || code.apiOf(call).some((api) => ONCE_ONLY.test(api)));
      yield {
        at: program.locationOf(schedule),
        message: 'Every instance runs this job when it is due: nothing says which of them does it.',
        trail: [
          ...(twice === undefined ? [] : [{ at: program.locationOf(twice), note: 'This happens once per instance.' }]),
          { at: several.at, note: `There are several: ${several.note}.` },
        ],
        ...(twice === undefined && { unsure: 'Whether the job does harm when it runs twice cannot be seen.' }),
      };
    }

    /** Something decides whether this process has the schedule: `if (cluster.isPrimary)`, a variable, an argument. */
    function isConditional(call: number): boolean {
      if (code.blocksAround(call).some(({ condition }) => condition !== undefined)) return true;
      if (code.isEnvironmentGuarded(call)) return true;
      const owner = code.ownerOf(call);
      const starts = owner ? program.callers(owner.node) : [];
      return starts.some((start) => code.blocksAround(start).some(({ condition }) => condition !== undefined));
    }

    function jobsOf(schedule: number) {
      const value = program.valueOf(schedule);
      const args = value.kind === 'call' ? value.args.map((argument) => program.child(schedule, argument.value)) : [];
      const ticks = args.flatMap((argument) => {
        const tick = code.property(argument, 'onTick');
        return tick.state === 'given' ? [tick.value] : [];
      });
      return [...args, ...ticks].flatMap((node) => code.functionsIn(node));
    }
  },
  examples: [
    bad('Mail from a cluster', {
      'server.js': `
const cluster = require('cluster');
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else require('./app');`,
      'app.js': `
const cron = require('node-cron');
const app = require('express')();
require('./report');
app.listen(3000);`,
      'report.js': `
const cron = require('node-cron');
const mail = require('nodemailer').createTransport(process.env.SMTP_URL);
«cron.schedule('0 6 * * *', () => mail.sendMail({ to: 'all@example.org', text: 'The report.' }))»;`,
    }),
    bad('Charges from several replicas', {
      'package.json': `{ "name": "shop", "private": true, "type": "module", "scripts": { "start": "node server.js" } }`,
      'k8s/api.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers: [{ name: shop, image: "shop:1.4" }]`,
      'server.js': `
import { CronJob } from 'cron';
import express from 'express';
import { charge } from './billing.js';
«new CronJob('0 0 1 * *', charge, null, true)»;
express().listen(3000);`,
      'billing.js': `
export const charge = () => fetch('https://pay.example/charges', { method: 'POST', signal: AbortSignal.timeout(5000) });`,
    }),
    unsure('A job whose effect cannot be seen', {
      'server.js': `
const cluster = require('cluster');
const cron = require('node-cron');
const { tidy } = require('tidier');
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); }
«cron.schedule('0 * * * *', () => tidy())»;
require('express')().listen(3000);`,
    }),
    good('Under a lock, in one process only, or with one instance', {
      'server.js': `
const cluster = require('cluster');
const cron = require('node-cron');
const { withLock } = require('./locks');
const mail = require('nodemailer').createTransport(process.env.SMTP_URL);
if (cluster.isPrimary) {
  cluster.fork(); cluster.fork();
  cron.schedule('0 6 * * *', () => mail.sendMail({ to: 'all@example.org' }));
} else require('express')().listen(3000);
cron.schedule('0 7 * * *', () => withLock('report', () => mail.sendMail({ to: 'all@example.org' })));`,
      'locks.js': `exports.withLock = async (name, job) => job();`,
    }),
    good('A single process', {
      'server.js': `
const cron = require('node-cron');
const mail = require('nodemailer').createTransport(process.env.SMTP_URL);
cron.schedule('0 6 * * *', () => mail.sendMail({ to: 'all@example.org' }));
require('express')().listen(3000);`,
    }),
  ],
});
