import { at, inside } from './argument.ts';
import type { SinkRow } from '../sink.ts';

const HTTP_CLIENTS = [
  'axios', 'got', 'ky', 'node-fetch', 'undici', 'fetch', 'request', 'request-promise', 'request-promise-native', 'superagent', 'needle', 'bent', 'phin',
  'wreck', '@hapi/wreck', 'cross-fetch', 'isomorphic-fetch', 'make-fetch-happen', 'axios-retry', 'unfetch', 'ofetch', 'popsicle', 'simple-get', 'urllib', 'httpie', 'typed-rest-client', '@nestjs/axios', 'follow-redirects', 'node-libcurl', 'isomorphic-unfetch', 'minimal-request-promise', 'got-fetch', 'centra', 'tiny-json-http', 'cloudscraper', 'download', 'image-downloader', 'open-graph-scraper', 'link-preview-js', 'rss-parser', 'feedparser-promised', 'page-metadata-parser', 'url-metadata', 'unfurl.js', 'ogs',
]; // prettier-ignore
const VERBS = ['', 'get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request', 'fetch', 'stream', 'del', 'all', 'json', '$get', 'default', 'curly', 'concat', 'native', 'parseURL', 'getLinkPreview', 'unfurl', 'image', 'extend', 'jsonp', 'postForm', 'ofetch', 'raw', 'create']; // prettier-ignore

export const NETWORK: readonly SinkRow[] = [
  {
    sink: 'url',
    label: 'url-host',
    from: HTTP_CLIENTS,
    calls: VERBS,
    through:
      /^(?!(undici|needle\.stream|superagent|request\.(defaults|jar)|@nestjs\/axios)$|axios\.create$|.*(interceptors|headers|defaults|searchParams)\b)/,
    args: inside(0, '', 'url', 'uri', 'baseURL', 'prefixUrl', 'host', 'hostname'),
  },
  {
    sink: 'url',
    label: 'url-host',
    from: ['axios', 'got', 'ky'],
    calls: ['get', 'create', 'extend', ''],
    args: inside(1, 'baseURL', 'prefixUrl'),
  },
  { sink: 'url', label: 'url-host', from: ['needle'], calls: ['', 'request'], args: at(1) },
  { sink: 'url', label: 'url-host', from: ['http', 'https', 'http2', 'tls'], calls: ['get', 'request', 'connect'], args: inside(0, '', 'host', 'hostname', 'href') }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['puppeteer', 'puppeteer-core', 'playwright', 'playwright-core', 'webdriverio', 'selenium-webdriver', 'phantom'], calls: ['goto', 'url', 'get', 'open'], args: at(0) }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['http-proxy', 'http-proxy-middleware', 'express-http-proxy', 'fast-proxy', '@fastify/http-proxy', 'httpxy', 'redbird'], calls: ['web', 'ws', 'createProxyMiddleware', '', 'proxy', 'createProxyServer'], args: [...inside(2, 'target'), ...inside(0, 'target', '')] }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['html-pdf', 'wkhtmltopdf', 'sharp', 'jimp', 'simple-git', 'isomorphic-git', 'nodegit', 'git-clone'], calls: ['', 'create', 'read', 'clone', 'Clone'], through: /^(?!sharp$|html-pdf|simple-git$)/, args: at(0) }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['net', 'tls', 'dgram'], calls: ['connect', 'createConnection'], args: [...inside(0, 'host', 'path'), ...at(1)] }, // prettier-ignore
  { sink: 'url', label: 'url-host', from: ['ws', 'WebSocket', 'isomorphic-ws', 'socket.io-client', 'Request', 'EventSource', 'eventsource', 'undici'], calls: ['', 'WebSocket', 'io', 'connect', 'Client', 'Pool', 'Request', 'EventSource', 'ProxyAgent', 'pipeline'], through: /^(?!undici$)/, args: at(0) }, // prettier-ignore
  {
    sink: 'url',
    label: 'url-host',
    from: ['pg', 'mysql', 'mysql2', 'ioredis', 'redis', 'nodemailer', 'mongodb', 'mongoose', 'ftp', 'basic-ftp', 'imap', 'imapflow', 'ssh2', 'ssh2-sftp-client', 'amqplib', 'mqtt', 'ldapjs'],
    calls: ['Client', 'Pool', 'createConnection', 'createPool', 'createClient', 'createTransport', 'MongoClient', 'connect', 'access'],
    args: inside(0, 'host', 'connectionString', 'url', 'uri', 'hostname'),
  }, // prettier-ignore
  // these are connections themselves; what others make, such as the models of mongoose, is none
  { sink: 'url', label: 'url-host', from: ['ioredis', 'imap'], calls: ['', 'Redis', 'Cluster', 'default'], through: /^(ioredis|imap)(\.\w+)?$/, args: inside(0, 'host') }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', on: ['express-response', 'koa-context', 'fastify-reply', 'hapi-toolkit', 'hono-context'], calls: ['redirect'], args: at(0, 1) }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', on: ['express-response'], calls: ['location'], args: at(0) },
  {
    sink: 'redirect',
    label: 'redirect',
    on: ['express-response', 'node-response', 'koa-context', 'fastify-reply', 'hono-context'],
    calls: ['setHeader', 'set', 'header'],
    args: at(1),
    when: { index: 0, is: ['Location', 'location', 'LOCATION', 'Refresh', 'refresh'] },
  },
  { sink: 'redirect', label: 'redirect', on: ['express-response', 'node-response'], calls: ['writeHead'], args: [...inside(1, 'Location', 'location'), ...inside(2, 'Location', 'location')] }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', from: ['next/navigation', '@remix-run/node', 'react-router', '@remix-run/server-runtime'], calls: ['redirect', 'permanentRedirect'], args: at(0) }, // prettier-ignore
  { sink: 'redirect', label: 'redirect', from: ['@sveltejs/kit'], calls: ['redirect'], args: at(1) },
  { sink: 'redirect', label: 'redirect', from: ['next/server', 'Response'], calls: ['redirect'], args: at(0) },
  { sink: 'mail', label: 'header', from: ['nodemailer', '@sendgrid/mail', 'mailgun-js', 'resend', 'postmark'], calls: ['sendMail', 'send', 'sendEmail'], args: inside(0, 'cc', 'bcc', 'envelope', 'headers', 'raw', 'attachments.*.path', 'attachments.*.href') }, // prettier-ignore
];

