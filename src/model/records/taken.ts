import type { Code } from '../code/code.ts';
import type { Flows, Received } from '../flows/flows.ts';
import type { FunctionRef, Node, Program } from '../program/program.ts';
import { queryAt } from './queries.ts';
import type { Taking } from './records.ts';

const LOOKS_UP =
  /^(findBy\w+|findOne\w*|findUnique\w*|findFirst\w*|deleteOne|updateOne|replaceOne|update|delete|destroy|remove|get\w*ById|(delete|update|remove)ById)$/;
const LISTS = /^(find|findAll|findMany|findBy|findAndCountAll|findAndCount|updateMany|deleteMany|count|where|eq)$/;
/** The first argument may be the id itself. */
const BY_ID = /ById|ByPk|^(findOne|delete|update|destroy|remove)$|^findBy(_?id)$/i;
const WRITES = /update|delete|destroy|remove|replace|^del$|^softDelete$/i;
/** Columns that say whose a record is. */
export const OWNER_COLUMN =
  /^(user|owner|author|account|customer|member|createdBy|created_by|uid)(_?id)?$|^(posted|owned)_?by(_?id)?$|^user_?name$/i;
/** Columns that say which group may see a record. */
const SCOPE_COLUMN = /^(tenant|org|organi[sz]ation|team|workspace|company|household|group|shop|store)_?(id)?$/i;
const ID_COLUMN = /^(_?id|uuid|\w+_?id)$/i;
const NAME_COLUMN = /^(e_?mail|user_?name|login|handle)$/i;
const PEOPLE = /^(user|account|member|profile|customer|admin|person|employee|student|patient)$/;
const WRAPS = /(^|\.)(ObjectId|ObjectID|Number|BigInt|String|Int|toObjectId|eq|Equal)$/;
const MAX_DEPTH = 3;

/** What finds the calls of a function that take records, and what whose owner is asked for. */
export interface Taker {
  readonly takenIn: (fn: FunctionRef) => readonly Taking[];
  /** Columns a call asks for by something the client does not say: `{ owner: req.user.id }`. */
  readonly ownersAskedAt: (
    call: Node,
  ) => { readonly table: string; readonly column: string; readonly at: Node } | undefined;
  readonly tableOf: (call: Node) => string;
}

interface Named {
  readonly column: string;
  readonly at: Taking['at'];
  readonly value: Node;
}

