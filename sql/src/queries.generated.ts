// Written by `pnpm sql:generate` from sql/queries and sql/migrations. Do not edit.

export interface Queries {
  'alerts/daily_counts': {
    params: {
      level: 'stream' | 'segment' | 'campaign' | 'message_type';
      from: Date;
      to: Date;
      active_from: Date;
      least: number;
    };
    row: {
      of_stream: string;
      key: string;
      on_day: number;
      delivered: number;
      opt_outs: number;
      complaints: number;
    };
  };
  'alerts/flagged_days': {
    params: {
      since: number;
    };
    row: {
      metric: string;
      level: string;
      stream: string;
      key: string;
      on_day: number;
      incident: string;
    };
  };
  'alerts/incident_by_id': {
    params: {
      id: string;
    };
    row: {
      id: string;
      version: number;
      body: string;
    };
  };
  'alerts/incidents_all': {
    params: {
      since: Date;
      most: number;
    };
    row: {
      id: string;
      version: number;
      body: string;
    };
  };
  'alerts/looks_since': {
    params: {
      since: Date;
    };
    row: {
      kind: string;
      bucket: string;
      most_tests: number;
      most_alarms: number;
    };
  };
  'alerts/notices_due': {
    params: {
      now: Date;
      most: number;
    };
    row: {
      id: string;
      version: number;
      incident: string;
      type: string;
      place: string;
      attempts: number;
      made_at: string;
      payload: string;
    };
  };
  'alerts/notices_known': {
    params: {
      ids: string;
    };
    row: {
      known: string;
    };
  };
  'alerts/notices_of': {
    params: {
      incident: string;
      most: number;
    };
    row: {
      id: string;
      incident: string;
      type: string;
      place: string;
      state: string;
      attempts: number;
      made_at: string;
      next_at: string;
      acknowledged_at: string | null;
      status: number;
      detail: string;
    };
  };
  'alerts/recent_complaints': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      of_stream: string;
      delivered: number;
      complaints: number;
    };
  };
  'alerts/rule_failures': {
    params: {
      since: Date;
    };
    row: {
      of_rule: string;
      of_version: string;
      failures: number;
      decisions: number;
      first_at: string;
      last_at: string;
      of_streams: string[];
      reasons: string[];
    };
  };
  'alerts/send_pauses_all': {
    params: {
      now: Date;
    };
    row: {
      id: string;
      version: number;
      stream: string;
      campaign: string;
      from_at: string;
      until: string | null;
      lifted_at: string | null;
      incident: string;
      why: string;
      changed_by: string;
    };
  };
  'analytics/buckets': {
    params: {
      zone: string;
      from: Date;
      to: Date;
      bucket: 'hour' | 'day' | 'week' | 'month';
      week_shift: number;
    };
    row: {
      at: string;
      next: string;
    };
  };
  'analytics/curves_published_at': {
    params: {
      as_of: Date;
    };
    row: {
      of_stream: string;
      of_segment: string;
    };
  };
  'analytics/decision_measures': {
    params: {
      from: Date;
      to: Date;
      zone: string;
      first: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      second: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      bucket: 'none' | 'hour' | 'day' | 'week' | 'month';
      week_shift: number;
    };
    row: {
      first_key: string;
      second_key: string;
      at: string;
      requests: number;
      opt_outs: number;
      complaints: number;
      unsolicited: number;
      unattributed: number;
      kept: number | null;
      stops: number;
      repeats: number;
      suspected: number;
      pauses: number;
      caps: number;
      p50_ms: number | null;
      p99_ms: number | null;
    };
  };
  'analytics/drivers': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      dimension: string;
      key: string;
      delivered: number;
      opt_outs: number;
      compared: number;
      compared_opt_outs: number;
      expected: number;
      conditional_mean: number;
      conditional_variance: number;
      own_weight: number;
      other_weight: number;
      log_ratio_term: number;
    };
  };
  'analytics/drivers_by_exposure': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      view: string;
      dimension: string;
      key: string;
      delivered: number;
      opt_outs: number;
      compared: number;
      compared_opt_outs: number;
      expected: number;
      conditional_mean: number;
      conditional_variance: number;
      own_weight: number;
      other_weight: number;
      log_ratio_term: number;
    };
  };
  'analytics/engagement_cohorts': {
    params: {
      known_at: Date;
      as_of: Date;
      stream: string;
      from: Date;
      to: Date;
      period: 'day' | 'week' | 'month';
      windows: 'rolling' | 'calendar';
      periods: number;
    };
    row: {
      cohort: string;
      n: number;
      size: number;
      eligible: number;
      on: number;
      on_or_after: number;
    };
  };
  'analytics/honour': {
    params: {
      zone: string;
      from: Date;
      to: Date;
      first: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      second: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      bucket: 'none' | 'hour' | 'day' | 'week' | 'month';
      week_shift: number;
    };
    row: {
      first_key: string;
      second_key: string;
      at: string;
      requests: number;
      p50_ms: number | null;
      p99_ms: number | null;
      owed: number;
      acknowledged: number;
      waiting: number;
      dead: number;
      acknowledged_p50_ms: number | null;
      acknowledged_p99_ms: number | null;
    };
  };
  'analytics/hourly_cells': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      hour: string;
      segments: string[];
      streams: string[];
      delivered: number[];
      opt_outs: number[];
      complaints: number[];
    };
  };
  'analytics/list_growth': {
    params: {
      zone: string;
      previous_from: Date;
      from: Date;
      to: Date;
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      bucket: 'none' | 'hour' | 'day' | 'week' | 'month';
      week_shift: number;
    };
    row: {
      stream: string;
      at: string;
      began: number;
      ended: number;
      previous_began: number;
      previous_ended: number;
    };
  };
  'analytics/published_curve': {
    params: {
      stream: string;
      segment: string;
      as_of: Date;
    };
    row: {
      of: string;
      known: string;
      body: string;
    };
  };
  'analytics/published_curve_days': {
    params: {
      stream: string;
      segment: string;
      limit: number;
    };
    row: {
      of: string;
    };
  };
  'analytics/published_rates': {
    params: {
      segment: string;
      stream: string;
      stage: 'first' | 'complete';
      from: Date;
      to: Date;
      bucket: 'hour' | 'day';
    };
    row: {
      at: string;
      hours: number;
      first_as_of: string;
      last_as_of: string;
      first_known_at: string;
      last_known_at: string;
      delivered: number;
      opt_outs: number;
      complaints: number;
      now_delivered: number;
      now_opt_outs: number;
      now_complaints: number;
      later_opt_outs: number;
      later_complaints: number;
      late_opt_outs: number;
      late_complaints: number;
    };
  };
  'analytics/published_until': {
    params: Record<string, never>;
    row: {
      last_first: string | null;
      last_complete: string | null;
      first_delivered: string | null;
    };
  };
  'analytics/rates': {
    params: {
      first: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      second: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      previous_from: Date;
      from: Date;
      to: Date;
      limit: number;
    };
    row: {
      first_key: string;
      second_key: string;
      delivered: number;
      opt_outs: number;
      complaints: number;
      previous_delivered: number;
      previous_opt_outs: number;
      previous_complaints: number;
      values: number;
    };
  };
  'analytics/rates_trend': {
    params: {
      zone: string;
      first: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      second: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason';
      first_keys: readonly string[];
      second_keys: readonly string[];
      bucket: 'hour' | 'day' | 'week' | 'month';
      week_shift: number;
      from: Date;
      to: Date;
    };
    row: {
      first_key: string;
      second_key: string;
      at: string;
      delivered: number;
      opt_outs: number;
      complaints: number;
    };
  };
  'analytics/reach': {
    params: {
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
    };
    row: {
      spells: number;
      subscribers: number;
      streams: number;
    };
  };
  'analytics/reach_by': {
    params: {
      first: 'none' | 'segment' | 'stream' | 'channel' | 'category' | 'origin';
      second: 'none' | 'segment' | 'stream' | 'channel' | 'category' | 'origin';
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      at: Date;
      segments_at: Date;
      limit: number;
    };
    row: {
      first_key: string;
      second_key: string;
      spells: number;
      subscribers: number;
      streams: number;
      values: number;
    };
  };
  'analytics/retention_curve': {
    params: {
      known_at: Date;
      as_of: Date;
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      streams: readonly string[];
      step_ms: number;
      unit_ms: number;
      causes: readonly number[];
      min_at_risk: number;
      most: number;
    };
    row: {
      curve: number;
      n: number;
      t: number;
      shown: number;
      at_risk: number;
      events: number;
      censored: number;
      survival: number;
      std_error: number | null;
      lower: number | null;
      upper: number | null;
      nelson_aalen: number;
      nelson_aalen_error: number;
      opt_out: number;
      complaint: number;
      hard_bounce: number;
      erasure: number;
      consent_expiry: number;
    };
  };
  'analytics/retention_curve_in_segments': {
    params: {
      known_at: Date;
      as_of: Date;
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      streams: readonly string[];
      segments: readonly string[];
      while_in_segment: number;
      step_ms: number;
      unit_ms: number;
      causes: readonly number[];
      min_at_risk: number;
      most: number;
    };
    row: {
      curve: number;
      n: number;
      t: number;
      shown: number;
      at_risk: number;
      events: number;
      censored: number;
      survival: number;
      std_error: number | null;
      lower: number | null;
      upper: number | null;
      nelson_aalen: number;
      nelson_aalen_error: number;
      opt_out: number;
      complaint: number;
      hard_bounce: number;
      erasure: number;
      consent_expiry: number;
    };
  };
  'analytics/retention_log_rank': {
    params: {
      known_at: Date;
      as_of: Date;
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      streams: readonly string[];
      segments: readonly string[];
      while_in_segment: number;
      step_ms: number;
      unit_ms: number;
      curves: number;
      causes: readonly number[];
    };
    row: {
      n: number[];
      observed: number[];
      expected: number[];
      variance: number[];
    };
  };
  'analytics/segment_sizes': {
    params: {
      at: Date;
    };
    row: {
      segment: string;
      size: number;
    };
  };
  'analytics/send_pressure': {
    params: {
      first: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience';
      second: 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience';
      from: Date;
      to: Date;
    };
    row: {
      first_key: string;
      second_key: string;
      messages: number;
      subscribers: number;
    };
  };
  'analytics/spell_selectors': {
    params: Record<string, never>;
    row: {
      selector: string;
    };
  };
  'analytics/time_zones': {
    params: Record<string, never>;
    row: {
      time_zone: string;
    };
  };
  'analytics/unsolicited': {
    params: {
      from: Date;
      to: Date;
      limit: number;
    };
    row: {
      segment: string;
      stream: string;
      requests: number;
      unsolicited: number;
      kinds: string[];
      counts: number[];
    };
  };
  'analytics/unsolicited_examples': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      segment: string;
      stream: string;
      kind: string;
      id: string;
      at: string;
      trigger: string;
      campaign: string;
    };
  };
  'audit/decision_by_id': {
    params: {
      id: string;
    };
    row: {
      seq: number;
      id: string;
      type: string;
      trigger: string;
      made_by: string;
      person: string;
      identifier: string;
      channel: string;
      stream: string;
      campaign: string;
      reason: string;
      occurred_at: string;
      received_at: string;
      decided_at: string;
      asked: string;
      ruleset: string;
      rule: string;
      rollout: string;
      tag: string;
      offers: string;
      floor_version: string;
      floor: string;
      trace: string;
      facts: string;
      effective: string[];
      widened_for: string[];
      flags: string[];
      streams_stopped: string[];
      streams_kept: string[];
      kept_by_scoping: number;
      unsolicited: boolean;
      attributed_delivery: string;
      attributed_message: string;
      attributed_campaign: string;
      attributed_at: string;
      attributed_segments: string[];
      segments: string[];
      voided: number | null;
    };
  };
  'audit/decisions_page': {
    params: {
      after: number;
      limit: number;
    };
    row: {
      seq: number;
      id: string;
      type: string;
      trigger: string;
      channel: string;
      stream: string;
      campaign: string;
      reason: string;
      effective: string[];
      widened_for: string[];
      streams_stopped: string[];
      streams_kept: string[];
      kept_by_scoping: number;
      occurred_at: string;
      received_at: string;
      segments: string[];
      last_seq: number | null;
    };
  };
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
  'backtests/backtest_by_id': {
    params: {
      id: string;
    };
    row: {
      id: string;
      ruleset: string;
      state: string;
      from_at: string;
      to_at: string;
      known_seq: number;
      started_at: string;
      started_by: string;
      ms: number;
      error: string;
      report: string;
    };
  };
  'backtests/backtests_all': {
    params: Record<string, never>;
    row: {
      id: string;
      ruleset: string;
      state: string;
      from_at: string;
      to_at: string;
      started_at: string;
      started_by: string;
      ms: number;
      error: string;
    };
  };
  'backtests/contexts': {
    params: {
      changes: readonly number[];
      from: Date;
      to: Date;
      known: number;
    };
    row: {
      catalogue: string;
      channel: string;
      stream: string;
      category: string;
      origin: string;
      epoch: number;
      first_order_at: string;
      example: number;
    };
  };
  'backtests/engagement_windows_as_of': {
    params: {
      asked: string;
    };
    row: {
      number: number;
      stream: string;
      channel: string;
      category: string;
      sends_7d: number;
      sends_30d: number;
      sends_90d: number;
      opens_7d: number;
      opens_30d: number;
      opens_90d: number;
      clicks_7d: number;
      clicks_30d: number;
      clicks_90d: number;
    };
  };
  'backtests/query_progress': {
    params: {
      query: string;
    };
    row: {
      read_rows: number;
      expected_rows: number;
    };
  };
  'backtests/seq_of_decision': {
    params: {
      id: string;
    };
    row: {
      seq: number;
    };
  };
  'backtests/stored_by_seq': {
    params: {
      seqs: string;
    };
    row: {
      seq: number;
      id: string;
      type: string;
      trigger: string;
      person: string;
      identifier: string;
      stream: string;
      occurred_at: string;
      received_at: string;
      ruleset: string;
      rule: string;
      facts: string;
      segments: string[];
      streams_stopped: string[];
      streams_kept: string[];
      recorded: number;
      reach_open: boolean;
      jurisdiction: string;
      first_seen_at: string;
      attributes: string;
      last_delivered_at: string;
      last_opened_at: string;
      last_clicked_at: string;
      past_opt_outs: number;
      risk_30d: number | null;
    };
  };
  'backtests/trace_of_decision': {
    params: {
      id: string;
    };
    row: {
      seq: number;
      ruleset: string;
      trace: string;
    };
  };
  'churn/bins_lately': {
    params: {
      model: string;
      since: Date;
    };
    row: {
      feature: string;
      place: number;
      per_day: number;
      days: number;
    };
  };
  'churn/endings': {
    params: {
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      as_of: Date;
      known_at: Date;
      from: Date;
    };
    row: {
      person: string;
      stream: string;
      began_at: string;
      ended_at: string;
      cause: number;
    };
  };
  'churn/feature_bins': {
    params: {
      cuts: Record<string, readonly number[]>;
      t0: Date;
      levels: Record<string, readonly string[]>;
    };
    row: {
      feature: string;
      place: number;
      subscriptions: number;
    };
  };
  'churn/forecasts': {
    params: {
      model: string;
      since: Date;
    };
    row: {
      t0: string;
      of_stream: string;
      subscriptions: number;
      expected: number;
    };
  };
  'churn/latest_scoring': {
    params: Record<string, never>;
    row: {
      t0: string;
      its_model: string;
      scored_at: string;
      subscriptions: number;
    };
  };
  'churn/model_files': {
    params: {
      id: string;
    };
    row: {
      model_json: string;
      scaling: string;
      weights: string;
    };
  };
  'churn/model_profile': {
    params: {
      id: string;
    };
    row: {
      profile: string;
    };
  };
  'churn/models': {
    params: Record<string, never>;
    row: {
      model: string;
      kind: string;
      trained_at: string;
      trained_by: string;
      cut: string;
      until: string;
      report: string;
      events: string[];
      ats: string[];
      bys: string[];
      whys: string[];
    };
  };
  'churn/objectors': {
    params: Record<string, never>;
    row: {
      person: string;
      objected_at: string;
    };
  };
  'churn/risk_by_person': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      highest_30d: number;
    };
  };
  'churn/risk_history': {
    params: {
      since: Date;
      segments: readonly string[];
      streams: readonly string[];
    };
    row: {
      segment: string;
      stream: string;
      day: string;
      mean_risk: number;
      subscriptions: number;
    };
  };
  'churn/risks': {
    params: {
      t0: Date;
      model: string;
      least: number;
      limit: number;
    };
    row: {
      segment: string;
      stream: string;
      people: number;
      mean_risk_7d: number;
      mean_risk_30d: number;
      mean_risk_90d: number;
      expected_7d: number;
      expected_30d: number;
      expected_90d: number;
      variance_30d: number;
      spread_30d: number;
      p90_risk_30d: number;
      mean_groups: number[];
    };
  };
  'churn/score_bins': {
    params: {
      cuts: readonly number[];
      t0: Date;
      model: string;
    };
    row: {
      place: number;
      subscriptions: number;
    };
  };
  'churn/snapshot': {
    params: {
      t0: Date;
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
      chunks: number;
      chunk: number;
    };
    row: {
      person: string;
      stream: string;
      began_at: string;
      in_segments: string[];
      channel: string;
      category: string;
      origin: string;
      country: string;
      plan: string;
      month: string;
      tenure: number;
      days_since_delivery: number | null;
      days_since_open: number | null;
      days_since_click: number | null;
      delivered_7: number;
      delivered_28: number;
      delivered_90: number;
      delivered_7_all: number;
      frequency_ratio: number;
      most_on_a_day_28: number;
      night_share_28: number;
      weekend_share_28: number;
      stream_share_28: number;
      open_rate_28: number;
      open_rate_90: number;
      click_rate_28: number;
      click_rate_90: number;
      open_trend: number;
      opens_decayed_7: number;
      opens_decayed_30: number;
      clicks_decayed_30: number;
      bounced_90: number;
      streams_open: number;
      opt_outs_elsewhere: number;
      opt_outs_here: number;
      complaints_before: number;
      came_back: number;
    };
  };
  'churn/unscored': {
    params: {
      t0: Date;
      limit: number;
    };
    row: {
      unscored: string;
    };
  };
  'events/deliveries_by_message': {
    params: {
      ids: string;
    };
    row: {
      message_id: string;
      person: string;
      people: number;
    };
  };
  'events/engagement_as_of': {
    params: {
      asked: string;
    };
    row: {
      number: number;
      engaged_at: string;
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
  'events/messages_of_people': {
    params: {
      ids: string;
      people: string;
    };
    row: {
      message_id: string;
      person: string;
    };
  };
  'events/quarantine_by_id': {
    params: {
      id: string;
    };
    row: {
      id: string;
      received_at: string;
      deadline_at: string;
      door: string;
      code: string;
      detail: string;
      field: string;
      sealed: string;
      state: 'open' | 'replayed' | 'dismissed';
    };
  };
  'events/quarantine_open': {
    params: {
      limit: number;
    };
    row: {
      id: string;
      received_at: string;
      deadline_at: string;
      door: string;
      code: string;
      detail: string;
      field: string;
    };
  };
  'events/soft_bounces_by_person': {
    params: {
      ids: string;
      since: Date;
    };
    row: {
      person: string;
      channel: string;
      bounces: number;
    };
  };
  'events/stored_ids': {
    params: {
      ids: string;
    };
    row: {
      id: string;
      received_at: string;
      decision: string;
    };
  };
  'exports/decisions': {
    params: {
      quote_formulas: boolean;
      from: Date;
      to: Date;
    };
    row: {
      id: string;
      seq: number;
      event_id: string;
      type: string;
      trigger: string;
      made_by: string;
      person: string;
      occurred_at: string;
      received_at: string;
      order_at: string;
      decided_at: string;
      stream: string;
      channel: string;
      category: string;
      origin: string;
      audience: string;
      campaign: string;
      message_type: string;
      message_id: string;
      reason: string;
      asked: string;
      ruleset: string;
      rule: string;
      floor_version: string;
      effective: string[];
      widened_for: string[];
      flags: string[];
      streams_stopped: string[];
      streams_kept: string[];
      segments: string[];
      voids: string;
      unsolicited: boolean | null;
      attributed_delivery: string | null;
      attributed_at: string | null;
      attributed_stream: string | null;
      attributed_campaign: string | null;
      kept_by_scoping: number | null;
    };
  };
  'exports/events': {
    params: {
      quote_formulas: boolean;
      from: Date;
      to: Date;
    };
    row: {
      id: string;
      type: string;
      person: string;
      occurred_at: string;
      received_at: string;
      stream: string;
      channel: string;
      category: string;
      origin: string;
      audience: string;
      campaign: string;
      message_type: string;
      message_id: string;
      segments: string[];
      trigger: string;
      flags: string[];
    };
  };
  'exports/spells': {
    params: {
      quote_formulas: boolean;
      from: Date;
      to: Date;
      cover_selectors: readonly string[];
      cover_streams: readonly string[];
      cover_until: readonly number[];
      cover_since: readonly number[];
    };
    row: {
      person: string;
      stream: string;
      channel: string;
      category: string;
      origin: string;
      began_at: string;
      ended_at: string | null;
      cause: string;
    };
  };
  'jobs/latest_runs': {
    params: Record<string, never>;
    row: {
      job: string;
      latest_due: string;
      latest_started_at: string;
      latest_ms: number;
      latest_state: string;
      latest_error: string;
      latest_counts: string;
      done_due: string;
    };
  };
  'opt-outs/closed_by_decision': {
    params: {
      people: string;
      decisions: string;
    };
    row: {
      decision: string;
      stream: string;
    };
  };
  'opt-outs/counted_by_person': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      decision: string;
      event_id: string;
      order_at: string;
      delivery: string;
    };
  };
  'opt-outs/last_seq': {
    params: Record<string, never>;
    row: {
      seq: number;
    };
  };
  'opt-outs/people_delivered_late': {
    params: {
      since: Date;
    };
    row: {
      person: string;
    };
  };
  'opt-outs/people_to_recount': {
    params: {
      deliveries: string;
    };
    row: {
      person: string;
    };
  };
  'opt-outs/recent_deliveries': {
    params: {
      windows: string;
      messages: string;
    };
    row: {
      id: string;
      person: string;
      message_id: string;
      stream: string;
      channel: string;
      campaign: string;
      message_type: string;
      audience: string;
      occurred_at: string;
      segments: string[];
    };
  };
  'opt-outs/requests_to_recount': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      decision: string;
      seq: number;
      event_id: string;
      type: string;
      message_id: string;
      trigger: string;
      reason: string;
      order_at: string;
      received_at: string;
      unsolicited: boolean;
      kept_by_scoping: number;
      attributed_delivery: string;
      attributed_stream: string;
      attributed_channel: string;
      attributed_category: string;
      attributed_origin: string;
      attributed_campaign: string;
      attributed_message_type: string;
      attributed_audience: string;
      attributed_at: string;
      attributed_segments: string[];
      stops: boolean;
      version: number;
      facts: string;
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
  'permissions/changes_between': {
    params: {
      since: number;
      until: number;
      limit: number;
    };
    row: {
      seq: number;
      id: string;
      type: string;
      person: string;
      channel: string;
      effective: string[];
      streams_stopped: string[];
      streams_kept: string[];
      statements: { id: string; subject: string; binds: string; selector: string; effect: string; order_at: string; tolerance: number; strength: string; counts: boolean; explicit: boolean; expires_at: string | null; basis: string; evidence: string; voids: string; cap_n: number | null; cap_per: string }[];
      occurred_at: string;
      received_at: string;
      decided_at: string;
    };
  };
  'permissions/identifier_kinds': {
    params: {
      ids: string;
    };
    row: {
      identifier: string;
      kind: string;
    };
  };
  'permissions/suppressed_subjects': {
    params: {
      after: string;
      limit: number;
    };
    row: {
      subject: string;
    };
  };
  'rollouts/arms': {
    params: {
      from: Date;
      to: Date;
      ruleset: string;
      now: Date;
    };
    row: {
      arm: string;
      rulesets: string[];
      people: number;
      decisions: number;
      streams_stopped: number;
      streams_kept: number;
      first_kept: number;
      first_kept_squares: number;
      repeats: number;
      complaints: number;
      followed_people: number;
      followed_repeats: number;
      followed_complaints: number;
    };
  };
  'rules/ruleset_events_all': {
    params: Record<string, never>;
    row: {
      ruleset: string;
      event: string;
      at: string;
      by: string;
      why: string;
      percent: number | null;
      data: string;
    };
  };
  'rules/rulesets_all': {
    params: Record<string, never>;
    row: {
      id: string;
      number: number;
      rules: string;
      note: string;
      based_on: string;
      created_at: string;
      created_by: string;
    };
  };
  'segments/attributes_held': {
    params: Record<string, never>;
    row: {
      name: string;
      type: string;
      holders: number;
    };
  };
  'segments/current_sizes': {
    params: Record<string, never>;
    row: {
      segment: string;
      size: number;
    };
  };
  'segments/engagement_windows_by_person': {
    params: {
      asked: string;
    };
    row: {
      person: string;
      stream: string;
      channel: string;
      category: string;
      sends_7d: number;
      sends_30d: number;
      sends_90d: number;
      opens_7d: number;
      opens_30d: number;
      opens_90d: number;
      clicks_7d: number;
      clicks_30d: number;
      clicks_90d: number;
    };
  };
  'segments/flows': {
    params: {
      from: Date;
      interval: 'hour' | 'day';
      segment: string;
      to: Date;
    };
    row: {
      bucket: string | null;
      entered: number;
      left: number;
    };
  };
  'segments/lag': {
    params: {
      since: Date;
    };
    row: {
      cause: 'decision' | 'profile' | 'event' | 'sweep' | 'definition';
      edges: number;
      p50_ms: number;
      p99_ms: number;
    };
  };
  'segments/members_page': {
    params: {
      segment: string;
      after: string;
      limit: number;
    };
    row: {
      person: string;
      at: string;
    };
  };
  'segments/memberships_as_of': {
    params: {
      asked: string;
    };
    row: {
      number: number;
      segments: string[];
    };
  };
  'segments/memberships_by_person': {
    params: {
      ids: string;
    };
    row: {
      person: string;
      segment: string;
      version: number;
      at: string;
      cause: 'decision' | 'profile' | 'event' | 'sweep' | 'definition';
      cause_id: string;
    };
  };
  'segments/people_of_events': {
    params: {
      from: Date;
      to: Date;
      ids: string;
    };
    row: {
      person: string;
      event: string;
      received_at: string;
    };
  };
  'segments/people_of_statements': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      person: string;
    };
  };
  'segments/people_page': {
    params: {
      after: string;
      limit: number;
    };
    row: {
      person: string;
    };
  };
  'segments/segment_versions': {
    params: Record<string, never>;
    row: {
      key: string;
      version: number;
      name: string;
      description: string;
      condition: string;
      state: string;
      why: string;
      changed_at: string;
      changed_by: string;
    };
  };
  'settings/settings_all': {
    params: Record<string, never>;
    row: {
      key: string;
      value: string;
      version: number;
      changed_at: string;
      changed_by: string;
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
      phone_country: string;
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
      phone_country: string;
      attributes: string;
      first_seen_at: string;
    };
  };
  'suggestions/latest_suggestions': {
    params: Record<string, never>;
    row: {
      computed_at: string;
      its_model: string;
      base: string;
      body: string;
    };
  };
  'suggestions/opt_outs_of_cells': {
    params: {
      segments: readonly string[];
      streams: readonly string[];
      from: Date;
      to: Date;
    };
    row: {
      of_segment: string;
      of_stream: string;
      opt_outs: number;
      shown: number;
      taken: number;
      latest: number[];
    };
  };
  'targets/all_targets': {
    params: Record<string, never>;
    row: {
      id: string;
      version: number;
      name: string;
      kind: string;
      url: string;
      options: string;
      sealed: string;
      enabled: boolean;
      disabled_for: string;
      since: number;
      created_at: string;
      changed_at: string;
      changed_by: string;
      deleted: boolean;
    };
  };
  'targets/dead_by_target': {
    params: Record<string, never>;
    row: {
      target: string;
      dead: number;
    };
  };
  'targets/dead_letters': {
    params: {
      target: string;
      after: number;
      limit: number;
    };
    row: {
      seq: number;
      decision: string;
      attempts: number;
      first_sent_at: string;
      received_at: string;
      decided_at: string;
      status: number;
      detail: string;
      died_at: string;
    };
  };
  'targets/lag_by_target': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      target: string;
      acknowledged: number;
      last_acknowledged_at: string | null;
      p50_ms: number | null;
      p99_ms: number | null;
    };
  };
  'targets/last_failures': {
    params: Record<string, never>;
    row: {
      target: string;
      status: number;
      detail: string;
      at: string;
    };
  };
  'targets/receipts_between': {
    params: {
      target: string;
      since: number;
      until: number;
    };
    row: {
      seq: number;
      state: 'sent' | 'waiting' | 'acknowledged' | 'dead';
      attempts: number;
      first_sent_at: string;
    };
  };
  'targets/receipts_of_decision': {
    params: {
      targets: string;
      seq: number;
    };
    row: {
      target: string;
      state: 'sent' | 'waiting' | 'acknowledged' | 'dead';
      attempts: number;
      first_sent_at: string;
      acknowledged_at: string | null;
      status: number;
      detail: string;
    };
  };
  'targets/resume_points': {
    params: Record<string, never>;
    row: {
      target: string;
      cursor: number;
      last_receipt: number;
    };
  };
  'targets/time_to_honour': {
    params: {
      from: Date;
      to: Date;
    };
    row: {
      decisions: number;
      honoured: number;
      waiting: number;
      dead: number;
      oldest_waiting_at: string;
      p50_ms: number | null;
      p99_ms: number | null;
    };
  };
  'targets/unreceipted_decisions': {
    params: {
      since: number;
      until: number;
      target: string;
      limit: number;
    };
    row: {
      seq: number;
    };
  };
  'targets/waiting_by_target': {
    params: Record<string, never>;
    row: {
      target: string;
      waiting: number;
      oldest_waiting_at: string;
    };
  };
}

