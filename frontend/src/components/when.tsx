import { formatAgo, formatDuration, formatExact, instant } from '../format.js';
import { useNow } from './use-now.js';

/** `5 min ago`, with the whole instant on hover. */
export function When({ at }: { at: string }) {
  const now = useNow();
  const time = instant(at);
  return (
    <time dateTime={new Date(time).toISOString()} title={formatExact(time)}>
      {formatAgo(time, Math.max(now, Date.now()))}
    </time>
  );
}

/** `18 sec`: how long it has been so, with the instant of its beginning on hover. */
export function HowLong({ since }: { since: string }) {
  const now = useNow();
  const time = instant(since);
  return (
    <time dateTime={new Date(time).toISOString()} title={`since ${formatExact(time)}`}>
      {formatDuration(Math.max(1000, Math.floor((now - time) / 1000) * 1000))}
    </time>
  );
}
