/** Packages that are handed the application and register nothing of interest on it. */
const HARMLESS =
  /^(@nestjs\/(swagger|common|core|microservices)\b|express-ws|supertest|chai\.request|chai-http|http-graceful-shutdown|stoppable|http-terminator|console\.|util\.|debug|Object\.|JSON\.|morgan|express-list-endpoints|express-print-routes|nunjucks\.configure|express-nunjucks|hbs|swig|consolidate|socket\.io|ws|@sentry\/node|passport|why-is-node-running|express-oas-generator|express-jsdoc-swagger|express-swagger-generator|method-override|reload|livereload|open|mongoose|sequelize|prom-client|express-status-monitor|koa-(x-)?request-?id|koa-(generic-)?session|koa-csrf|koa-locale|koa-qs|koa-validate|koa-i18n)/;

export const isHarmless = (api: string): boolean => HARMLESS.test(api);
