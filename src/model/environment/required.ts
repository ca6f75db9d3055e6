import type { Location } from '../../document/document.ts';
import type { Block } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import { placeOf } from '../place.ts';
import { defineView, present } from '../view.ts';

/** A variable without which the program ends while it starts. */
export interface RequiredVariable {
  readonly name: string;
  readonly at: Location;
}

/** By a guard at the top of a module, by a function that throws, or by a schema. In module order, each name once. */
export const requiredVariables = defineView({
  name: 'requiredVariables',
  reads: [],
  needs: ['program'],
  build: (_, { program }) => {
    if (program.state !== 'present') return present([]);
    const found = new Map<string, RequiredVariable>();
    const asked = program.answer;
    const all = [
      ...[...asked.modules.values()].flatMap((module) => guardedIn(asked, module)),
      ...askedFor(asked),
      ...inSchemas(asked),
    ];
    for (const each of all) {
      const key = `${each.at.path} ${each.name}`;
      if (placeOf(each.at.path) === 'product' && NAME.test(each.name) && !found.has(key)) found.set(key, each);
    }
    return present([...found.values()]);
  },
});

const NAME = /^[A-Z][A-Z0-9_]+$/;

const isStop = ({ leaves }: Block): boolean => leaves === 'throw' || leaves === 'exit';

/** Nothing but guards decides whether it runs when the module is loaded. */
const isAtStart = (blocks: readonly Block[]): boolean =>
  blocks.every(({ kind, function: owner }) => owner === 0 && (kind === 'body' || kind === 'after'));

const isEnvironment = (program: Program, node: Node): boolean => program.apis(node).includes('process.env');

/** `if (!process.env.NAME) throw …` where the module is loaded. */
function guardedIn(program: Program, module: Module): readonly RequiredVariable[] {
  const { blocks, values } = module.facts;
  return blocks.flatMap((block): readonly RequiredVariable[] => {
    if (block.kind !== 'then' || block.holds === false || !isStop(block) || block.condition === undefined) return [];
    const around: Block[] = [];
    for (let at = block.parent; at !== undefined; at = blocks[at]?.parent) {
      const above = blocks[at];
      if (above) around.push(above);
    }
    if (!isAtStart(around)) return [];
    return missingIn(program, program.nodeIn(module, block.condition)).flatMap((node) => {
      const value = values[node - module.first];
      return value?.kind === 'member' &&
        value.property !== undefined &&
        isEnvironment(program, module.first + value.object)
        ? [{ name: value.property, at: program.locationOf(node) }]
        : [];
    });
  });
}

/** What is missing where a condition holds: `!a`, `a === undefined`, any of `!a || !b`. */
function missingIn(program: Program, node: Node, depth = 0): readonly Node[] {
  const value = program.valueOf(node);
  if (depth > 8) return [];
  if (value.kind === 'either' && value.reason === 'or')
    return value.options.flatMap((option) => missingIn(program, program.child(node, option), depth + 1));
  if (value.kind !== 'operation') return [];
  const [left, right] = value.operands.map((operand) => program.child(node, operand.value));
  if (left === undefined) return [];
  if (value.operator === '!') return [left];
  if (value.operator === '||')
    return value.operands.flatMap((operand) => missingIn(program, program.child(node, operand.value), depth + 1));
  if (!/^={2,3}$/.test(value.operator) || right === undefined) return [];
  const other = program.valueOf(right);
  return other.kind === 'undefined' || (other.kind === 'literal' && (other.value === null || other.value === ''))
    ? [left]
    : [];
}

/** `required('NAME')`, where the function throws for a variable that is not there. */
function askedFor(program: Program): readonly RequiredVariable[] {
  return [...program.modules.values()].flatMap((module) =>
    module.facts.blocks.flatMap((block): readonly RequiredVariable[] => {
      const fact = module.facts.functions[block.function];
      if (block.kind !== 'then' || block.holds === false || !isStop(block) || block.condition === undefined) return [];
      if (block.function === 0 || fact?.params.length !== 1 || block.parent !== fact.block) return [];
      const [param] = fact.params;
      const reads = missingIn(program, program.nodeIn(module, block.condition)).some((node) => {
        const value = program.valueOf(node);
        return (
          value.kind === 'member' &&
          value.key === param?.value &&
          isEnvironment(program, program.child(node, value.object))
        );
      });
      const ref = reads ? program.functionIn(module, block.function) : undefined;
      return ref ? program.callers(ref.node).flatMap((call) => askedBy(program, call)) : [];
    }),
  );
}

function askedBy(program: Program, call: Node): readonly RequiredVariable[] {
  const value = program.valueOf(call);
  if (value.kind !== 'call' || value.args.length !== 1 || !isAtStart(program.blocks(call))) return [];
  if (isReplaced(program, call)) return [];
  const [argument] = value.args;
  const names = argument ? (program.constants(program.child(call, argument.value)) ?? []) : [];
  const [name] = names;
  return names.length === 1 && typeof name === 'string' ? [{ name, at: program.locationOf(call) }] : [];
}

/** It is one side of a `? :`, `&&` or `??`: it may not run at all. */
const isReplaced = (program: Program, call: Node): boolean => {
  const { facts, first } = program.moduleOf(call);
  return facts.values.some(
    (value) => value.kind === 'either' && value.reason !== 'assigned' && value.options.includes(call - first),
  );
};

