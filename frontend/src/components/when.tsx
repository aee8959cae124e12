import { formatAgo, formatExact, instant } from '../format.js';
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
