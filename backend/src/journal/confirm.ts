import { AwayError } from './decide.js';
import type { Group } from './group.js';
import type { LaneOptions } from './lane-options.js';

/**
 * Inserts a journaled group, each insert under `<group id>:<index>`. Repeating it changes nothing.
 * @throws AwayError the group goes first when the engine is back
 * @throws the engine's last error, after as many tries as the lane gives poison; at once for rows it cannot read
 */
export async function confirm<Request, Result>(
  options: LaneOptions<Request, Result>,
  group: Group,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (const [index, { table, columns, lines }] of group.inserts.entries()) {
    for (let turn = 1; ; turn += 1) {
      try {
        await options.insert(table, columns, lines, `${group.id}:${index}`);
        break;
      } catch (error) {
        if (options.isAway(error)) throw new AwayError(error);
        if (options.isUnreadable?.(error)) throw error;
        if (turn >= (options.poisonTries ?? 3)) throw error;
        await pause((options.poisonWaitMs ?? 100) * turn);
      }
    }
  }
}
