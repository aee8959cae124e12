import { Rule } from '../contract/rules.js';

const all = (...rules: object[]) => ({ combinator: 'and', rules });
const rule = (id: string, name: string, priority: number, when: object, then: object): Rule =>
  Rule.parse({ id, name, priority, when, then });
const leaf = (field: string, operator: string, value: unknown) => ({ field, operator, value });

/**
 * The rules that the demo publishes once it is loaded: its past was decided without rules, so there is something to
 * backtest. The simulated sender obeys what was asked and the floor and knows no rules, so none of these stops more than
 * it obeys: else it would be seen mailing against decisions.
 */
export const demoRules: readonly Rule[] = [
  rule(
    'complaint',
    'A complaint ends advertising on its channel',
    10,
    all(leaf('request.trigger', 'in', ['complaint', 'complaint_optout'])),
    { scope: { kind: 'channel' }, offers: { pause: [] }, tag: 'complaint' },
  ),
  rule(
    'text-stop',
    'A stop by text ends all advertising by text',
    20,
    all(leaf('message.channel', '=', 'sms')),
    { scope: { kind: 'channel' }, offers: { pause: [] }, tag: 'text' },
  ),
  rule(
    'leaves-again',
    'Whoever left three times is offered nothing',
    30,
    all(leaf('engagement.past_opt_outs', '>=', 3)),
    { offers: { pause: [] }, tag: 'leaves again' },
  ),
  rule(
    'promotions',
    'Promotions: once a week, or a break',
    40,
    all(leaf('message.category', '=', 'promotions')),
    { offers: { pause: [30, 90], cap: { n: 1, per: 'week' } }, tag: 'promotions' },
  ),
  rule(
    'reading',
    'News and product updates: a longer break',
    50,
    all(leaf('message.category', 'in', ['newsletter', 'product_updates', 'events'])),
    { offers: { pause: [60, 180] }, tag: 'reading' },
  ),
  rule('rest', 'Everything else: the stream alone', 90, all(), {}),
];
