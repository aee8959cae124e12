const day = 86_400_000;
/** Half a year of weekly snapshots. */
const mostSnapshots = 26;
const fewestSnapshots = 4;
/** Days that a model is tested on, after everything that it was trained on. */
export const testedDays = 30;
const everyDays = 7;
/** Days of sending before the first snapshot, so that it has something to say. */
const leadDays = 7;

/** When jobs.ts scores. */
const nightlyMs = (3 * 60 + 40) * 60_000;

/** Instants of a training, all but those of the week midnights in UTC. */
export interface TrainingPlan {
  readonly until: Date;
  readonly cut: Date;
  /** Oldest first, all before the cut. */
  readonly train: readonly Date[];
  /** The cut, and the last one that can be followed for a week. */
  readonly test: readonly Date[];
  /** Seven days from the cut, at the time of day of the nightly scoring: what it finds later is held against them. */
  readonly week: readonly Date[];
}

/** null where too little has been sent for long enough. */
export function trainingPlan(now: Date, firstDelivered: Date | null): TrainingPlan | null {
  if (firstDelivered === null) return null;
  const until = Math.floor(now.getTime() / day) * day;
  const cut = until - testedDays * day;
  const earliest = firstDelivered.getTime() + leadDays * day;
  const train: Date[] = [];
  for (let weeks = mostSnapshots; weeks >= 1; weeks -= 1) {
    const at = cut - weeks * everyDays * day;
    if (at >= earliest) train.push(new Date(at));
  }
  if (train.length < fewestSnapshots) return null;
  return {
    until: new Date(until),
    cut: new Date(cut),
    train,
    test: [new Date(cut), new Date(until - everyDays * day)],
    week: Array.from({ length: 7 }, (_, index) => new Date(cut + index * day + nightlyMs)),
  };
}

/** Days of sending that a training needs. */
export const daysNeeded = leadDays + fewestSnapshots * everyDays + testedDays;
