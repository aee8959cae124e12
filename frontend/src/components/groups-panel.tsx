import { Button, MultiSelect } from '@mantine/core';
import type { Stream } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { formatCount } from '../format.js';
import { channelNames, type NameOfStream } from '../plain-words.js';
import { allGroups, choicesFor, groupOrder, isUnmapped, type ProviderGroup } from '../provider-groups.js';
import { shortRef } from '../provider-words.js';
import { streamsQuery } from '../queries.js';
import { mappingRefusal } from '../refusals.js';
import { providersPath, useMapping } from '../settings-queries.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import styles from './groups-panel.module.css';
import { Panel, Provenance, QueryBody } from './panel.js';
import type { ProvidersResult } from './providers-panel.js';
import rows from './rows.module.css';
import { useStreamNames } from './use-stream-names.js';

/** The providers' own words for what people leave, and the streams that they stand for. */
export function GroupsPanel({ result }: { result: ProvidersResult }) {
  const catalogue = useQuery(streamsQuery);
  const groups = useMemo(() => allGroups(result.data?.providers ?? []), [result.data]);
  const unmapped = groups.filter(isUnmapped).length;
  return (
    <Panel
      id="groups"
      name="Groups and lists"
      title={
        <>
          Groups and lists
          {unmapped > 0 && <span className={styles.count}>{formatCount(unmapped)} not mapped</span>}
          <Explain what="Groups and lists">
            Providers have unsubscribe groups, lists, topics or tags of their own. Mapped, leaving a group
            stops the streams it stands for. Not mapped, it stops the group itself, and more only where the
            law asks for more.
          </Explain>
        </>
      }
      lead="What people leave at a provider, and which of your streams that is"
      footer={<Provenance path={() => providersPath} />}
    >
      <QueryBody name="Groups and lists" result={result} waiting={<Waiting />}>
        {() => (
          <QueryBody name="Streams" result={catalogue} waiting={<Waiting />}>
            {({ streams }) => <List groups={groups} streams={streams} />}
          </QueryBody>
        )}
      </QueryBody>
    </Panel>
  );
}

function List({ groups, streams }: { groups: readonly ProviderGroup[]; streams: readonly Stream[] }) {
  const nameOf = useStreamNames();
  const ahead = useRef(new Set<string>());
  for (const group of groups) if (isUnmapped(group)) ahead.current.add(group.ref);
  if (groups.length === 0) {
    return (
      <p className={rows.nothing}>
        None yet. A group appears here by itself as soon as somebody leaves it at a provider that is
        connected.
      </p>
    );
  }
  return (
    <ul className={rows.list}>
      {groupOrder(groups, ahead.current).map((group) => (
        <Row key={group.ref} group={group} choices={choicesFor(group, streams, groups)} nameOf={nameOf} />
      ))}
    </ul>
  );
}

function Row({
  group,
  choices,
  nameOf,
}: {
  group: ProviderGroup;
  choices: readonly Stream[];
  nameOf: NameOfStream;
}) {
  const { provider, title, ref, channel, registered } = group;
  const name = shortRef(ref, provider);
  return (
    <li className={styles.row} aria-label={`${name} of ${title}`}>
      <div>
        <h3 className={styles.name}>
          <span className={rows.name}>{name}</span>
          {isUnmapped(group) && <span className={styles.count}>not mapped</span>}
        </h3>
        <p className={rows.small}>
          {title} · {channelNames[channel]}
        </p>
        <p className={rows.small}>
          {registered === undefined ? (
            'not seen yet'
          ) : (
            <>
              registered itself as <span className={rows.mono}>{registered}</span>
            </>
          )}
        </p>
      </div>
      <Mapping
        group={group}
        label={`Streams that ${name} of ${title} stands for`}
        choices={choices}
        nameOf={nameOf}
      />
    </li>
  );
}

interface MappingProps {
  group: ProviderGroup;
  label: string;
  choices: readonly Stream[];
  nameOf: NameOfStream;
}

/** As many as the API takes. */
const mostStreams = 20;

function Mapping({ group, label, choices, nameOf }: MappingProps) {
  const { provider, ref, channel, streams } = group;
  /** What is chosen and not yet saved. */
  const [draft, setDraft] = useState<readonly string[] | null>(null);
  const saved = useRef<HTMLParagraphElement>(null);
  const mapping = useMapping(provider);
  const chosen = draft ?? streams;
  const isChanged = chosen.length !== streams.length || chosen.some((key) => !streams.includes(key));
  const choose = (keys: readonly string[] | null) => {
    setDraft(keys);
    mapping.reset();
  };
  const save = () => {
    // The buttons go when it is done: the keyboard goes on from what became of it.
    const onSuccess = () => {
      setDraft(null);
      setTimeout(() => saved.current?.focus());
    };
    mapping.mutate({ ref, channel, streams: [...chosen] }, { onSuccess });
  };
  return (
    <div className={styles.form}>
      <MultiSelect
        aria-label={label}
        placeholder={chosen.length === 0 ? 'Choose streams' : undefined}
        data={choices.map(({ key }) => ({ value: key, label: nameOf(key) }))}
        value={[...chosen]}
        onChange={choose}
        maxValues={mostStreams}
        searchable
        hidePickedOptions
        nothingFoundMessage={
          choices.length === 0 ? `No stream of ${channelNames[channel]} yet` : 'No such stream'
        }
        error={mapping.isError ? mappingRefusal(mapping.error, chosen, nameOf) : null}
        errorProps={{ role: 'alert' }}
      />
      {isChanged && (
        <div className={styles.buttons}>
          <Button size="xs" loading={mapping.isPending} onClick={save}>
            Save
          </Button>
          <Button size="xs" variant="default" disabled={mapping.isPending} onClick={() => choose(null)}>
            Discard
          </Button>
        </div>
      )}
      {mapping.isSuccess && !isChanged && (
        <p ref={saved} tabIndex={-1} role="status" className={styles.done}>
          {streams.length === 0
            ? 'Saved: it stands for itself alone.'
            : 'Saved. What people said to it before holds for these streams, too.'}
        </p>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1, 2].map((row) => (
        <Bone key={row} height={36} width={`${96 - row * 6}%`} />
      ))}
    </div>
  );
}
