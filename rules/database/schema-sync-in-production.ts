import { bad, defineRule, good } from '../../src/rule/rule.ts';

const TYPEORM = /^typeorm\.(DataSource|createConnection)$|^@nestjs\/typeorm\.TypeOrmModule\.forRoot$/;
const SEQUELIZE = /^sequelize(\.Sequelize)?\(\)(\.\w+)*\.sync$|^sequelize-typescript\.Sequelize\(\)\.sync$/;

export default defineRule({
  id: 'database/schema-sync-in-production',
  ensures: 'The schema changes by migrations, not at the start of a process.',
  severity: 'high',
  roles: ['service', 'worker'],
  cwe: 1188,
  why: `Schema synchronisation makes the tables look like the code: a renamed field drops its column with all that is in it, and \`force\` drops every table. It happens at the start of whatever version runs, also when an old one is rolled back to.`,
  fix: `Turn it off (\`synchronize: false\`, no \`sync({ force | alter })\`) and run migrations as a step of the deployment.`,
  references: [
    'https://typeorm.io/docs/data-source/data-source-options',
    'https://sequelize.org/docs/v6/core-concepts/model-basics/#synchronization-in-production',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(TYPEORM, SEQUELIZE)) {
      const isTypeOrm = code.apiOf(call).some((api) => TYPEORM.test(api));
      const names = isTypeOrm ? ['synchronize', 'dropSchema'] : ['force', 'alter'];
      for (const name of names) {
        const option = code.option(call, 0, name);
        if (option.state !== 'given' || !program.constants(option.value)?.every((value) => value === true)) continue;
        if (code.isEnvironmentGuarded(call) || code.isEnvironmentGuarded(option.value)) continue;
        yield {
          at: option.property
            ? program.locationIn(program.moduleOf(option.value), option.property.at)
            : program.locationOf(option.value),
          message: `\`${name}: true\` changes the tables of whatever database this starts against${name === 'force' || name === 'dropSchema' ? ', after dropping them' : ''}.`,
          ...((name === 'force' || name === 'dropSchema') && { severity: 'critical' as const }),
        };
      }
    }
  },
  examples: [
    bad('TypeORM', {
      'data-source.ts': `
import { DataSource } from 'typeorm';
export const source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, «synchronize: true» });`,
    }),
    bad('Sequelize, and NestJS', {
      'db.js': `
const { Sequelize } = require('sequelize');
const sequelize = new Sequelize(process.env.DATABASE_URL);
sequelize.sync({ «alter: true» });`,
      'app.module.ts': `
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
@Module({ imports: [TypeOrmModule.forRoot({ type: 'mysql', «synchronize: true» })] })
export class AppModule {}`,
    }),
    good('Only while developing', {
      'data-source.ts': `
import { DataSource } from 'typeorm';
export const source = new DataSource({ type: 'postgres', synchronize: process.env.NODE_ENV !== 'production' });`,
      'db.js': `
const { Sequelize } = require('sequelize');
const sequelize = new Sequelize(process.env.DATABASE_URL);
if (process.env.NODE_ENV === 'development') sequelize.sync({ force: true });
sequelize.sync();`,
    }),
  ],
});