export const PAGES: readonly SinkRow[] = [
  {
    sink: 'html',
    label: 'html',
    on: ['express-response', 'node-response'],
    calls: ['send', 'write', 'end'],
    args: at(0),
  },
  { sink: 'html', label: 'html', on: ['hono-context'], calls: ['html', 'body'], args: at(0) },
  { sink: 'html', label: 'html', from: ['hono/html'], calls: ['raw'], args: at(0) },
  { sink: 'html', label: 'html', on: ['fastify-reply'], calls: ['send'], args: at(0) },
  { sink: 'html', label: 'html', on: ['hapi-toolkit'], calls: ['response'], args: at(0) },
  {
    sink: 'html',
    label: 'html',
    from: ['Response', 'next/server.NextResponse'],
    calls: ['', 'NextResponse'],
    args: at(0),
  },
  { sink: 'html', label: 'html', from: ['puppeteer', 'puppeteer-core', 'playwright', 'html-pdf', 'html-pdf-node', 'pdfkit'], calls: ['setContent', 'create'], args: at(0) }, // prettier-ignore
  {
    sink: 'render-options',
    label: 'keys',
    on: ['express-response', 'koa-context', 'hapi-toolkit'],
    calls: ['render', 'view'],
    args: at(1),
  },
  { sink: 'render-options', label: 'keys', on: ['fastify-reply'], calls: ['view', 'viewAsync'], args: at(1) },
  {
    sink: 'view',
    label: 'path',
    on: ['express-response', 'koa-context', 'hapi-toolkit'],
    calls: ['render', 'view'],
    args: at(0),
  },
];
