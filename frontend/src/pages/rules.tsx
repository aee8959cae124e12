import { RulesetsPanel } from '../components/rulesets-panel.js';
import { SuggestionsPanel } from '../components/suggestions-panel.js';
import styles from './rules.module.css';

export function RulesPage() {
  return (
    <>
      <title>Rules · Secateur</title>
      <div className={styles.head}>
        <h1 className={styles.title}>Rules</h1>
        <p className={styles.lead}>
          What stops when somebody says stop, never less than the law and their words ask.
        </p>
      </div>
      <div className={styles.page}>
        <RulesetsPanel />
        <SuggestionsPanel />
      </div>
    </>
  );
}