const PARSING = /^(parse|safeParse|validate|validateSync|cleanEnv)$/;

/** The names a schema asks for: of zod, Joi and envalid. */
const inSchemas = (program: Program): readonly RequiredVariable[] => [
  ...program.callsNamed(PARSING).flatMap((call) => {
    const { value, args } = calledOn(program, call);
    if (value === undefined || !args.some((argument) => isEnvironment(program, argument))) return [];
    if (!isAtStart(program.blocks(call)) || !isStrict(program, call)) return [];
    return fieldsOf(program, value, 0);
  }),
  ...program.callsTo(/^envalid\.cleanEnv$/).flatMap((call) => {
    const given = program.argument(call, 0);
    const shape = program.argument(call, 1);
    return given !== undefined &&
      shape !== undefined &&
      isEnvironment(program, given) &&
      isAtStart(program.blocks(call))
      ? shapeOf(program, shape)
      : [];
  }),
  ...program.callsTo(/ConfigModule\.forRoot$/).flatMap((call) => {
    const options = program.argument(call, 0);
    const schema = options === undefined ? undefined : program.fields(options, 'validationSchema')[0]?.node;
    return schema === undefined ? [] : fieldsOf(program, schema, 0);
  }),
];

function calledOn(program: Program, call: Node): { readonly value: Node | undefined; readonly args: readonly Node[] } {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return { value: undefined, args: [] };
  const callee = program.valueOf(program.child(call, value.callee));
  return {
    value: callee.kind === 'member' ? program.child(call, callee.object) : undefined,
    args: value.args.map((argument) => program.child(call, argument.value)),
  };
}

/** What does not throw by itself is looked at: the module stops under some condition. */
function isStrict(program: Program, call: Node): boolean {
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
  const { facts } = program.moduleOf(call);
  return (
    (callee?.kind === 'member' && callee.property === 'parse') ||
    facts.blocks.some((block) => block.function === 0 && block.kind === 'then' && isStop(block))
  );
}

/** `z.object({ … })`, `Joi.object().keys({ … }).unknown()` */
function fieldsOf(program: Program, schema: Node, depth: number): readonly RequiredVariable[] {
  if (depth > 12) return [];
  return program.definitions(schema).flatMap((node): readonly RequiredVariable[] => {
    const value = program.valueOf(node);
    if (value.kind !== 'call') return [];
    const callee = program.valueOf(program.child(node, value.callee));
    if (callee.kind !== 'member') return [];
    const { property = '' } = callee;
    if (/^(partial|deepPartial|or|catch|default|optional)$/.test(property)) return [];
    const [first] = value.args;
    const shape = first && /^(object|keys|extend|append|strictObject|looseObject)$/.test(property);
    return [
      ...(shape ? shapeOf(program, program.child(node, first.value)) : []),
      ...fieldsOf(program, program.child(node, callee.object), depth + 1),
    ];
  });
}

const shapeOf = (program: Program, shape: Node): readonly RequiredVariable[] =>
  program.definitions(shape).flatMap((node) => {
    const value = program.valueOf(node);
    if (value.kind !== 'object') return [];
    return value.properties.flatMap(({ name, value: field, at }) =>
      name !== undefined && isRequired(program, program.child(node, field))
        ? [{ name, at: program.locationIn(program.moduleOf(node), at) }]
        : [],
    );
  });

const ZOD =
  /^(string|number|bigint|url|email|enum|nativeEnum|literal|coerce|min|max|length|nonempty|regex|startsWith|endsWith|includes|trim|toLowerCase|toUpperCase|int|positive|nonnegative|port|uuid|cuid|ip|hostname|gt|gte|lt|lte|finite|safe|describe|refine|transform|brand)$/;
const ENVALID = /^(str|num|bool|url|email|host|port|json)$/;

/** Only where every step of it is known: what is not given is refused. */
function isRequired(program: Program, field: Node): boolean {
  const steps: string[] = [];
  let at = field;
  for (let step = 0; step < 20; step += 1) {
    const value = program.valueOf(at);
    if (value.kind === 'call') {
      if (steps.length === 0) {
        const callee = program.apis(program.child(at, value.callee)).find((api) => api.startsWith('envalid.'));
        if (callee !== undefined) return ENVALID.test(callee.slice(8)) && isWithoutDefault(program, at);
      }
      at = program.child(at, value.callee);
    } else if (value.kind === 'member') {
      if (value.property === undefined) return false;
      steps.push(value.property);
      at = program.child(at, value.object);
    } else break;
  }
  const source = program.apis(at)[0];
  if (source === 'joi' || source === '@hapi/joi' || source?.startsWith('joi.') === true)
    return steps.includes('required') && !steps.some((step) => /^(default|optional|when|empty|external)$/.test(step));
  if (source !== 'zod' && source?.startsWith('zod.') !== true) return false;
  if (steps.includes('coerce') && !steps.includes('number') && !steps.includes('bigint')) return false;
  return steps.length > 0 && steps.every((step) => step === 'z' || ZOD.test(step));
}

function isWithoutDefault(program: Program, call: Node): boolean {
  const options = program.argument(call, 0);
  if (options === undefined) return true;
  const value = program.valueOf(options);
  return (
    value.kind === 'object' &&
    value.properties.every(
      ({ name }) => name !== undefined && !/^(default|devDefault|testDefault|requiredWhen)$/.test(name),
    )
  );
}
