import { type Additive, additiveLogits } from './additive.js';
import { type Backend, chooseBackend } from './backend.js';
import type { FittedPart } from './choose-lambda.js';
import { type HeldOut, heldOut, isGain, meanOf, rowLosses } from './held-out.js';
import { eventsOf, type Labels, takeLabels } from './labels.js';
import type { LearnerOptions } from './learner.js';
import { type Network, type NetworkPart, networkLogits, trainNetwork } from './network.js';
import { type NetworkRows, takeNetworkRows } from './network-input.js';
import { reportOrStop } from './progress.js';
import type { Random } from './random.js';
import { thinned } from './thin.js';

/** Rows and events below which stage B is not tried: there it was worse. */
export const fewestForNetwork = { rows: 2000, events: 300 } as const;
/** Of the rows that a network is trained on, how many say when to stop, at most. */
const checkShare = 1 / 3;

/**
 * Each network is stopped where it is best on rows that then say how good it is, so its gain is flattered: on tables that are
 * additive in truth one standard error was passed half the time.
 */
const errorsToKeep = 2;

interface NetworkTrial {
  readonly kept: boolean;
  readonly networks: Network[];
  readonly logits: Float64Array;
  /** null where none was trained. */
  readonly loss: number | null;
  readonly backend: Backend | null;
}

interface Trial {
  readonly input: NetworkRows;
  readonly labels: Labels;
  readonly parts: readonly FittedPart[];
  /** What stage A alone says of rows that it has not seen. */
  readonly held: HeldOut;
}

/** Trains one network a part. They are kept together, and only where they lower the held-out loss beyond chance. */
export async function tryNetworks(
  { input, labels, parts, held }: Trial,
  random: Random,
  options: LearnerOptions,
): Promise<NetworkTrial> {
  const nothing = { kept: false, networks: [], logits: held.logits, loss: null, backend: null };
  if (held.labels.observed.length === 0 || input.encoded.features.length === 0) return nothing;
  if (labels.observed.length < fewestForNetwork.rows || eventsOf(labels) < fewestForNetwork.events)
    return nothing;
  const log = (line: string): void => reportOrStop(options.report, { stage: 'log', line });
  const backend = await chooseBackend(log, options.backends);
  const before = meanOf(rowLosses(held.logits, held.labels));
  const networks: Network[] = [];
  for (const [index, part] of parts.entries()) {
    const own = random.fork(`network ${index}`);
    const stop = thinned(part.check, labels, Math.ceil(options.mostForPart * checkShare), own.fork('check'));
    const check = partOf(input, labels, part.additive, stop);
    const network = await trainNetwork(
      partOf(input, labels, part.additive, { rows: part.fit, weight: part.weight }),
      check,
      own,
      options.network,
      (epoch) => reportOrStop(options.report, { stage: 'network', part: index, ...epoch }),
    );
    networks.push(network);
    // The first network stands for the others: where it finds nothing, they are spared.
    if (index === 0 && !isGain(check.offsets, withNetwork(check, network), check.labels, 1)) {
      log('B finds nothing that A misses');
      return { ...nothing, loss: before, backend };
    }
  }
  const both = heldOut(parts, labels, (part, index) =>
    withNetwork(partOf(input, labels, part.additive, { rows: part.check }), networks[index] as Network),
  );
  const loss = meanOf(rowLosses(both.logits, both.labels));
  log(`held-out loss ${before.toFixed(5)} with A, ${loss.toFixed(5)} with B`);
  return {
    kept: isGain(held.logits, both.logits, held.labels, errorsToKeep),
    networks,
    logits: both.logits,
    loss,
    backend,
  };
}

function withNetwork({ rows, labels, offsets }: NetworkPart, network: Network): Float64Array {
  const added = networkLogits(network, rows, labels.intervals);
  return offsets.map((offset, i) => offset + (added[i] as number));
}

function partOf(
  input: NetworkRows,
  labels: Labels,
  additive: Additive,
  { rows, weight }: { rows: Int32Array; weight?: Float64Array },
): NetworkPart {
  const taken = takeNetworkRows(input, rows);
  const own = takeLabels(labels, rows);
  return {
    rows: taken,
    labels: weight === undefined ? own : { ...own, weight },
    offsets: additiveLogits(additive, taken.encoded),
  };
}
