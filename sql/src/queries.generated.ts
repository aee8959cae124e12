// Written by `pnpm sql:generate` from sql/queries and sql/migrations. Do not edit.

export interface Queries {
  'auth/api_keys': {
    params: Record<string, never>;
    row: {
      id: string;
      name: string;
      hash: string;
      scopes: string[];
      created_at: string;
      version: number;
      revoked: boolean;
    };
  };
  'auth/users': {
    params: Record<string, never>;
    row: {
      name: string;
      password: string;
      roles: string[];
      sessions_valid_from: string;
      version: number;
    };
  };
  'events/deliveries_by_message': {
    params: {
      ids: string;
    };
    row: {
      message_id: string;
      person: string;
    };
  };
  'events/engagement_by_person': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      last_delivered_at: string;
      last_opened_at: string;
      last_clicked_at: string;
    };
  };
  'events/known_ids': {
    params: {
      ids: string;
    };
    row: {
      id: string;
      content_hash: string;
      decision: string;
    };
  };
  'opt-outs/attributed_messages': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      attributed_message: string;
    };
  };
  'opt-outs/last_seq': {
    params: Record<string, never>;
    row: {
      seq: number;
    };
  };
  'opt-outs/recent_deliveries': {
    params: {
      people: string;
      from: Date;
      messages: string;
    };
    row: {
      person: string;
      message_id: string;
      stream: string;
      channel: string;
      campaign: string;
      message_type: string;
      occurred_at: string;
      segments: string[];
    };
  };
  'opt-outs/spells_by_person': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      stream: string;
      first_exposed_at: string;
      exposed: number;
      edges: number;
      last_edge: string;
      last_edge_at: string;
    };
  };
  'opt-outs/statements_by_subject': {
    params: {
      ids: string;
    };
    row: {
      subject: string;
      order_at: string;
      id: string;
      binds: string;
      person: string;
      selector: string;
      effect: 'opt_in' | 'opt_out' | 'pause' | 'cap' | 'hold' | 'void';
      tolerance: number;
      strength: string;
      counts: boolean;
      explicit: boolean;
      expires_at: string | null;
      basis: string;
      evidence: string;
      decision: string;
      voids: string;
      cap_n: number | null;
      cap_per: string;
    };
  };
  'streams/stream_versions': {
    params: Record<string, never>;
    row: {
      key: string;
      version: number;
      channel: string;
      category: string;
      origin: string;
      class: string;
      brand: string;
      list_id: string;
      title: string;
      all_option_shown: boolean;
      legal_basis: string;
      regime: string;
      markets: string[];
      parent: string;
      reviewed: boolean;
      changed_at: string;
      changed_by: string;
    };
  };
  'subscribers/subjects_by_identifier': {
    params: {
      ids: string;
    };
    row: {
      identifier: string;
      person: string;
      version: number;
      external_id: string;
      email_id: string;
      phone_id: string;
      push_id: string;
      sealed: string;
      key_slot: number;
      jurisdiction: string;
      attributes: string;
      first_seen_at: string;
    };
  };
  'subscribers/subjects_by_person': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      version: number;
      external_id: string;
      email_id: string;
      phone_id: string;
      push_id: string;
      sealed: string;
      key_slot: number;
      jurisdiction: string;
      attributes: string;
      first_seen_at: string;
    };
  };
}

