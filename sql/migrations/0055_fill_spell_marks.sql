-- Decisions from before. A mark that is there twice says the same as once.
INSERT INTO spell_marks (selector, person, at, cause, grade, tolerance, subject, decision, voids, received_at)
SELECT
  one.1 AS selector, if(one.2, one.3, person) AS person, one.4 AS at, one.5 AS cause, one.6 AS grade,
  one.7 AS tolerance, one.3 AS subject, decision, one.8 AS voids, received_at
FROM
(
  SELECT
    multiIf(type = 'consent_expired', 5, type = 'erased' OR trigger = 'erasure_request_art17', 4,
      trigger IN ('not_spam', 'auth_failure'), 1,
      type = 'complained' OR trigger IN ('complaint', 'complaint_optout'), 2, 1) AS why,
    arrayJoin(arrayConcat(
      arrayMap(s -> (
          multiIf(s.effect = 'void', '', s.effect = 'hold', concat('@', channel), s.selector),
          s.binds = 'person', s.subject, s.order_at,
          toUInt8(multiIf(s.effect IN ('opt_in', 'void'), 0, s.effect = 'hold', 3, why)),
          toUInt8(multiIf(s.effect = 'hold', 3, s.effect = 'opt_out', 1 + (s.strength = 'strong'),
            s.explicit AND s.basis = 'double_opt_in', 3, s.explicit, 2, s.counts, 1, 0)),
          s.tolerance, s.voids),
        arrayFilter(s -> s.effect IN ('opt_in', 'opt_out', 'hold')
          OR (s.effect = 'void' AND s.basis != 'address_verified'), statements)),
      if(why = 4, [('@', true, person, order_at, toUInt8(4), toUInt8(2), toUInt32(0), voids)], []))) AS one,
    person, id AS decision, received_at
  FROM decisions
)
WHERE person != toUUID('00000000-0000-0000-0000-000000000000')
