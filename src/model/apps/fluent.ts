/** Methods that return what they are called on. */
export const FLUENT =
  /^(use|get|post|put|patch|delete|del|head|options|all|any|on|route|basePath|onError|notFound|prefix|param|set|disable|enable|engine|register|after|addHook|decorate|decorateRequest|decorateReply|setErrorHandler|setNotFoundHandler|withTypeProvider|setValidatorCompiler|setSerializerCompiler|mount|openapi|doc|doc31)$/;