export function takerOf(program: Program, flows: Flows, code: Code): Taker {
  const takenIn = (fn: FunctionRef): readonly Taking[] => {
    const calls = code.callsIn(fn);
    return calls.flatMap((call) => takenBy(call, calls) ?? []);
  };

  function takenBy(call: Node, calls: readonly Node[]): Taking | undefined {
    const asked = askedAt(call, calls);
    if (!asked) return undefined;
    const { table, named, writes, lists, id } = asked;
    const isPeople = PEOPLE.test(table);
    const sent = named.flatMap((each) => {
      const from = receivedAs(each.value, 0);
      return from ? [{ ...each, from }] : [];
    });
    const common = { call, table, writes, isPeople, lists };
    // it is asked by an owner the client does not name
    if (
      !isPeople &&
      named.some(
        ({ column }) =>
          (OWNER_COLUMN.test(column) || SCOPE_COLUMN.test(column)) && !sent.some((each) => each.column === column),
      )
    )
      return undefined;
    const owner = isPeople ? undefined : sent.find(({ column }) => OWNER_COLUMN.test(column));
    if (owner && !(/name$/i.test(owner.column) && !writes && !isOfLogin(owner.from)))
      return { ...common, by: 'owner', column: owner.column, at: owner.at, from: owner.from };
    const record = sent.find(
      ({ column, from }) =>
        ID_COLUMN.test(column) ||
        (from.path.some((part) => /^(params?|pathParameters)$/.test(part)) &&
          (isPeople ? NAME_COLUMN.test(column) : ID_COLUMN.test(from.path.at(-1) ?? ''))),
    );
    if (record) return { ...common, by: 'record', column: record.column, at: record.at, from: record.from };
    const from = id === undefined ? undefined : receivedAs(id, 0);
    return from && { ...common, by: 'record', at: program.locationOf(call), from };
  }

  function askedAt(call: Node, calls: readonly Node[]) {
    const query = queryAt(program, call);
    if (query) {
      if (query.verb === 'insert') return undefined;
      const at = program.locationOf(call);
      return {
        table: tableNamed(query.table),
        named: query.conditions.flatMap(({ column, value }) => (value === undefined ? [] : [{ column, value, at }])),
        writes: query.verb !== 'select',
        lists: true,
        id: undefined,
      };
    }
    const value = program.valueOf(call);
    const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
    const member = program.valueOf(callee);
    const method = member.kind === 'member' ? (member.property ?? '') : '';
    if (member.kind !== 'member' || !(LOOKS_UP.test(method) || LISTS.test(method))) return undefined;
    const first = program.argument(call, 0);
    return {
      table: tableOf(call),
      named: [...conditionsAt(call, method)],
      writes: WRITES.test(method) || (/^(where|eq)$/.test(method) && calls.some((other) => writesWith(other, call))),
      lists: LISTS.test(method),
      id: BY_ID.test(method) ? first : undefined,
    };
  }

  /** `….where(…).del()` */
  function writesWith(other: Node, call: Node): boolean {
    const [outer, inner] = [program.valueOf(other), program.valueOf(call)];
    if (outer.kind !== 'call' || outer.at[0] !== inner.at[0]) return false;
    const callee = program.valueOf(program.child(other, outer.callee));
    return callee.kind === 'member' && WRITES.test(callee.property ?? '');
  }

  function* conditionsAt(call: Node, method: string): Iterable<Named> {
    const [first, second] = [0, 1].map((index) => program.argument(call, index));
    if (/^(where|eq)$/.test(method) && first !== undefined && second !== undefined) {
      const [column] = program.constants(first) ?? [];
      if (typeof column === 'string')
        yield { column: column.replace(/^.*\./, ''), at: program.locationOf(call), value: second };
      return;
    }
    const [inFirst, inSecond] = [first, second].map((argument) => {
      const where = argument === undefined ? undefined : code.property(argument, 'where');
      return where?.state === 'given' ? where.value : undefined;
    });
    // beside a condition the first argument is what is written
    const filter = inSecond ?? inFirst ?? first;
    for (const origin of filter === undefined ? [] : program.origins(filter)) {
      const object = program.valueOf(origin);
      if (object.kind !== 'object') continue;
      for (const { name, at, value } of object.properties)
        if (name !== undefined)
          yield {
            column: name,
            at: program.locationIn(program.moduleOf(origin), at),
            value: program.child(origin, value),
          };
    }
  }

  /** What a client sends, through `new ObjectId(…)`, `+id` and `{ $eq: id }`. */
  function receivedAs(node: Node, depth: number): Received | undefined {
    const found = flows.received(node);
    if (found) return isSent(found) ? found : undefined;
    if (depth > MAX_DEPTH) return undefined;
    for (const origin of program.origins(node)) {
      const value = program.valueOf(origin);
      const inner =
        value.kind === 'call' && WRAPS.test(program.describe(program.child(origin, value.callee)))
          ? program.argument(origin, 0)
          : value.kind === 'operation' && value.operator === '+' && value.operands[0]
            ? program.child(origin, value.operands[0].value)
            : value.kind === 'object' && value.properties.length === 1 && value.properties[0]?.name === '$eq'
              ? program.child(origin, value.properties[0].value)
              : undefined;
      const through = inner === undefined ? undefined : receivedAs(inner, depth + 1);
      if (through) return through;
    }
    return undefined;
  }

  function ownersAskedAt(call: Node) {
    const asked = askedAt(call, []);
    const found = asked?.named.find(
      ({ column, value }) => OWNER_COLUMN.test(column) && !/name$/i.test(column) && !receivedAs(value, 0),
    );
    return asked && found && { table: asked.table, column: found.column, at: found.value };
  }

  /** The model a method is called on, or the name of its table. */
  function tableOf(call: Node): string {
    const value = program.valueOf(call);
    const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
    const member = program.valueOf(callee);
    if (member.kind !== 'member') return '';
    let node = program.child(callee, member.object);
    for (let depth = 0; depth < 5; depth++) {
      const made = program.valueOf(node);
      if (made.kind !== 'call') break;
      const [name] = made.args.flatMap((use) => program.constants(program.child(node, use.value)) ?? []);
      const maker = program.child(node, made.callee);
      const inner = program.valueOf(maker);
      const isNaming =
        inner.kind !== 'member' || /^(collection|from|table|into|model|getRepository)$/.test(inner.property ?? '');
      if (isNaming && typeof name === 'string') return tableNamed(name);
      if (inner.kind !== 'member') break;
      if (isNaming && made.args[0]) return tableNamed(program.describe(program.child(node, made.args[0].value)));
      node = program.child(maker, inner.object);
    }
    const origin = program.origins(node).find((each) => program.valueOf(each).kind === 'call');
    const made = origin === undefined ? undefined : program.valueOf(origin);
    if (origin !== undefined && made?.kind === 'call') {
      const named = program.valueOf(program.child(origin, made.callee));
      const first = program.argument(origin, 0);
      const [name] = first === undefined ? [] : (program.constants(first) ?? []);
      if (
        named.kind === 'member' &&
        /^(model|define|collection)$/.test(named.property ?? '') &&
        typeof name === 'string'
      )
        return tableNamed(name);
    }
    return tableNamed(program.describe(node));
  }

  return { takenIn, ownersAskedAt, tableOf };
}

const FROM_CLIENT =
  /^(params?|param\(\)|pathParameters|payload|body|query|cookies|req\.(param|query|json)\(\)|request\.(body|query))$/;

const isOfLogin = ({ path }: Received): boolean => path[0] === 'cookies';

/** Not a header, nor the session of who asks. */
function isSent({ path, shape }: Received): boolean {
  return path.some((part) => FROM_CLIENT.test(part)) || (path.length <= 2 && shape === 'graphql-arguments');
}

/** `this.ordersService` and `orders` are both `order`. */
export function tableNamed(name: string): string {
  const last = /([\w$]+)\W*$/.exec(name)?.[1] ?? '';
  const bare = last
    .replace(/(_?(model|repository|repo|collection|service|store|table|entity|dao|db|schema))+$/i, '')
    .toLowerCase();
  return bare
    .replace(/^(db_|tbl_)/, '')
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}
