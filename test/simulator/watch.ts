import {
  type CountRow,
  cellId,
  type DetectionSettings,
  dayNumber,
  driftsAt,
  Flags,
  file,
  findingsOf,
  History,
  historyDays,
  type Incident,
  lookAt,
  lookHours,
} from '@secateur/backend/alerts';
import { Ledger } from './counts.js';
import type { Sender } from './sender.js';

export interface Watched {
  readonly incident: Incident;
  /** Hours since the epoch of the look that opened it. */
  readonly hour: number;
}

export interface Watch {
  readonly opened: readonly Watched[];
  /** All as they stood at the end. */
  readonly incidents: readonly Incident[];
  readonly daysWatched: number;
}

export const usualSettings: DetectionSettings = {
  q: 0.01,
  drifts_per_year: 1,
  min_events: 3,
  min_deliveries: 200,
  min_ratio: 1.5,
};

/** Goes through a log look by look as the service does, on what was known at each. @param from first day that is looked at */
export function watch(sender: Sender, from: number, settings: DetectionSettings = usualSettings): Watch {
  const ledger = new Ledger();
  const flags = new Flags();
  const opened: Watched[] = [];
  let incidents: Incident[] = [];
  let daysWatched = 0;
  for (const { on, batches } of sender.days()) {
    ledger.add(batches);
    if (on < from) continue;
    daysWatched += 1;
    // The day before yesterday is told in full at midnight; today is looked at as it goes.
    for (const hour of lookHours) {
      const day = hour > 24 ? on - 1 : on;
      if (day < from) continue;
      look(day, day * 24 + hour);
    }
  }
  return { opened, incidents, daysWatched };

  function look(on: number, hour: number): void {
    const counts = ledger.at(hour, on - historyDays, settings.min_deliveries);
    const history = new History(counts, flags);
    const spikes = lookAt(history, on, settings);
    const isLast = hour - on * 24 === lookHours.at(-1);
    const climbs = isLast ? driftsAt(history, on, settings) : { tests: 0, drifts: [] };
    const messageTypes: readonly CountRow[] = counts.message_type;
    const streams = { channelOf: () => 'email', streamsOf: () => sender.streams.length };
    const findings = findingsOf({
      ...{ history, on, isHistory: false, streams, messageTypes, alarms: spikes.alarms },
      ...{ spikeTests: spikes.tests, drifts: climbs.drifts, driftTests: climbs.tests },
    });
    for (const finding of findings) {
      const { incident, news } = file(finding, incidents, hour * 3_600_000);
      if (news === 'opened') opened.push({ incident, hour });
      incidents = [incident, ...incidents.filter(({ id }) => id !== incident.id)];
      for (const one of finding.evidence)
        for (let day = dayNumber(one.from); day <= dayNumber(one.on); day++)
          flags.add(cellId(one.cell as Parameters<typeof cellId>[0]), day);
    }
  }
}
