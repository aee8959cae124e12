import { NativeSelect, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Dimension, RatesAnswer } from '@secateur/backend/contract';
import { dimensions } from '@secateur/backend/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { filterLines, rateScale, segmentLines, sortLines } from '../charts/prepare/segments.js';
import { formatCount } from '../format.js';
import { type Interval, intervals, type MonitorState, type SortKey } from '../pages/monitor-search.js';
import { namedRows } from '../plain-words.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { SearchIcon } from './icons.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import { SegmentsList } from './segments-list.js';
import styles from './segments-panel.module.css';
import { SegmentsTable } from './segments-table.js';
import { useStreamNames } from './use-stream-names.js';

const names: Record<Dimension, { many: string; one: string }> = {
  segment: { many: 'Segments', one: 'segment' },
  stream: { many: 'Streams', one: 'stream' },
  campaign: { many: 'Campaigns', one: 'campaign' },
  channel: { many: 'Channels', one: 'channel' },
  category: { many: 'Categories', one: 'category' },
  origin: { many: 'Origins', one: 'origin' },
  message_type: { many: 'Message types', one: 'message type' },
  audience: { many: 'Audiences', one: 'audience' },
  trigger: { many: 'Ways to leave', one: 'way to leave' },
  reason: { many: 'Reasons', one: 'reason' },
};

interface Props {
  result: UseQueryResult<RatesAnswer>;
  state: MonitorState;
  onChange: (change: Partial<MonitorState>) => void;
  /** The rate over everything, drawn as a line to compare with. */
  overall: number | null;
  path: () => string;
}

export function SegmentsPanel({ result, state, onChange, overall, path }: Props) {
  const name = names[state.dimension];
  return (
    <Panel
      name={name.many}
      title={
        <>
          {name.many}
          <Explain what={name.many}>
            Attributed opt-outs divided by messages delivered. The bar is the 95% Wilson interval on one scale
            for all rows; hatched means the interval is wider than the rate itself. The dashed line is the
            rate over everything. The list starts with the highest lower end: what is surely high, not what
            chance made high.
          </Explain>
        </>
      }
      lead={result.data && `${formatCount(result.data.rows.length)} in this time`}
      actions={<Controls state={state} onChange={onChange} one={name.one} />}
      footer={<Provenance query={result.data?.query} asOf={result.data?.as_of} path={path} />}
    >
      <QueryBody name={name.many} result={result} waiting={<Waiting />}>
        {(answer) => <Rows answer={answer} state={state} onChange={onChange} overall={overall} />}
      </QueryBody>
    </Panel>
  );
}

function Rows({
  answer,
  state,
  onChange,
  overall,
}: Omit<Props, 'result' | 'path'> & { answer: RatesAnswer }) {
  const narrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
  const filter = useDeferredValue(state.filter);
  const nameOf = useStreamNames();
  const lines = useMemo(() => segmentLines(namedRows(answer, nameOf)), [answer, nameOf]);
  const top = useMemo(() => rateScale(lines), [lines]);
  const shown = useMemo(
    () => sortLines(filterLines(lines, filter), state.sort, state.order),
    [lines, filter, state.sort, state.order],
  );
  if (lines.length === 0) return <p className={styles.nothing}>Nothing was delivered in this time.</p>;
  if (shown.length === 0) {
    return (
      <p className={styles.nothing}>
        Nothing here is called “{filter}”.{' '}
        <button type="button" onClick={() => onChange({ filter: '' })}>
          Clear the filter
        </button>
      </p>
    );
  }
  const interval: Interval = intervals.find((known) => known === answer.interval) ?? state.interval;
  const drawing = { lines: shown, top, overall, window: { from: answer.from, to: answer.to, interval } };
  const sort = { by: state.sort, order: state.order };
  const onSort = (by: SortKey, order: 'asc' | 'desc') => onChange({ sort: by, order });
  return narrow ? (
    <SegmentsList key={answer.dimension} {...drawing} sort={sort} onSort={onSort} />
  ) : (
    <SegmentsTable
      key={answer.dimension}
      {...drawing}
      sort={sort}
      onSort={onSort}
      name={names[answer.dimension]}
    />
  );
}

function Controls({ state, onChange, one }: Pick<Props, 'state' | 'onChange'> & { one: string }) {
  return (
    <>
      <FilterBox
        key={state.dimension}
        value={state.filter}
        one={one}
        onChange={(filter) => onChange({ filter })}
      />
      <NativeSelect
        size="xs"
        aria-label="Group by"
        value={state.dimension}
        onChange={(event) => {
          const dimension = dimensions.find((known) => known === event.currentTarget.value);
          if (dimension) onChange({ dimension, filter: '' });
        }}
        data={dimensions.map((value) => ({ value, label: `By ${names[value].one}` }))}
      />
    </>
  );
}

/** Typing is answered at once; the address follows when the typing rests. */
function FilterBox({
  value,
  one,
  onChange,
}: {
  value: string;
  one: string;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 150);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      size="xs"
      type="search"
      aria-label={`Filter by ${one} name`}
      placeholder="Filter"
      className={styles.filter}
      leftSection={<SearchIcon size={13} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
        <Bone key={row} height={20} width={`${96 - row * 3}%`} />
      ))}
    </div>
  );
}
