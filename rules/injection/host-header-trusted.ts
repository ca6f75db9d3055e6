import { bad, defineRule, good } from '../../src/rule/rule.ts';

const HOST = /^(host|hostname|x-forwarded-host|forwarded|origin|authority)$/i;
const MAILS =
  /^((nodemailer|@sendgrid\/mail|mailgun-js|mailgun\.js|resend|postmark|node-mailjet|@nestjs-modules\/mailer|emailjs|@aws-sdk\/client-ses\w*|sendgrid|mailersend)\b.*)\.(sendMail|send|sendEmail|create|sendMultiple)$/;
const MAILER =
  /^(transporter?|mailer|mailTransport(er)?|smtp\w*|mail(er)?Service|emailService|sgMail)\.(sendMail|send|sendEmail)$|(^|\.)(sendMail|sendEmail|sendResetEmail|sendPasswordReset\w*)$/i;
const TEXTS =
  /^(html|text|body|htmlBody|textBody|HtmlBody|TextBody|link|url|resetUrl|resetLink|confirmUrl|verifyUrl|context|template_?data|dynamicTemplateData|dynamic_template_data|locals|data|message)$/i;
const MAX_DEPTH = 10;

export default defineRule({
  id: 'injection/host-header-trusted',
  ensures: 'Links in mails lead to an address of the settings, not to the host a request names.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 644,
  owasp: 'A06',
  why: `Whoever asks for a password reset of someone else and sends \`Host: evil.example\` has your service mail a genuine
reset token in a link to their own site.`,
  fix: 'Build links from a setting (`APP_URL`), or accept only hosts on a list.',
  references: [
    'https://portswigger.net/web-security/host-header/exploiting/password-reset-poisoning',
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/17-Testing_for_Host_Header_Injection',
  ],
  needs: ['flows', 'program', 'code'],
  *check({ flows, program, code }) {
    const seen = new Set<number>();
    // what sends by itself first, then functions of the project that are called like it
    const own = program.calls.filter((call) => program.callees(call).length > 0);
    for (const call of [...program.calls.filter((each) => program.callees(each).length === 0), ...own]) {
      const value = program.valueOf(call);
      if (value.kind !== 'call') continue;
      const apis = code.apiOf(call);
      const isMail =
        apis.some((api) => MAILS.test(api)) || MAILER.test(program.describe(program.child(call, value.callee)));
      if (!isMail) continue;
      const found = value.args
        .map((argument) => hostIn(program.child(call, argument.value), 0))
        .find((node) => node !== undefined);
      if (found === undefined || seen.has(found) || isListed(found)) continue;
      seen.add(found);
      yield {
        at: program.locationOf(call),
        message: `${program.describe(found)} decides where the links in a mail lead, and the caller writes it.`,
        trail: [{ at: program.locationOf(found), note: 'The host of the request is read here.' }],
      };
    }

    /** The host of a request in the text of a link: put together with more, never alone. */
    function hostIn(node: number, depth: number): number | undefined {
      if (depth > MAX_DEPTH) return undefined;
      for (const origin of program.origins(node)) {
        const value = program.valueOf(origin);
        const within = (id: number): number | undefined => hostIn(program.child(origin, id), depth + 1);
        let found: number | undefined;
        if (value.kind === 'object') {
          found = value.properties
            .filter(({ name, kind }) => kind === 'spread' || TEXTS.test(name ?? ''))
            .map((property) => within(property.value))
            .find((each) => each !== undefined);
        } else if (value.kind === 'join' || value.kind === 'either') {
          const ids = value.kind === 'join' ? value.parts.map((part) => part.value) : value.options;
          found = ids
            .map((id) => ofRequest(program.child(origin, id)) ?? within(id))
            .find((each) => each !== undefined);
        } else if (value.kind === 'call') {
          // a function that makes a page of what it is given
          found = value.args.map((argument) => within(argument.value)).find((each) => each !== undefined);
        }
        if (found !== undefined) return found;
      }
      return undefined;
    }

    function ofRequest(node: number): number | undefined {
      const received = flows.received(node);
      const last = received?.path.at(-1) ?? '';
      return received &&
        HOST.test(last) &&
        program.origins(node).some((origin) => program.valueOf(origin).kind !== 'join')
        ? received.node
        : undefined;
    }

    /** It is compared with something in the same function. */
    function isListed(node: number): boolean {
      const { facts, first } = program.moduleOf(node);
      const text = program.describe(node);
      return (
        facts.blocks.some(
          ({ condition }) => condition !== undefined && program.describe(first + condition).includes(text),
        ) ||
        facts.values.some(
          (value) =>
            value.kind === 'call' &&
            value.args.some((argument) => program.describe(first + argument.value) === text) &&
            /\.(includes|has|test|indexOf)$/.test(program.describe(first + value.callee)),
        )
      );
    }
  },
  examples: [
    bad('A reset link to the host of the request', {
      'app.js': `const express = require('express');\nconst mailer = require('nodemailer').createTransport({});\nconst app = express();\napp.post('/forgot', (req, res) => {\n  «mailer.sendMail({ to: 'a@example.com', text: 'https://' + req.headers.host + '/reset' })»;\n  res.end();\n});\n`,
    }),
    bad('Through a function that makes the link, and one that sends', {
      'app.ts': `import Koa from 'koa';\nimport { linkTo } from './link.ts';\nimport { sendMail } from './mail.ts';\nnew Koa().use(async (ctx) => {\n  await sendMail('a@example.com', linkTo(ctx.host));\n});\n`,
      'link.ts': `export const linkTo = (host: string) => \`https://\${host}/reset\`;\n`,
      'mail.ts': `import nodemailer from 'nodemailer';\nconst transport = nodemailer.createTransport({});\nexport const sendMail = (to: string, link: string) => «transport.sendMail({ to, html: \`<a href="\${link}">Reset</a>\` })»;\n`,
    }),
    bad('Read by a method', {
      'app.js': `import express from 'express';\nimport sgMail from '@sendgrid/mail';\nconst app = express();\napp.post('/forgot', async (req, res) => {\n  const link = \`\${req.protocol}://\${req.get('host')}/reset/\${await token()}\`;\n  await «sgMail.send({ to: 'a@example.com', html: \`Click \${link}\` })»;\n  res.end();\n});\n`,
    }),
    good('An address of the settings', {
      'app.js': `const express = require('express');\nconst mailer = require('nodemailer').createTransport({});\nconst app = express();\napp.post('/forgot', (req, res) => {\n  mailer.sendMail({ to: 'a@example.com', text: process.env.APP_URL + '/reset?for=' + encodeURIComponent(req.body.email) });\n  res.end();\n});\n`,
    }),
    good('A host on a list', {
      'app.ts': `import Koa from 'koa';\nimport nodemailer from 'nodemailer';\nconst HOSTS = ['a.example', 'b.example'];\nconst transport = nodemailer.createTransport({});\nnew Koa().use(async (ctx) => {\n  if (!HOSTS.includes(ctx.host)) return;\n  await transport.sendMail({ to: 'a@example.com', html: \`https://\${ctx.host}/reset\` });\n});\n`,
    }),
  ],
});
