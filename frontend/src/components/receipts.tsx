import type { DecisionReceipts, Receipt } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { receiptsQuery } from '../target-queries.js';
import { receiptWords } from '../target-words.js';
import { Bone } from './bone.js';
import { QueryBody } from './panel.js';
import styles from './receipts.module.css';
import { StateMark } from './state-mark.js';
import { HowLong } from './when.js';
import why from './why.module.css';

/** Who was told of a decision, and what they answered. */
export function Receipts({ decision }: { decision: string }) {
  const result = useQuery(receiptsQuery(decision));
  return (
    <section aria-label="Word back">
      <h3 className={why.section}>Who was told</h3>
      <QueryBody name="Receipts" result={result} waiting={<Bone height={28} />}>
        {(answer) => <List answer={answer} />}
      </QueryBody>
    </section>
  );
}

function List({ answer: { receipts, received_at } }: { answer: DecisionReceipts }) {
  if (receipts.length === 0) {
    return (
      <p className={styles.none}>
        Nobody: no <Link to="/settings/word-back">target</Link> had to be. Whoever asks before a send is
        answered by this decision.
      </p>
    );
  }
  return (
    <ul>
      {receipts.map((receipt) => (
        <Line key={receipt.target} receipt={receipt} receivedAt={received_at} />
      ))}
    </ul>
  );
}

function Line({ receipt, receivedAt }: { receipt: Receipt; receivedAt: string }) {
  const { tone, words, detail } = receiptWords(receipt);
  const waits = receipt.state === 'waiting' || receipt.state === 'sent';
  return (
    <li className={styles.receipt}>
      <span className={styles.name}>{receipt.target_name}</span>
      <div>
        <StateMark tone={tone}>
          <span>
            {words}
            {waits && (
              <>
                {' '}
                for <HowLong since={receivedAt} />
              </>
            )}
          </span>
        </StateMark>
        {detail !== '' && <p className={styles.detail}>{detail}</p>}
        {receipt.state === 'dead' && (
          <p className={styles.detail}>
            <Link to="/settings/word-back" search={{ target: receipt.target }}>
              Send it again
            </Link>
          </p>
        )}
      </div>
    </li>
  );
}