/** Name and ClickHouse type of the columns each query answered with when this file was written. */
export const queryColumns: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {
  'auth/api_keys': [
    ['id', 'String'],
    ['name', 'String'],
    ['hash', 'String'],
    ['scopes', 'Array(String)'],
    ['created_at', 'DateTime64(3, \'UTC\')'],
    ['version', 'UInt64'],
    ['revoked', 'Bool'],
  ],
  'auth/users': [
    ['name', 'String'],
    ['password', 'String'],
    ['roles', 'Array(String)'],
    ['sessions_valid_from', 'DateTime64(3, \'UTC\')'],
    ['version', 'UInt64'],
  ],
  'events/deliveries_by_message': [
    ['message_id', 'String'],
    ['person', 'UUID'],
  ],
  'events/engagement_by_person': [
    ['person', 'UUID'],
    ['last_delivered_at', 'SimpleAggregateFunction(max, DateTime64(3, \'UTC\'))'],
    ['last_opened_at', 'SimpleAggregateFunction(max, DateTime64(3, \'UTC\'))'],
    ['last_clicked_at', 'SimpleAggregateFunction(max, DateTime64(3, \'UTC\'))'],
  ],
  'events/known_ids': [
    ['id', 'String'],
    ['content_hash', 'String'],
    ['decision', 'UUID'],
  ],
  'opt-outs/attributed_messages': [
    ['person', 'UUID'],
    ['attributed_message', 'String'],
  ],
  'opt-outs/last_seq': [
    ['seq', 'UInt64'],
  ],
  'opt-outs/recent_deliveries': [
    ['person', 'UUID'],
    ['message_id', 'String'],
    ['stream', 'LowCardinality(String)'],
    ['channel', 'LowCardinality(String)'],
    ['campaign', 'LowCardinality(String)'],
    ['message_type', 'LowCardinality(String)'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['segments', 'Array(LowCardinality(String))'],
  ],
  'opt-outs/spells_by_person': [
    ['person', 'UUID'],
    ['stream', 'LowCardinality(String)'],
    ['first_exposed_at', 'SimpleAggregateFunction(min, DateTime64(3, \'UTC\'))'],
    ['exposed', 'UInt8'],
    ['edges', 'UInt64'],
    ['last_edge', 'String'],
    ['last_edge_at', 'SimpleAggregateFunction(min, DateTime64(3, \'UTC\'))'],
  ],
  'opt-outs/statements_by_subject': [
    ['subject', 'UUID'],
    ['order_at', 'DateTime64(3, \'UTC\')'],
    ['id', 'UUID'],
    ['binds', 'LowCardinality(String)'],
    ['person', 'UUID'],
    ['selector', 'String'],
    ['effect', 'Enum8(\'opt_in\' = 0, \'opt_out\' = 1, \'pause\' = 2, \'cap\' = 3, \'hold\' = 4, \'void\' = 5)'],
    ['tolerance', 'UInt32'],
    ['strength', 'LowCardinality(String)'],
    ['counts', 'Bool'],
    ['explicit', 'Bool'],
    ['expires_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['basis', 'LowCardinality(String)'],
    ['evidence', 'String'],
    ['decision', 'UUID'],
    ['voids', 'UUID'],
    ['cap_n', 'Nullable(UInt16)'],
    ['cap_per', 'LowCardinality(String)'],
  ],
  'streams/stream_versions': [
    ['key', 'String'],
    ['version', 'UInt32'],
    ['channel', 'String'],
    ['category', 'String'],
    ['origin', 'String'],
    ['class', 'String'],
    ['brand', 'String'],
    ['list_id', 'String'],
    ['title', 'String'],
    ['all_option_shown', 'Bool'],
    ['legal_basis', 'String'],
    ['regime', 'String'],
    ['markets', 'Array(String)'],
    ['parent', 'String'],
    ['reviewed', 'Bool'],
    ['changed_at', 'DateTime64(3, \'UTC\')'],
    ['changed_by', 'String'],
  ],
  'subscribers/subjects_by_identifier': [
    ['identifier', 'UUID'],
    ['person', 'UUID'],
    ['version', 'UInt64'],
    ['external_id', 'UUID'],
    ['email_id', 'UUID'],
    ['phone_id', 'UUID'],
    ['push_id', 'UUID'],
    ['sealed', 'String'],
    ['key_slot', 'UInt32'],
    ['jurisdiction', 'LowCardinality(String)'],
    ['attributes', 'String'],
    ['first_seen_at', 'DateTime64(3, \'UTC\')'],
  ],
  'subscribers/subjects_by_person': [
    ['person', 'UUID'],
    ['version', 'UInt64'],
    ['external_id', 'UUID'],
    ['email_id', 'UUID'],
    ['phone_id', 'UUID'],
    ['push_id', 'UUID'],
    ['sealed', 'String'],
    ['key_slot', 'UInt32'],
    ['jurisdiction', 'LowCardinality(String)'],
    ['attributes', 'String'],
    ['first_seen_at', 'DateTime64(3, \'UTC\')'],
  ],
};
