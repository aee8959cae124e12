// How many times a second a set of 100 rules is asked which of them is the first that matches: ours, zen-engine and
// json-rules-engine on the same requests in one run. A request is a plain object to all three. Nothing is measured
// before all have given the same answers.
import { ZenEngine } from '@gorules/zen-engine';
import {
  buildCatalogue,
  checkCondition,
  compile,
  compileFirst,
  compileTrace,
  FactLayout,
  type Facts,
} from '@secateur/backend/conditions';
import { Engine } from 'json-rules-engine';
import { benchResult, type Contender, ratesOf, reportBench } from '../support/bench.js';
import {
  type BenchRequest,
  benchRequests,
  fieldOf,
  hundredRules,
  jsonRule,
  now,
  ourCondition,
  zenTable,
} from '../support/bench-rules.js';
import { seeded } from '../support/faults-count.js';

const requests = benchRequests(1000, seeded().random);

const catalogue = buildCatalogue({ attributes: [{ name: 'plan', type: 'text' }], segments: [], streams: [] });
const conditions = hundredRules.map((rule) => {
  const checked = checkCondition(ourCondition(rule), catalogue, 'decision');
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return checked.condition;
});
const layout = new FactLayout();
const first = compileFirst(conditions, layout);
const closures = conditions.map((condition) => compile(condition, layout));
const traces = conditions.map((condition) => compileTrace(condition, layout));
const columns = layout.fields.map(({ id }) => fieldOf[id]);
const read = (request: BenchRequest): Facts => {
  let slot = 0;
  return layout.read(() => {
    const column = columns[slot++];
    return column === undefined ? null : request[column];
  });
};
const inTurn = (facts: Facts): number => closures.findIndex((holds) => holds(facts, now));
const withTrace = (facts: Facts): number => {
  const index = first(facts, now);
  return (traces[index]?.(facts, now).held ?? true) ? index : -2;
};
const allTraced = (facts: Facts): number =>
  traces.map((trace) => trace(facts, now)).findIndex(({ held }) => held);

const jsonRules = new Engine(hundredRules.map(jsonRule), { allowUndefinedFacts: true });
jsonRules.addOperator('beginsWith', (fact: string, value: string) => fact.startsWith(value));
jsonRules.addOperator('before', (fact: number | null, value: number) => fact !== null && fact <= value);
// Rules of falling priority run one after another: no more after the first.
jsonRules.on('success', () => void jsonRules.stop());
const byJsonRules = async (request: BenchRequest): Promise<number> => {
  const { events } = await jsonRules.run({ ...request });
  return (events[0]?.params?.index as number | undefined) ?? -1;
};

const table = new ZenEngine().createDecision(zenTable(hundredRules));
const byZen = async (request: BenchRequest, trace = false): Promise<number> => {
  const { result } = await table.evaluate(request, { trace });
  return (result as { index?: number }).index ?? -1;
};

const laidOut = requests.map(read);
for (const [index, request] of requests.entries()) {
  const facts = read(request);
  const answers = [
    first(facts, now),
    inTurn(facts),
    withTrace(facts),
    allTraced(facts),
    await byZen(request),
  ];
  // 6 ms each.
  if (index < 200) answers.push(await byJsonRules(request));
  if (new Set(answers).size > 1) throw new Error(`${JSON.stringify(request)}: ${answers.join(', ')}`);
}

let turn = 0;
const nextRequest = (): BenchRequest => {
  const request = requests[turn++ % requests.length];
  if (request === undefined) throw new Error('no request');
  return request;
};
/** What the compiler may not leave out because nobody looks. */
let found = 0;
const all = (ask: (facts: Facts) => number) => (): number => {
  for (const facts of laidOut) found += ask(facts);
  return laidOut.length;
};
const one = (name: string, ask: (request: BenchRequest) => Promise<number>): Contender => ({
  name,
  run: async () => {
    found += await ask(nextRequest());
    return 1;
  },
});

const rates = await ratesOf([
  { name: 'first', byProcessor: true, run: all((facts) => first(facts, now)) },
  { name: 'in turn', byProcessor: true, run: all(inTurn) },
  { name: 'all traced', byProcessor: true, run: all(allTraced) },
  {
    name: 'ours',
    run: () => {
      for (const request of requests) found += first(read(request), now);
      return requests.length;
    },
  },
  {
    name: 'ours traced',
    run: () => {
      for (const request of requests) found += withTrace(read(request));
      return requests.length;
    },
  },
  one('zen', byZen),
  one('zen traced', (request) => byZen(request, true)),
  one('json', byJsonRules),
]);
if (Number.isNaN(found)) throw new Error('nothing was found');
const rate = (name: string): number => rates.get(name) ?? Number.NaN;

const unit = 'sets of 100 rules/s';
reportBench([
  benchResult('rules against zen-engine', unit, rate('ours'), rate('zen'), 100),
  benchResult('rules with trace against zen-engine', unit, rate('ours traced'), rate('zen traced'), 100),
  benchResult('rules against json-rules-engine', unit, rate('ours'), rate('json'), 1000),
  benchResult('rules with trace against json-rules-engine', unit, rate('ours traced'), rate('json'), 1000),
  benchResult('rules on one core', unit, rate('first'), null, 1_000_000),
  benchResult('rules on one core, each tried in turn', unit, rate('in turn')),
  benchResult('rules on one core, every leaf of each traced', unit, rate('all traced')),
]);
