import { at, inside } from './argument.ts';
import { MODEL, MONGO } from './queries.ts';
import type { SinkRow } from '../sink.ts';

export const DATA: readonly SinkRow[] = [
  { sink: 'deserialize', label: 'code', from: ['node-serialize', 'serialize-to-js', 'funcster', 'cryo', 'serialijse', 'node-serialize-js'], calls: ['unserialize', 'deserialize', 'deepDeserialize', 'parse'], args: at(0) }, // prettier-ignore
  { sink: 'deserialize', label: 'code', from: ['v8'], calls: ['deserialize'], args: at(0) },
  { sink: 'deserialize', label: 'code', from: ['js-yaml'], calls: ['load', 'loadAll'], args: at(0), before: ['js-yaml', 4] }, // prettier-ignore
  { sink: 'deserialize', label: 'code', from: ['js-yaml'], calls: ['load', 'loadAll'], args: at(0), when: { index: 1, path: ['schema'], api: /DEFAULT_FULL_SCHEMA|js-yaml-js-types/ } }, // prettier-ignore
  {
    sink: 'merge',
    label: 'keys',
    from: ['lodash', 'lodash.merge', 'lodash.defaultsdeep', 'lodash.mergewith', 'deepmerge', 'merge-deep', 'deep-extend', 'extend', 'node.extend', 'merge', 'defaults-deep', '@hapi/hoek', 'hoek', 'mixin-deep', 'assign-deep', 'flat', 'object-path', 'dot-prop', 'dottie', 'set-value', 'lodash.set', 'jquery-extend', 'just-extend', 'deep-assign', 'merge-options', 'unflatten', 'upmerge', 'putil-merge', 'smart-extend', 'aggregate-object', 'merge-objects'],
    calls: ['merge', 'mergeWith', 'defaultsDeep', 'mergewith', 'defaultsdeep', '', 'recursive', 'applyToDefaults', 'unflatten', 'all', 'extend'],
    through: /^(?!lodash$|flat$|@hapi\/hoek$|hoek$|object-path$|dot-prop$|dottie$|set-value$|lodash\.set$|lodash\.extend$)/,
    args: at('all'),
  }, // prettier-ignore
  { sink: 'merge', label: 'property-name', from: ['lodash', 'lodash.set', 'object-path', 'dot-prop', 'dottie', 'set-value', 'underscore'], calls: ['set', 'setWith', 'update', 'setProperty', '', 'zipObjectDeep'], through: /^(?!lodash$|underscore$|object-path$|dot-prop$|dottie$)/, args: at(1) }, // prettier-ignore
  {
    sink: 'record',
    label: 'keys',
    from: [...MONGO, 'sequelize', 'sequelize-typescript', 'typeorm', '@nestjs/typeorm', '@nestjs/sequelize', 'objection', 'bookshelf', '@mikro-orm/core'],
    calls: ['create', 'insert', 'insertOne', 'insertMany', 'build', 'bulkCreate', 'save', 'insertGraph', 'upsertGraph', 'forge'],
    args: at(0),
    receiver: MODEL,
  }, // prettier-ignore
  { sink: 'record', label: 'keys', from: MONGO, calls: [''], through: /\.model\(\)$/, args: at(0) },
  { sink: 'record', label: 'keys', from: MONGO, calls: ['set'], through: /find\w*\(\)\.set$/, args: at(0) },
  { sink: 'record', label: 'keys', from: ['Object', 'lodash'], calls: ['assign', 'extend', 'merge'], args: at(1, 2), when: { index: 0, api: /^(mongoose|@nestjs\/mongoose|sequelize|sequelize-typescript|typeorm|@nestjs\/typeorm)\b.*\.find\w*\(\)$/ } }, // prettier-ignore
  { sink: 'record', label: 'keys', from: [...MONGO], calls: ['update', 'updateOne', 'updateMany', 'findOneAndUpdate', 'findByIdAndUpdate', 'replaceOne', 'findOneAndReplace'], args: inside(1, '', '$set'), receiver: MODEL }, // prettier-ignore
  {
    sink: 'record',
    label: 'keys',
    from: ['sequelize', 'sequelize-typescript'],
    calls: ['update', 'upsert', 'set'],
    args: at(0),
  },
  { sink: 'record', label: 'keys', from: ['typeorm', '@nestjs/typeorm'], calls: ['update'], args: at(1) },
  {
    sink: 'record',
    label: 'keys',
    from: ['typeorm', '@nestjs/typeorm'],
    calls: ['upsert', 'merge', 'preload'],
    args: at(0, 1),
  },
  { sink: 'record', label: 'keys', from: ['@prisma/client'], calls: ['create', 'update', 'upsert', 'updateMany', 'createMany'], args: inside(0, 'data', 'create', 'update') }, // prettier-ignore
  { sink: 'record', label: 'keys', from: ['knex', 'objection'], calls: ['insert', 'update', 'patch', 'insertAndFetch', 'patchAndFetchById', 'updateAndFetchById', 'patchAndFetch'], args: at(0) }, // prettier-ignore
  { sink: 'record', label: 'keys', from: ['drizzle-orm'], calls: ['values', 'set'], args: at(0) },
  { sink: 'regex', label: 'regex', from: ['RegExp'], calls: [''], args: at(0) },
  {
    sink: 'module',
    label: 'module',
    from: ['require', 'import', 'module.createRequire()', 'require.resolve'],
    calls: ['', 'resolve'],
    args: at(0),
  },
  { sink: 'size', label: 'size', from: ['Buffer', 'buffer.Buffer'], calls: ['alloc', 'allocUnsafe', 'allocUnsafeSlow'], args: at(0) }, // prettier-ignore
  { sink: 'size', label: 'size', from: ['Array'], calls: [''], through: /^Array$/, args: at(0) },
  { sink: 'size', label: 'size', from: ['crypto'], calls: ['randomBytes', 'generatePrime', 'generatePrimeSync'], args: at(0) }, // prettier-ignore
  { sink: 'size', label: 'size', from: ['crypto'], calls: ['pbkdf2', 'pbkdf2Sync'], args: at(2) },
  { sink: 'size', label: 'size', from: ['bcrypt', 'bcryptjs'], calls: ['hash', 'hashSync'], args: at(1) },
  { sink: 'size', label: 'size', from: ['bcrypt', 'bcryptjs'], calls: ['genSalt', 'genSaltSync'], args: at(0) },
  { sink: 'size', label: 'size', from: ['sharp', 'jimp', 'gm'], calls: ['resize', 'extend', 'scale'], args: at(0, 1) },
  { sink: 'module', label: 'module', from: ['worker_threads', 'child_process', 'Worker'], calls: ['Worker', 'fork', ''], through: /Worker|fork/, args: at(0) }, // prettier-ignore
  { sink: 'xml', label: 'html', from: ['libxmljs', 'libxmljs2', 'libxslt', 'node-libxml'], calls: ['parseXml', 'parseXmlString', 'parseXmlAsync', 'parse', 'parseHtml', 'fromString'], args: at(0) }, // prettier-ignore
];
