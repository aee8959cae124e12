// A ClickHouse server for a service in another process: the embedded engine behind a loopback that can go away.
import { openEmbedded } from '@secateur/sql';
import { serveParent } from './child-parent.js';
import { type Failure, startLoopback } from './clickhouse-loopback.js';

export interface Fault {
  /** Only statements that contain this. */
  readonly statement: string;
  readonly failure: Failure;
  /** How often. */
  readonly times: number;
}

const lanes = await openEmbedded(process.env.FAULTS_DIRECTORY ?? '', { readers: 4 });
const loopback = await startLoopback(lanes);

serveParent(
  {
    goAway: () => loopback.stop(),
    comeBack: () => loopback.start(),
    /** @returns nothing; the faults take the place of those planned before */
    plan: (faults: Fault[]) => {
      const left = faults.map((fault) => ({ ...fault }));
      loopback.fail = (statement) => {
        const fault = left.find((one) => one.times > 0 && statement.includes(one.statement));
        if (fault === undefined) return undefined;
        fault.times -= 1;
        return fault.failure;
      };
    },
    stop: async () => {
      await loopback.stop();
      await lanes.close();
    },
  },
  { url: loopback.url },
);
