-- What decisions say about subscriptions, by whom they bind: the lines of the ledger that may begin a spell or end one.
-- Which spells there are is asked when it is asked, by the times at which things happened: so it does not matter in
-- which order they arrived. `spell_edges` has what each decision found open and changed when it was taken.
-- `selector` is that of the line; '@email' stands for an address of that channel that bounced, '@' for an erasure, which
-- ends everything, and '' for a decision that is taken back (`voids`). `cause` ends spells: a code of `spellCauses`, from 1;
-- 0 begins one. `grade` of an ending: what lifts it must have at least as much (1 plain, 2 strong, 3 an address that
-- bounced); of a beginning: what it is worth (0 without evidence, 1 evidence, 2 explicit, 3 answered from the address).
CREATE TABLE IF NOT EXISTS spell_marks
(
  selector LowCardinality(String),
  person UUID,
  at DateTime64(3, 'UTC'),
  cause UInt8,
  grade UInt8,
  tolerance UInt32,
  subject UUID,
  decision UUID,
  voids UUID,
  received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (selector, person, at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
