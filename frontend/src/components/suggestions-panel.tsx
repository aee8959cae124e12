import { Button } from '@mantine/core';
import type { Suggestion, SuggestionsAnswer } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { refusalSentence } from '../refusals.js';
import { effectWords, evidenceWords } from '../rule-words.js';
import { suggestionsPath, suggestionsQuery, useDraft } from '../rules-queries.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import form from './form.module.css';
import { Panel, Provenance, QueryBody } from './panel.js';
import rows from './rows.module.css';
import styles from './rulesets-panel.module.css';
import { StateMark } from './state-mark.js';

/** Edits of the rules for segments at risk, each with what the log says of it, to be kept as drafts. */
export function SuggestionsPanel() {
  const result = useQuery(suggestionsQuery);
  return (
    <Panel
      name="Suggestions"
      title={
        <>
          Suggestions
          <Explain what="Suggestions">
            Edits of the rules for segments that lose more than others, tried out on the last 90 days. What
            the log shows is association: people who would have been decided by it may differ in other ways.
            Only a rollout that drew people by lot tells an effect.
          </Explain>
        </>
      }
      lead="for the segments at risk"
      footer={<Provenance {...provenance(result.data)} path={() => suggestionsPath} />}
    >
      <QueryBody name="Suggestions" result={result} waiting={<Waiting />}>
        {(answer) => <Body answer={answer} />}
      </QueryBody>
    </Panel>
  );
}

function provenance(answer: SuggestionsAnswer | undefined): { query?: string; asOf?: string } {
  if (answer === undefined) return {};
  return { query: answer.query, ...(answer.computed_at === null ? {} : { asOf: answer.computed_at }) };
}

function Body({ answer: { state, why, rows: suggestions } }: { answer: SuggestionsAnswer }) {
  if (suggestions.length === 0)
    return (
      <p className={rows.nothing}>
        {state === 'not_yet'
          ? 'None worked out yet: each night, for the rules in force.'
          : 'Nothing to suggest.'}{' '}
        {why.join('; ')}
      </p>
    );
  return (
    <ul className={rows.list}>
      {suggestions.map((suggestion) => (
        <One key={suggestion.id} suggestion={suggestion} />
      ))}
    </ul>
  );
}

function One({ suggestion }: { suggestion: Suggestion }) {
  const { title, detail, claim, rule, draft, complaints } = suggestion;
  const keep = useDraft();
  return (
    <li className={styles.version} aria-label={title}>
      <div className={styles.head}>
        <h3 className={rows.name}>{title}</h3>
        <StateMark tone={claim === 'experiment' ? 'good' : 'quiet'}>
          {claim === 'experiment' ? 'Effect, drawn by lot' : 'Association, not effect'}
        </StateMark>
        {complaints === 'may_rise' && <StateMark tone="warn">Complaints may rise</StateMark>}
      </div>
      <p className={styles.note}>{detail}</p>
      <p className={rows.small}>The rule {effectWords(rule.then)}.</p>
      <details className={styles.details}>
        <summary>What the log says</summary>
        <ul className={styles.rules}>
          {evidenceWords(suggestion).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
      {keep.isError && (
        <p className={form.error} role="alert">
          {refusalSentence(keep.error, 'Only editors and administrators may make drafts. Ask one of them.')}
        </p>
      )}
      {keep.isSuccess ? (
        <p role="status" className={rows.small}>
          Kept as version {keep.data.number}. Check it under Versions.
        </p>
      ) : (
        <Button
          className={form.start}
          size="xs"
          variant="default"
          loading={keep.isPending}
          aria-label={`Keep as a draft: ${title}`}
          onClick={() => keep.mutate(draft)}
        >
          Keep as a draft
        </Button>
      )}
    </li>
  );
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1].map((row) => (
        <Bone key={row} height={48} width={`${96 - row * 6}%`} />
      ))}
    </div>
  );
}
