import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MORGAN = /^morgan(\.default)?$/;
const LOGGERS = /^(pino|pino-http|winston\.createLogger|fastify)(\.\w+)?$/;

export default defineRule({
  id: 'observability/log-dev-transport',
  ensures: 'In production, logs are machine-readable lines at a sensible level.',
  severity: 'medium',
  roles: ['service', 'worker'],
  why: `Output made pretty for a terminal (colours, several lines) cannot be parsed by whatever collects the logs, and costs time on every line; \`pino-pretty\` is usually a development dependency, so that production may not even start. Debug levels bury what matters and write down more than they should.`,
  fix: `Choose by the environment: pretty output and \`debug\` while developing, JSON lines at \`info\` in production.`,
  references: ['https://getpino.io/#/docs/pretty', 'https://expressjs.com/en/resources/middleware/morgan.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(MORGAN, LOGGERS)) {
      if (code.isEnvironmentGuarded(call)) continue;
      const textOf = (option: ReturnType<typeof code.option>): string | undefined => {
        if (option.state !== 'given' || code.isEnvironmentGuarded(option.value)) return undefined;
        const constants = program.constants(option.value);
        return constants?.length === 1 ? String(constants[0]) : undefined;
      };
      if (code.apiOf(call).some((api) => MORGAN.test(api))) {
        const format = code.argument(call, 0);
        if (textOf(format) === 'dev' && format.state === 'given')
          yield {
            at: program.locationOf(format.value),
            message: `morgan's format \`dev\` is coloured text for a terminal.`,
            severity: 'low',
          };
        continue;
      }
      const level = code.option(call, 0, 'level');
      const name = textOf(level);
      if (level.state === 'given' && /^(debug|silly|trace|verbose)$/.test(name ?? ''))
        yield {
          at: program.locationOf(level.value),
          message: `The log level is \`${name}\` in every environment.`,
          severity: 'low',
        };
      const own = code.option(call, 0, 'logger');
      const transport =
        own.state === 'given' ? code.property(own.value, 'transport') : code.option(call, 0, 'transport');
      if (transport.state !== 'given' || code.isEnvironmentGuarded(transport.value)) continue;
      // a setting decides
      const { blocks } = program.moduleOf(transport.value).facts;
      const isChosen = (block: (typeof blocks)[number]): boolean => block.condition !== undefined;
      if (code.blocksAround(transport.value).some(isChosen)) continue;
      const target = code.property(transport.value, 'target');
      if (textOf(target) === 'pino-pretty' && target.state === 'given')
        yield {
          at: program.locationOf(target.value),
          message: 'Logs are made pretty for a terminal in every environment.',
        };
    }
  },
  examples: [
    bad('pino-pretty always', {
      'log.js': `
const pino = require('pino');
module.exports = pino({ transport: { target: «'pino-pretty'» }, level: «'debug'» });`,
    }),
    bad('morgan for the terminal', {
      'app.ts': `
import express from 'express';
import morgan from 'morgan';
const app = express();
app.use(morgan(«'dev'»));`,
    }),
    good('Chosen by a setting', {
      'log.js': `
const pino = require('pino');
exports.log = (settings) => {
  const options = { level: settings.level };
  if (settings.pretty) {
    options.transport = { target: 'pino-pretty' };
  }
  return pino(options);
};`,
    }),
    good('Chosen by the environment', {
      'log.ts': `
import pino from 'pino';
import morgan from 'morgan';
const isProduction = process.env.NODE_ENV === 'production';
export const log = isProduction ? pino() : pino({ transport: { target: 'pino-pretty' }, level: 'debug' });
export const access = morgan(isProduction ? 'combined' : 'dev');`,
    }),
    good('JSON at info', {
      'log.js': `
const winston = require('winston');
module.exports = winston.createLogger({ level: process.env.LOG_LEVEL || 'info', format: winston.format.json() });`,
    }),
  ],
});