/** Name and ClickHouse type of the columns each query answered with when this file was written. */
export const queryColumns: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {
  'alerts/daily_counts': [
    ['of_stream', 'LowCardinality(String)'],
    ['key', 'String'],
    ['on_day', 'UInt32'],
    ['delivered', 'UInt64'],
    ['opt_outs', 'UInt64'],
    ['complaints', 'UInt64'],
  ],
  'alerts/flagged_days': [
    ['metric', 'LowCardinality(String)'],
    ['level', 'LowCardinality(String)'],
    ['stream', 'LowCardinality(String)'],
    ['key', 'String'],
    ['on_day', 'UInt32'],
    ['incident', 'UUID'],
  ],
  'alerts/incident_by_id': [
    ['id', 'UUID'],
    ['version', 'UInt64'],
    ['body', 'String'],
  ],
  'alerts/incidents_all': [
    ['id', 'UUID'],
    ['version', 'UInt64'],
    ['body', 'String'],
  ],
  'alerts/looks_since': [
    ['kind', 'LowCardinality(String)'],
    ['bucket', 'DateTime64(3, \'UTC\')'],
    ['most_tests', 'UInt32'],
    ['most_alarms', 'UInt32'],
  ],
  'alerts/notices_due': [
    ['id', 'UUID'],
    ['version', 'UInt64'],
    ['incident', 'String'],
    ['type', 'LowCardinality(String)'],
    ['place', 'String'],
    ['attempts', 'UInt32'],
    ['made_at', 'DateTime64(3, \'UTC\')'],
    ['payload', 'String'],
  ],
  'alerts/notices_known': [
    ['known', 'String'],
  ],
  'alerts/notices_of': [
    ['id', 'UUID'],
    ['incident', 'String'],
    ['type', 'LowCardinality(String)'],
    ['place', 'String'],
    ['state', 'LowCardinality(String)'],
    ['attempts', 'UInt32'],
    ['made_at', 'DateTime64(3, \'UTC\')'],
    ['next_at', 'DateTime64(3, \'UTC\')'],
    ['acknowledged_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['status', 'UInt16'],
    ['detail', 'String'],
  ],
  'alerts/recent_complaints': [
    ['of_stream', 'LowCardinality(String)'],
    ['delivered', 'UInt64'],
    ['complaints', 'UInt64'],
  ],
  'alerts/rule_failures': [
    ['of_rule', 'String'],
    ['of_version', 'LowCardinality(String)'],
    ['failures', 'UInt64'],
    ['decisions', 'UInt64'],
    ['first_at', 'DateTime64(6, \'UTC\')'],
    ['last_at', 'DateTime64(6, \'UTC\')'],
    ['of_streams', 'Array(String)'],
    ['reasons', 'Array(String)'],
  ],
  'alerts/send_pauses_all': [
    ['id', 'UUID'],
    ['version', 'UInt64'],
    ['stream', 'LowCardinality(String)'],
    ['campaign', 'String'],
    ['from_at', 'DateTime64(3, \'UTC\')'],
    ['until', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['lifted_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['incident', 'String'],
    ['why', 'String'],
    ['changed_by', 'String'],
  ],
  'analytics/buckets': [
    ['at', 'DateTime(\'UTC\')'],
    ['next', 'DateTime(\'UTC\')'],
  ],
  'analytics/curves_published_at': [
    ['of_stream', 'LowCardinality(String)'],
    ['of_segment', 'LowCardinality(String)'],
  ],
  'analytics/decision_measures': [
    ['first_key', 'String'],
    ['second_key', 'String'],
    ['at', 'DateTime(\'UTC\')'],
    ['requests', 'UInt64'],
    ['opt_outs', 'UInt64'],
    ['complaints', 'UInt64'],
    ['unsolicited', 'UInt64'],
    ['unattributed', 'UInt64'],
    ['kept', 'Nullable(UInt64)'],
    ['stops', 'UInt64'],
    ['repeats', 'UInt64'],
    ['suspected', 'UInt64'],
    ['pauses', 'UInt64'],
    ['caps', 'UInt64'],
    ['p50_ms', 'Nullable(Float64)'],
    ['p99_ms', 'Nullable(Float64)'],
  ],
  'analytics/drivers': [
    ['dimension', 'String'],
    ['key', 'LowCardinality(String)'],
    ['delivered', 'Float64'],
    ['opt_outs', 'Float64'],
    ['compared', 'Float64'],
    ['compared_opt_outs', 'Float64'],
    ['expected', 'Float64'],
    ['conditional_mean', 'Float64'],
    ['conditional_variance', 'Float64'],
    ['own_weight', 'Float64'],
    ['other_weight', 'Float64'],
    ['log_ratio_term', 'Float64'],
  ],
  'analytics/drivers_by_exposure': [
    ['view', 'String'],
    ['dimension', 'String'],
    ['key', 'String'],
    ['delivered', 'Float64'],
    ['opt_outs', 'Float64'],
    ['compared', 'Float64'],
    ['compared_opt_outs', 'Float64'],
    ['expected', 'Float64'],
    ['conditional_mean', 'Float64'],
    ['conditional_variance', 'Float64'],
    ['own_weight', 'Float64'],
    ['other_weight', 'Float64'],
    ['log_ratio_term', 'Float64'],
  ],
  'analytics/engagement_cohorts': [
    ['cohort', 'Date'],
    ['n', 'UInt32'],
    ['size', 'UInt32'],
    ['eligible', 'UInt32'],
    ['on', 'UInt32'],
    ['on_or_after', 'UInt32'],
  ],
  'analytics/honour': [
    ['first_key', 'String'],
    ['second_key', 'String'],
    ['at', 'DateTime(\'UTC\')'],
    ['requests', 'UInt64'],
    ['p50_ms', 'Nullable(Float64)'],
    ['p99_ms', 'Nullable(Float64)'],
    ['owed', 'UInt64'],
    ['acknowledged', 'UInt64'],
    ['waiting', 'UInt64'],
    ['dead', 'UInt64'],
    ['acknowledged_p50_ms', 'Nullable(Float64)'],
    ['acknowledged_p99_ms', 'Nullable(Float64)'],
  ],
  'analytics/hourly_cells': [
    ['hour', 'DateTime(\'UTC\')'],
    ['segments', 'Array(String)'],
    ['streams', 'Array(String)'],
    ['delivered', 'Array(UInt64)'],
    ['opt_outs', 'Array(UInt64)'],
    ['complaints', 'Array(UInt64)'],
  ],
  'analytics/list_growth': [
    ['stream', 'String'],
    ['at', 'DateTime(\'UTC\')'],
    ['began', 'UInt64'],
    ['ended', 'UInt64'],
    ['previous_began', 'UInt64'],
    ['previous_ended', 'UInt64'],
  ],
  'analytics/published_curve': [
    ['of', 'DateTime64(3, \'UTC\')'],
    ['known', 'DateTime64(3, \'UTC\')'],
    ['body', 'String'],
  ],
  'analytics/published_curve_days': [
    ['of', 'DateTime64(3, \'UTC\')'],
  ],
  'analytics/published_rates': [
    ['at', 'DateTime(\'UTC\')'],
    ['hours', 'UInt64'],
    ['first_as_of', 'DateTime64(3, \'UTC\')'],
    ['last_as_of', 'DateTime64(3, \'UTC\')'],
    ['first_known_at', 'DateTime64(3, \'UTC\')'],
    ['last_known_at', 'DateTime64(3, \'UTC\')'],
    ['delivered', 'UInt64'],
    ['opt_outs', 'UInt64'],
    ['complaints', 'UInt64'],
    ['now_delivered', 'UInt64'],
    ['now_opt_outs', 'UInt64'],
    ['now_complaints', 'UInt64'],
    ['later_opt_outs', 'UInt64'],
    ['later_complaints', 'UInt64'],
    ['late_opt_outs', 'UInt64'],
    ['late_complaints', 'UInt64'],
  ],
  'analytics/published_until': [
    ['last_first', 'Nullable(DateTime(\'UTC\'))'],
    ['last_complete', 'Nullable(DateTime(\'UTC\'))'],
    ['first_delivered', 'Nullable(DateTime(\'UTC\'))'],
  ],
  'analytics/rates': [
    ['first_key', 'String'],
    ['second_key', 'String'],
    ['delivered', 'UInt64'],
    ['opt_outs', 'UInt64'],
    ['complaints', 'UInt64'],
    ['previous_delivered', 'UInt64'],
    ['previous_opt_outs', 'UInt64'],
    ['previous_complaints', 'UInt64'],
    ['values', 'UInt64'],
  ],
  'analytics/rates_trend': [
    ['first_key', 'String'],
    ['second_key', 'String'],
    ['at', 'DateTime(\'UTC\')'],
    ['delivered', 'UInt64'],
    ['opt_outs', 'UInt64'],
    ['complaints', 'UInt64'],
  ],
  'analytics/reach': [
    ['spells', 'UInt64'],
    ['subscribers', 'UInt64'],
    ['streams', 'UInt64'],
  ],
  'analytics/reach_by': [
    ['first_key', 'String'],
    ['second_key', 'String'],
    ['spells', 'UInt64'],
    ['subscribers', 'UInt64'],
    ['streams', 'UInt64'],
    ['values', 'UInt64'],
  ],
  'analytics/retention_curve': [
    ['curve', 'UInt32'],
    ['n', 'UInt32'],
    ['t', 'Float64'],
    ['shown', 'UInt8'],
    ['at_risk', 'Float64'],
    ['events', 'Float64'],
    ['censored', 'Float64'],
    ['survival', 'Float64'],
    ['std_error', 'Nullable(Float64)'],
    ['lower', 'Nullable(Float64)'],
    ['upper', 'Nullable(Float64)'],
    ['nelson_aalen', 'Float64'],
    ['nelson_aalen_error', 'Float64'],
    ['opt_out', 'Float64'],
    ['complaint', 'Float64'],
    ['hard_bounce', 'Float64'],
    ['erasure', 'Float64'],
    ['consent_expiry', 'Float64'],
  ],
  'analytics/retention_curve_in_segments': [
    ['curve', 'UInt32'],
    ['n', 'UInt32'],
    ['t', 'Float64'],
    ['shown', 'UInt8'],
    ['at_risk', 'Float64'],
    ['events', 'Float64'],
    ['censored', 'Float64'],
    ['survival', 'Float64'],
    ['std_error', 'Nullable(Float64)'],
    ['lower', 'Nullable(Float64)'],
    ['upper', 'Nullable(Float64)'],
    ['nelson_aalen', 'Float64'],
    ['nelson_aalen_error', 'Float64'],
    ['opt_out', 'Float64'],
    ['complaint', 'Float64'],
    ['hard_bounce', 'Float64'],
    ['erasure', 'Float64'],
    ['consent_expiry', 'Float64'],
  ],
  'analytics/retention_log_rank': [
    ['n', 'Array(UInt64)'],
    ['observed', 'Array(Float64)'],
    ['expected', 'Array(Float64)'],
    ['variance', 'Array(Float64)'],
  ],
  'analytics/segment_sizes': [
    ['segment', 'String'],
    ['size', 'UInt64'],
  ],
  'analytics/send_pressure': [
    ['first_key', 'String'],
    ['second_key', 'String'],
    ['messages', 'UInt64'],
    ['subscribers', 'UInt64'],
  ],
  'analytics/spell_selectors': [
    ['selector', 'LowCardinality(String)'],
  ],
  'analytics/time_zones': [
    ['time_zone', 'String'],
  ],
  'analytics/unsolicited': [
    ['segment', 'String'],
    ['stream', 'LowCardinality(String)'],
    ['requests', 'UInt64'],
    ['unsolicited', 'UInt64'],
    ['kinds', 'Array(String)'],
    ['counts', 'Array(UInt64)'],
  ],
  'analytics/unsolicited_examples': [
    ['segment', 'String'],
    ['stream', 'LowCardinality(String)'],
    ['kind', 'String'],
    ['id', 'UUID'],
    ['at', 'DateTime64(3, \'UTC\')'],
    ['trigger', 'LowCardinality(String)'],
    ['campaign', 'LowCardinality(String)'],
  ],
  'audit/decision_by_id': [
    ['seq', 'UInt64'],
    ['id', 'UUID'],
    ['type', 'LowCardinality(String)'],
    ['trigger', 'LowCardinality(String)'],
    ['made_by', 'LowCardinality(String)'],
    ['person', 'UUID'],
    ['identifier', 'UUID'],
    ['channel', 'LowCardinality(String)'],
    ['stream', 'LowCardinality(String)'],
    ['campaign', 'LowCardinality(String)'],
    ['reason', 'String'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['decided_at', 'DateTime64(3, \'UTC\')'],
    ['asked', 'String'],
    ['ruleset', 'LowCardinality(String)'],
    ['rule', 'LowCardinality(String)'],
    ['rollout', 'LowCardinality(String)'],
    ['tag', 'LowCardinality(String)'],
    ['offers', 'String'],
    ['floor_version', 'LowCardinality(String)'],
    ['floor', 'String'],
    ['trace', 'String'],
    ['facts', 'String'],
    ['effective', 'Array(String)'],
    ['widened_for', 'Array(LowCardinality(String))'],
    ['flags', 'Array(String)'],
    ['streams_stopped', 'Array(LowCardinality(String))'],
    ['streams_kept', 'Array(LowCardinality(String))'],
    ['kept_by_scoping', 'UInt16'],
    ['unsolicited', 'Bool'],
    ['attributed_delivery', 'String'],
    ['attributed_message', 'String'],
    ['attributed_campaign', 'LowCardinality(String)'],
    ['attributed_at', 'DateTime64(3, \'UTC\')'],
    ['attributed_segments', 'Array(LowCardinality(String))'],
    ['segments', 'Array(LowCardinality(String))'],
    ['voided', 'Nullable(UInt8)'],
  ],
  'audit/decisions_page': [
    ['seq', 'UInt64'],
    ['id', 'UUID'],
    ['type', 'LowCardinality(String)'],
    ['trigger', 'LowCardinality(String)'],
    ['channel', 'LowCardinality(String)'],
    ['stream', 'LowCardinality(String)'],
    ['campaign', 'LowCardinality(String)'],
    ['reason', 'String'],
    ['effective', 'Array(String)'],
    ['widened_for', 'Array(LowCardinality(String))'],
    ['streams_stopped', 'Array(LowCardinality(String))'],
    ['streams_kept', 'Array(LowCardinality(String))'],
    ['kept_by_scoping', 'UInt16'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['segments', 'Array(LowCardinality(String))'],
    ['last_seq', 'Nullable(UInt64)'],
  ],
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
  'backtests/backtest_by_id': [
    ['id', 'UUID'],
    ['ruleset', 'UUID'],
    ['state', 'LowCardinality(String)'],
    ['from_at', 'DateTime64(3, \'UTC\')'],
    ['to_at', 'DateTime64(3, \'UTC\')'],
    ['known_seq', 'UInt64'],
    ['started_at', 'DateTime64(3, \'UTC\')'],
    ['started_by', 'String'],
    ['ms', 'UInt32'],
    ['error', 'String'],
    ['report', 'String'],
  ],
  'backtests/backtests_all': [
    ['id', 'UUID'],
    ['ruleset', 'UUID'],
    ['state', 'LowCardinality(String)'],
    ['from_at', 'DateTime64(3, \'UTC\')'],
    ['to_at', 'DateTime64(3, \'UTC\')'],
    ['started_at', 'DateTime64(3, \'UTC\')'],
    ['started_by', 'String'],
    ['ms', 'UInt32'],
    ['error', 'String'],
  ],
  'backtests/contexts': [
    ['catalogue', 'LowCardinality(String)'],
    ['channel', 'LowCardinality(String)'],
    ['stream', 'LowCardinality(String)'],
    ['category', 'LowCardinality(String)'],
    ['origin', 'LowCardinality(String)'],
    ['epoch', 'UInt32'],
    ['first_order_at', 'DateTime64(3, \'UTC\')'],
    ['example', 'UInt64'],
  ],
  'backtests/engagement_windows_as_of': [
    ['number', 'UInt64'],
    ['stream', 'LowCardinality(String)'],
    ['channel', 'String'],
    ['category', 'String'],
    ['sends_7d', 'UInt32'],
    ['sends_30d', 'UInt32'],
    ['sends_90d', 'UInt32'],
    ['opens_7d', 'UInt32'],
    ['opens_30d', 'UInt32'],
    ['opens_90d', 'UInt32'],
    ['clicks_7d', 'UInt32'],
    ['clicks_30d', 'UInt32'],
    ['clicks_90d', 'UInt32'],
  ],
  'backtests/query_progress': [
    ['read_rows', 'Float64'],
    ['expected_rows', 'Float64'],
  ],
  'backtests/seq_of_decision': [
    ['seq', 'UInt64'],
  ],
  'backtests/stored_by_seq': [
    ['seq', 'UInt64'],
    ['id', 'UUID'],
    ['type', 'LowCardinality(String)'],
    ['trigger', 'LowCardinality(String)'],
    ['person', 'UUID'],
    ['identifier', 'UUID'],
    ['stream', 'LowCardinality(String)'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['ruleset', 'LowCardinality(String)'],
    ['rule', 'LowCardinality(String)'],
    ['facts', 'String'],
    ['segments', 'Array(LowCardinality(String))'],
    ['streams_stopped', 'Array(LowCardinality(String))'],
    ['streams_kept', 'Array(LowCardinality(String))'],
    ['recorded', 'UInt8'],
    ['reach_open', 'Bool'],
    ['jurisdiction', 'LowCardinality(String)'],
    ['first_seen_at', 'DateTime64(3, \'UTC\')'],
    ['attributes', 'String'],
    ['last_delivered_at', 'DateTime64(3, \'UTC\')'],
    ['last_opened_at', 'DateTime64(3, \'UTC\')'],
    ['last_clicked_at', 'DateTime64(3, \'UTC\')'],
    ['past_opt_outs', 'UInt32'],
    ['risk_30d', 'Nullable(Float64)'],
  ],
  'backtests/trace_of_decision': [
    ['seq', 'UInt64'],
    ['ruleset', 'LowCardinality(String)'],
    ['trace', 'String'],
  ],
  'churn/bins_lately': [
    ['feature', 'LowCardinality(String)'],
    ['place', 'UInt16'],
    ['per_day', 'Float64'],
    ['days', 'UInt32'],
  ],
  'churn/endings': [
    ['person', 'UUID'],
    ['stream', 'String'],
    ['began_at', 'DateTime64(3, \'UTC\')'],
    ['ended_at', 'DateTime64(3, \'UTC\')'],
    ['cause', 'UInt8'],
  ],
  'churn/feature_bins': [
    ['feature', 'String'],
    ['place', 'UInt16'],
    ['subscriptions', 'UInt64'],
  ],
  'churn/forecasts': [
    ['t0', 'DateTime64(3, \'UTC\')'],
    ['of_stream', 'LowCardinality(String)'],
    ['subscriptions', 'UInt64'],
    ['expected', 'Float64'],
  ],
  'churn/latest_scoring': [
    ['t0', 'DateTime64(3, \'UTC\')'],
    ['its_model', 'String'],
    ['scored_at', 'DateTime64(3, \'UTC\')'],
    ['subscriptions', 'UInt64'],
  ],
  'churn/model_files': [
    ['model_json', 'String'],
    ['scaling', 'String'],
    ['weights', 'String'],
  ],
  'churn/model_profile': [
    ['profile', 'String'],
  ],
  'churn/models': [
    ['model', 'String'],
    ['kind', 'LowCardinality(String)'],
    ['trained_at', 'DateTime64(3, \'UTC\')'],
    ['trained_by', 'String'],
    ['cut', 'DateTime64(3, \'UTC\')'],
    ['until', 'DateTime64(3, \'UTC\')'],
    ['report', 'String'],
    ['events', 'Array(String)'],
    ['ats', 'Array(String)'],
    ['bys', 'Array(String)'],
    ['whys', 'Array(String)'],
  ],
  'churn/objectors': [
    ['person', 'String'],
    ['objected_at', 'DateTime64(3, \'UTC\')'],
  ],
  'churn/risk_by_person': [
    ['person', 'UUID'],
    ['highest_30d', 'Float64'],
  ],
  'churn/risk_history': [
    ['segment', 'LowCardinality(String)'],
    ['stream', 'LowCardinality(String)'],
    ['day', 'Date'],
    ['mean_risk', 'Float64'],
    ['subscriptions', 'UInt64'],
  ],
  'churn/risks': [
    ['segment', 'String'],
    ['stream', 'String'],
    ['people', 'UInt64'],
    ['mean_risk_7d', 'Float64'],
    ['mean_risk_30d', 'Float64'],
    ['mean_risk_90d', 'Float64'],
    ['expected_7d', 'Float64'],
    ['expected_30d', 'Float64'],
    ['expected_90d', 'Float64'],
    ['variance_30d', 'Float64'],
    ['spread_30d', 'Float64'],
    ['p90_risk_30d', 'Float64'],
    ['mean_groups', 'Array(Float64)'],
  ],
  'churn/score_bins': [
    ['place', 'UInt16'],
    ['subscriptions', 'UInt64'],
  ],
  'churn/snapshot': [
    ['person', 'UUID'],
    ['stream', 'String'],
    ['began_at', 'DateTime64(3, \'UTC\')'],
    ['in_segments', 'Array(String)'],
    ['channel', 'String'],
    ['category', 'String'],
    ['origin', 'String'],
    ['country', 'String'],
    ['plan', 'String'],
    ['month', 'String'],
    ['tenure', 'Float64'],
    ['days_since_delivery', 'Nullable(Float64)'],
    ['days_since_open', 'Nullable(Float64)'],
    ['days_since_click', 'Nullable(Float64)'],
    ['delivered_7', 'UInt64'],
    ['delivered_28', 'UInt64'],
    ['delivered_90', 'UInt64'],
    ['delivered_7_all', 'UInt64'],
    ['frequency_ratio', 'Float64'],
    ['most_on_a_day_28', 'UInt64'],
    ['night_share_28', 'Float64'],
    ['weekend_share_28', 'Float64'],
    ['stream_share_28', 'Float64'],
    ['open_rate_28', 'Float64'],
    ['open_rate_90', 'Float64'],
    ['click_rate_28', 'Float64'],
    ['click_rate_90', 'Float64'],
    ['open_trend', 'Float64'],
    ['opens_decayed_7', 'Float64'],
    ['opens_decayed_30', 'Float64'],
    ['clicks_decayed_30', 'Float64'],
    ['bounced_90', 'UInt64'],
    ['streams_open', 'UInt64'],
    ['opt_outs_elsewhere', 'Int64'],
    ['opt_outs_here', 'UInt32'],
    ['complaints_before', 'UInt64'],
    ['came_back', 'UInt8'],
  ],
  'churn/unscored': [
    ['unscored', 'String'],
  ],
  'events/deliveries_by_message': [
    ['message_id', 'String'],
    ['person', 'UUID'],
    ['people', 'UInt32'],
  ],
  'events/engagement_as_of': [
    ['number', 'UInt32'],
    ['engaged_at', 'DateTime64(3, \'UTC\')'],
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
  'events/messages_of_people': [
    ['message_id', 'String'],
    ['person', 'UUID'],
  ],
  'events/quarantine_by_id': [
    ['id', 'UUID'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['deadline_at', 'DateTime64(3, \'UTC\')'],
    ['door', 'LowCardinality(String)'],
    ['code', 'LowCardinality(String)'],
    ['detail', 'String'],
    ['field', 'String'],
    ['sealed', 'String'],
    ['state', 'Enum8(\'open\' = 1, \'replayed\' = 2, \'dismissed\' = 3)'],
  ],
  'events/quarantine_open': [
    ['id', 'UUID'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['deadline_at', 'DateTime64(3, \'UTC\')'],
    ['door', 'LowCardinality(String)'],
    ['code', 'LowCardinality(String)'],
    ['detail', 'String'],
    ['field', 'String'],
  ],
  'events/soft_bounces_by_person': [
    ['person', 'UUID'],
    ['channel', 'LowCardinality(String)'],
    ['bounces', 'UInt32'],
  ],
  'events/stored_ids': [
    ['id', 'String'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['decision', 'UUID'],
  ],
  'exports/decisions': [
    ['id', 'String'],
    ['seq', 'UInt64'],
    ['event_id', 'String'],
    ['type', 'LowCardinality(String)'],
    ['trigger', 'LowCardinality(String)'],
    ['made_by', 'LowCardinality(String)'],
    ['person', 'String'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['order_at', 'DateTime64(3, \'UTC\')'],
    ['decided_at', 'DateTime64(3, \'UTC\')'],
    ['stream', 'String'],
    ['channel', 'String'],
    ['category', 'String'],
    ['origin', 'String'],
    ['audience', 'String'],
    ['campaign', 'String'],
    ['message_type', 'String'],
    ['message_id', 'String'],
    ['reason', 'String'],
    ['asked', 'String'],
    ['ruleset', 'LowCardinality(String)'],
    ['rule', 'String'],
    ['floor_version', 'LowCardinality(String)'],
    ['effective', 'Array(String)'],
    ['widened_for', 'Array(String)'],
    ['flags', 'Array(String)'],
    ['streams_stopped', 'Array(String)'],
    ['streams_kept', 'Array(String)'],
    ['segments', 'Array(String)'],
    ['voids', 'String'],
    ['unsolicited', 'Nullable(Bool)'],
    ['attributed_delivery', 'Nullable(String)'],
    ['attributed_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['attributed_stream', 'Nullable(String)'],
    ['attributed_campaign', 'Nullable(String)'],
    ['kept_by_scoping', 'Nullable(UInt16)'],
  ],
  'exports/events': [
    ['id', 'String'],
    ['type', 'String'],
    ['person', 'String'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['stream', 'String'],
    ['channel', 'String'],
    ['category', 'String'],
    ['origin', 'String'],
    ['audience', 'String'],
    ['campaign', 'String'],
    ['message_type', 'String'],
    ['message_id', 'String'],
    ['segments', 'Array(String)'],
    ['trigger', 'String'],
    ['flags', 'Array(String)'],
  ],
  'exports/spells': [
    ['person', 'String'],
    ['stream', 'String'],
    ['channel', 'String'],
    ['category', 'String'],
    ['origin', 'String'],
    ['began_at', 'DateTime64(3, \'UTC\')'],
    ['ended_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['cause', 'String'],
  ],
  'jobs/latest_runs': [
    ['job', 'LowCardinality(String)'],
    ['latest_due', 'DateTime64(3, \'UTC\')'],
    ['latest_started_at', 'DateTime64(3, \'UTC\')'],
    ['latest_ms', 'UInt32'],
    ['latest_state', 'String'],
    ['latest_error', 'String'],
    ['latest_counts', 'String'],
    ['done_due', 'DateTime64(3, \'UTC\')'],
  ],
  'opt-outs/closed_by_decision': [
    ['decision', 'UUID'],
    ['stream', 'LowCardinality(String)'],
  ],
  'opt-outs/counted_by_person': [
    ['person', 'UUID'],
    ['decision', 'UUID'],
    ['event_id', 'String'],
    ['order_at', 'DateTime64(3, \'UTC\')'],
    ['delivery', 'String'],
  ],
  'opt-outs/last_seq': [
    ['seq', 'UInt64'],
  ],
  'opt-outs/people_delivered_late': [
    ['person', 'UUID'],
  ],
  'opt-outs/people_to_recount': [
    ['person', 'UUID'],
  ],
  'opt-outs/recent_deliveries': [
    ['id', 'String'],
    ['person', 'UUID'],
    ['message_id', 'String'],
    ['stream', 'LowCardinality(String)'],
    ['channel', 'LowCardinality(String)'],
    ['campaign', 'LowCardinality(String)'],
    ['message_type', 'LowCardinality(String)'],
    ['audience', 'LowCardinality(String)'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['segments', 'Array(LowCardinality(String))'],
  ],
  'opt-outs/requests_to_recount': [
    ['person', 'UUID'],
    ['decision', 'UUID'],
    ['seq', 'UInt64'],
    ['event_id', 'String'],
    ['type', 'LowCardinality(String)'],
    ['message_id', 'String'],
    ['trigger', 'LowCardinality(String)'],
    ['reason', 'String'],
    ['order_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['unsolicited', 'Bool'],
    ['kept_by_scoping', 'UInt16'],
    ['attributed_delivery', 'String'],
    ['attributed_stream', 'LowCardinality(String)'],
    ['attributed_channel', 'LowCardinality(String)'],
    ['attributed_category', 'LowCardinality(String)'],
    ['attributed_origin', 'LowCardinality(String)'],
    ['attributed_campaign', 'LowCardinality(String)'],
    ['attributed_message_type', 'LowCardinality(String)'],
    ['attributed_audience', 'LowCardinality(String)'],
    ['attributed_at', 'DateTime64(3, \'UTC\')'],
    ['attributed_segments', 'Array(LowCardinality(String))'],
    ['stops', 'Bool'],
    ['version', 'UInt64'],
    ['facts', 'String'],
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
  'permissions/changes_between': [
    ['seq', 'UInt64'],
    ['id', 'UUID'],
    ['type', 'LowCardinality(String)'],
    ['person', 'UUID'],
    ['channel', 'LowCardinality(String)'],
    ['effective', 'Array(String)'],
    ['streams_stopped', 'Array(LowCardinality(String))'],
    ['streams_kept', 'Array(LowCardinality(String))'],
    ['statements', 'Array(Tuple(\n    id UUID,\n    subject UUID,\n    binds String,\n    selector String,\n    effect String,\n    order_at DateTime64(3, \'UTC\'),\n    tolerance UInt32,\n    strength String,\n    counts Bool,\n    explicit Bool,\n    expires_at Nullable(DateTime64(3, \'UTC\')),\n    basis String,\n    evidence String,\n    voids UUID,\n    cap_n Nullable(UInt16),\n    cap_per String))'],
    ['occurred_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['decided_at', 'DateTime64(3, \'UTC\')'],
  ],
  'permissions/identifier_kinds': [
    ['identifier', 'UUID'],
    ['kind', 'String'],
  ],
  'permissions/suppressed_subjects': [
    ['subject', 'UUID'],
  ],
  'rollouts/arms': [
    ['arm', 'String'],
    ['rulesets', 'Array(String)'],
    ['people', 'UInt64'],
    ['decisions', 'UInt64'],
    ['streams_stopped', 'UInt64'],
    ['streams_kept', 'UInt64'],
    ['first_kept', 'UInt64'],
    ['first_kept_squares', 'UInt64'],
    ['repeats', 'UInt64'],
    ['complaints', 'UInt64'],
    ['followed_people', 'UInt64'],
    ['followed_repeats', 'UInt64'],
    ['followed_complaints', 'UInt64'],
  ],
  'rules/ruleset_events_all': [
    ['ruleset', 'UUID'],
    ['event', 'LowCardinality(String)'],
    ['at', 'DateTime64(3, \'UTC\')'],
    ['by', 'String'],
    ['why', 'String'],
    ['percent', 'Nullable(UInt8)'],
    ['data', 'String'],
  ],
  'rules/rulesets_all': [
    ['id', 'UUID'],
    ['number', 'UInt32'],
    ['rules', 'String'],
    ['note', 'String'],
    ['based_on', 'UUID'],
    ['created_at', 'DateTime64(3, \'UTC\')'],
    ['created_by', 'String'],
  ],
  'segments/attributes_held': [
    ['name', 'String'],
    ['type', 'String'],
    ['holders', 'UInt64'],
  ],
  'segments/current_sizes': [
    ['segment', 'LowCardinality(String)'],
    ['size', 'UInt64'],
  ],
  'segments/engagement_windows_by_person': [
    ['person', 'UUID'],
    ['stream', 'LowCardinality(String)'],
    ['channel', 'String'],
    ['category', 'String'],
    ['sends_7d', 'UInt32'],
    ['sends_30d', 'UInt32'],
    ['sends_90d', 'UInt32'],
    ['opens_7d', 'UInt32'],
    ['opens_30d', 'UInt32'],
    ['opens_90d', 'UInt32'],
    ['clicks_7d', 'UInt32'],
    ['clicks_30d', 'UInt32'],
    ['clicks_90d', 'UInt32'],
  ],
  'segments/flows': [
    ['bucket', 'Nullable(DateTime(\'UTC\'))'],
    ['entered', 'UInt64'],
    ['left', 'UInt64'],
  ],
  'segments/lag': [
    ['cause', 'Enum8(\'decision\' = 1, \'profile\' = 2, \'event\' = 3, \'sweep\' = 4, \'definition\' = 5)'],
    ['edges', 'UInt64'],
    ['p50_ms', 'Int64'],
    ['p99_ms', 'Int64'],
  ],
  'segments/members_page': [
    ['person', 'UUID'],
    ['at', 'DateTime64(3, \'UTC\')'],
  ],
  'segments/memberships_as_of': [
    ['number', 'UInt32'],
    ['segments', 'Array(String)'],
  ],
  'segments/memberships_by_person': [
    ['person', 'UUID'],
    ['segment', 'LowCardinality(String)'],
    ['version', 'UInt32'],
    ['at', 'DateTime64(3, \'UTC\')'],
    ['cause', 'Enum8(\'decision\' = 1, \'profile\' = 2, \'event\' = 3, \'sweep\' = 4, \'definition\' = 5)'],
    ['cause_id', 'String'],
  ],
  'segments/people_of_events': [
    ['person', 'UUID'],
    ['event', 'String'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
  ],
  'segments/people_of_statements': [
    ['person', 'UUID'],
  ],
  'segments/people_page': [
    ['person', 'UUID'],
  ],
  'segments/segment_versions': [
    ['key', 'String'],
    ['version', 'UInt32'],
    ['name', 'String'],
    ['description', 'String'],
    ['condition', 'String'],
    ['state', 'String'],
    ['why', 'String'],
    ['changed_at', 'DateTime64(3, \'UTC\')'],
    ['changed_by', 'String'],
  ],
  'settings/settings_all': [
    ['key', 'String'],
    ['value', 'String'],
    ['version', 'UInt64'],
    ['changed_at', 'DateTime64(3, \'UTC\')'],
    ['changed_by', 'String'],
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
    ['phone_country', 'LowCardinality(String)'],
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
    ['phone_country', 'LowCardinality(String)'],
    ['attributes', 'String'],
    ['first_seen_at', 'DateTime64(3, \'UTC\')'],
  ],
  'suggestions/latest_suggestions': [
    ['computed_at', 'DateTime64(3, \'UTC\')'],
    ['its_model', 'String'],
    ['base', 'String'],
    ['body', 'String'],
  ],
  'suggestions/opt_outs_of_cells': [
    ['of_segment', 'String'],
    ['of_stream', 'String'],
    ['opt_outs', 'UInt64'],
    ['shown', 'UInt64'],
    ['taken', 'UInt64'],
    ['latest', 'Array(UInt64)'],
  ],
  'targets/all_targets': [
    ['id', 'UUID'],
    ['version', 'UInt64'],
    ['name', 'String'],
    ['kind', 'LowCardinality(String)'],
    ['url', 'String'],
    ['options', 'String'],
    ['sealed', 'String'],
    ['enabled', 'Bool'],
    ['disabled_for', 'String'],
    ['since', 'UInt64'],
    ['created_at', 'DateTime64(3, \'UTC\')'],
    ['changed_at', 'DateTime64(3, \'UTC\')'],
    ['changed_by', 'String'],
    ['deleted', 'Bool'],
  ],
  'targets/dead_by_target': [
    ['target', 'UUID'],
    ['dead', 'UInt64'],
  ],
  'targets/dead_letters': [
    ['seq', 'UInt64'],
    ['decision', 'UUID'],
    ['attempts', 'UInt32'],
    ['first_sent_at', 'DateTime64(3, \'UTC\')'],
    ['received_at', 'DateTime64(3, \'UTC\')'],
    ['decided_at', 'DateTime64(3, \'UTC\')'],
    ['status', 'UInt16'],
    ['detail', 'String'],
    ['died_at', 'DateTime64(3, \'UTC\')'],
  ],
  'targets/lag_by_target': [
    ['target', 'UUID'],
    ['acknowledged', 'UInt64'],
    ['last_acknowledged_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['p50_ms', 'Nullable(Float64)'],
    ['p99_ms', 'Nullable(Float64)'],
  ],
  'targets/last_failures': [
    ['target', 'UUID'],
    ['status', 'UInt16'],
    ['detail', 'String'],
    ['at', 'DateTime64(3, \'UTC\')'],
  ],
  'targets/receipts_between': [
    ['seq', 'UInt64'],
    ['state', 'Enum8(\'sent\' = 1, \'waiting\' = 2, \'acknowledged\' = 3, \'dead\' = 4)'],
    ['attempts', 'UInt32'],
    ['first_sent_at', 'DateTime64(3, \'UTC\')'],
  ],
  'targets/receipts_of_decision': [
    ['target', 'UUID'],
    ['state', 'Enum8(\'sent\' = 1, \'waiting\' = 2, \'acknowledged\' = 3, \'dead\' = 4)'],
    ['attempts', 'UInt32'],
    ['first_sent_at', 'DateTime64(3, \'UTC\')'],
    ['acknowledged_at', 'Nullable(DateTime64(3, \'UTC\'))'],
    ['status', 'UInt16'],
    ['detail', 'String'],
  ],
  'targets/resume_points': [
    ['target', 'UUID'],
    ['cursor', 'UInt64'],
    ['last_receipt', 'UInt64'],
  ],
  'targets/time_to_honour': [
    ['decisions', 'UInt64'],
    ['honoured', 'UInt64'],
    ['waiting', 'UInt64'],
    ['dead', 'UInt64'],
    ['oldest_waiting_at', 'DateTime64(3, \'UTC\')'],
    ['p50_ms', 'Nullable(Float64)'],
    ['p99_ms', 'Nullable(Float64)'],
  ],
  'targets/unreceipted_decisions': [
    ['seq', 'UInt64'],
  ],
  'targets/waiting_by_target': [
    ['target', 'UUID'],
    ['waiting', 'UInt64'],
    ['oldest_waiting_at', 'DateTime64(3, \'UTC\')'],
  ],
};
