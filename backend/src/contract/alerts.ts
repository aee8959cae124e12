import { z } from 'zod';
import { Rate } from './analytics.js';
import { StreamKey } from './streams.js';
import { TargetUrl } from './targets.js';
import { Instant, Name } from './vocabulary.js';

/**
 * spike: a day far above what is usual; drift: a slow climb; complaint_rate: over 0.10 % or 0.30 % whatever is usual;
 * rule_failed: a rule threw while it decided; model_drift: the churn model no longer fits what it is asked, or what happens.
 */
export const incidentKinds = ['spike', 'drift', 'complaint_rate', 'rule_failed', 'model_drift'] as const;
export const IncidentKind = z.enum(incidentKinds);
export type IncidentKind = z.infer<typeof IncidentKind>;

/** `muted`: nobody is told before `muted_until`. */
export const incidentStates = ['open', 'acknowledged', 'muted', 'resolved'] as const;
export const IncidentState = z.enum(incidentStates);
export type IncidentState = z.infer<typeof IncidentState>;

/** What was watched. `key` is the segment, campaign, List-Id or domain; '' for a stream. */
export const AlertCell = z.object({
  level: z.enum(['stream', 'segment', 'campaign', 'list', 'domain']),
  stream: z.string(),
  key: z.string(),
  metric: z.enum(['opt_outs', 'complaints']),
});
export type AlertCell = z.infer<typeof AlertCell>;

/** One alarm: what one look at one cell found, as it stood at the last look. */
export const AlertEvidence = z.object({
  cell: AlertCell,
  /** First and last day of delivery (UTC) that it speaks of. */
  from: z.string(),
  on: z.string(),
  observed: z.int(),
  delivered: z.int(),
  /** At the usual rate; of complaint rates, at the threshold. */
  expected: z.number(),
  /** Observed of delivered, with its 95 % Wilson interval. */
  rate: Rate,
  /** Observed over expected; the interval is that of the rate, over a usual rate that is taken for known. */
  ratio: z.object({ value: z.number(), lower: z.number(), upper: z.number() }),
  /** Chance of so many where nothing happened; of a drift, of a climb so steep (e to the minus sum). */
  p: z.number(),
  /** Days and events that the usual rate rests on; 0 for a threshold. */
  baseline_days: z.int(),
  baseline_events: z.int(),
});
export type AlertEvidence = z.infer<typeof AlertEvidence>;

export const suspectKinds = ['campaign', 'message_type', 'segment', 'stream', 'channel'] as const;

/** What may have driven people out, by excess of observed over expected. Association, not proof. */
export const Suspect = z.object({
  kind: z.enum(suspectKinds),
  key: z.string(),
  delivered: z.int(),
  observed: z.int(),
  expected: z.number(),
  excess: z.number(),
  /** Of the incident's whole excess. */
  share: z.number(),
});
export type Suspect = z.infer<typeof Suspect>;

/** A rule that threw, so that the floor stood alone where it would have decided. Counts are of the 24 hours before it was last seen. */
export const FailedRule = z.object({
  ruleset: z.string(),
  /** Of the version; null where it is not known any more. */
  version: z.int().nullable(),
  rule: z.string(),
  /** Names of the errors; `FactsMissing`: what it asks was not to be had in time. */
  reasons: z.array(z.string()),
  failures: z.int(),
  /** Of all that its version decided. */
  decisions: z.int(),
  first_at: z.string(),
  last_at: z.string(),
  /** What can be done about it. */
  action: z.string(),
});
export type FailedRule = z.infer<typeof FailedRule>;

/** A churn model that no longer fits: `GET /v1/churn/drift` has the figures. */
export const DriftedModel = z.object({
  model: z.string(),
  /** Streams of which other people leave than it forecasts; `risk` where its risks moved as a whole. */
  about: z.array(z.string()),
  reasons: z.array(z.string()),
  action: z.string(),
});
export type DriftedModel = z.infer<typeof DriftedModel>;

export const Incident = z.object({
  id: z.string(),
  kind: IncidentKind,
  severity: z.enum(['warning', 'critical']),
  state: IncidentState,
  title: z.string(),
  streams: z.array(z.string()),
  opened_at: z.string(),
  /** When it was last seen. */
  last_alarm_at: z.string(),
  /** Days of delivery, UTC. */
  first_on: z.string(),
  last_on: z.string(),
  /** The suspected driver first. */
  suspects: z.array(Suspect),
  evidence: z.array(AlertEvidence),
  /** Of `rule_failed` alone, which has no evidence and no suspects. */
  rule: FailedRule.nullable().default(null),
  /** Of `model_drift` alone, likewise. */
  model: DriftedModel.nullable().default(null),
  /** Cells that were tested in its looks, whether they alarmed or not. */
  tests: z.int(),
  /** Found while days from before the first look were gone through: nobody was told. */
  in_history: z.boolean(),
  assigned_to: z.string().nullable(),
  muted_until: z.string().nullable(),
  /** Resolved as the new normal: cells are held against their days from this one on. */
  normal_from: z.string().nullable(),
  history: z.array(z.object({ at: z.string(), by: z.string(), action: z.string(), note: z.string() })),
});
export type Incident = z.infer<typeof Incident>;

/** `GET /v1/alerts`: the newest first. */
export const Incidents = z.object({ incidents: z.array(Incident) });
export type Incidents = z.infer<typeof Incidents>;

export const IncidentsQuery = z.strictObject({
  /** `active`: all but resolved ones. @default all */
  state: z.enum([...incidentStates, 'active']).optional(),
});
export type IncidentsQuery = z.infer<typeof IncidentsQuery>;

const Note = z.string().max(2000).optional();
export const AcknowledgeIncident = z.strictObject({ note: Note });
export type AcknowledgeIncident = z.infer<typeof AcknowledgeIncident>;
export const AssignIncident = z.strictObject({ to: Name, note: Note });
export type AssignIncident = z.infer<typeof AssignIncident>;
export const ResolveIncident = z.strictObject({
  note: Note,
  /** The rate stays as it is, and is what is usual from now on. @default false */
  new_normal: z.boolean().optional(),
});
export type ResolveIncident = z.infer<typeof ResolveIncident>;
export const MuteIncident = z.strictObject({ until: Instant, note: Note });
export type MuteIncident = z.infer<typeof MuteIncident>;

/** Body of `POST /v1/alerts/:id/pause-sends`. */
export const PauseSends = z.strictObject({
  /** Absent: the incident's streams that are not essential. Essential ones must be named. */
  streams: z.array(StreamKey).min(1).max(100).optional(),
  /** Absent: all campaigns. */
  campaign: Name.optional(),
  /** Absent: until it is lifted. */
  until: Instant.optional(),
  why: z.string().min(1).max(2000),
});
export type PauseSends = z.infer<typeof PauseSends>;
export const LiftPause = z.strictObject({ why: Note });
export type LiftPause = z.infer<typeof LiftPause>;

/** A stream's sends, denied in the send check by somebody's order. It is no statement of anybody's. */
export const SendPause = z.object({
  id: z.string(),
  stream: z.string(),
  campaign: z.string().nullable(),
  from: z.string(),
  until: z.string().nullable(),
  lifted_at: z.string().nullable(),
  active: z.boolean(),
  incident: z.string().nullable(),
  why: z.string(),
  changed_by: z.string(),
});
export type SendPause = z.infer<typeof SendPause>;
export const SendPauses = z.object({ pauses: z.array(SendPause) });
export type SendPauses = z.infer<typeof SendPauses>;

export const DetectionSettings = z.strictObject({
  enabled: z.boolean(),
  /** Chance of a false spike on a day, over all cells: 0.01 are 3.65 false incidents a year. */
  q: z.number().min(0.0001).max(0.2),
  /** False drifts a year, over all cells. */
  drifts_per_year: z.number().min(0.01).max(50),
  /** Opt-outs or complaints that an alarm needs. */
  min_events: z.int().min(3).max(1000),
  /** Deliveries that a cell needs to be looked at. */
  min_deliveries: z.int().min(50).max(1_000_000),
  /** Observed over expected that an alarm needs. */
  min_ratio: z.number().min(1.1).max(20),
  /** Deliveries and complaints in 24 hours that a List-Id or domain needs before it is held against the thresholds. */
  complaint_min_deliveries: z.int().min(100).max(10_000_000),
  complaint_min_events: z.int().min(3).max(1000),
  /** Do the streams of a list or domain above 0.30 % rest for a day, essential ones excepted? */
  complaint_pause: z.boolean(),
});
export type DetectionSettings = z.infer<typeof DetectionSettings>;

const MailAddress = z.email().max(254);
export const smtpSecurities = ['tls', 'starttls', 'none'] as const;
const smtp = {
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be a host name or an IP address'),
  port: z.int().min(1).max(65_535),
  /** `none` is for a relay at an address that SECATEUR_PRIVATE_TARGETS lists. */
  security: z.enum(smtpSecurities),
  user: z.string().max(256).optional(),
  from: MailAddress,
  to: z.array(MailAddress).min(1).max(20),
};

/** Body of `PUT /v1/alerts/settings`. */
export const AlertSettingsChange = z.strictObject({
  detection: DetectionSettings,
  /** `new_secret`: a new signing secret; the first address gets one in any case. */
  webhook: z.strictObject({ url: TargetUrl, new_secret: z.boolean().optional() }).nullable(),
  /** Without a password the one before stays, unless host, port, user or security change. */
  email: z.strictObject({ ...smtp, password: z.string().min(1).max(512).optional() }).nullable(),
  digest: z.strictObject({ enabled: z.boolean() }),
});
export type AlertSettingsChange = z.infer<typeof AlertSettingsChange>;

/** `GET /v1/alerts/settings`. No secret stands in it. */
export const AlertSettings = z.object({
  detection: DetectionSettings,
  /** Whole with scope `admin`, else its origin. */
  webhook: z.object({ url: z.string() }).nullable(),
  email: z.object({ ...smtp, has_password: z.boolean() }).nullable(),
  digest: z.object({ enabled: z.boolean() }),
  /** What the settings allow, where nothing happens at all. */
  false_incidents_per_year: z.object({ spikes: z.number(), drifts: z.number(), total: z.number() }),
});
export type AlertSettings = z.infer<typeof AlertSettings>;

/** The answer to `PUT`: the only place where the signing secret stands, when it is new. */
export const AlertSettingsAnswer = AlertSettings.extend({ signing_secret: z.string().nullable() });
export type AlertSettingsAnswer = z.infer<typeof AlertSettingsAnswer>;

export const noticeStates = ['waiting', 'acknowledged', 'dead'] as const;
export const noticeTypes = ['alert.opened', 'alert.reopened', 'alert.digest', 'alert.test'] as const;
export const NoticeType = z.enum(noticeTypes);
export type NoticeType = z.infer<typeof NoticeType>;

/** What became of one notice to one recipient. */
export const Notice = z.object({
  id: z.string(),
  incident: z.string().nullable(),
  type: NoticeType,
  /** `webhook`, or `email` and a hash of the address. */
  place: z.string(),
  state: z.enum(noticeStates),
  attempts: z.int(),
  made_at: z.string(),
  next_at: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
  status: z.int().nullable(),
  detail: z.string(),
});
export type Notice = z.infer<typeof Notice>;
export const Notices = z.object({ notices: z.array(Notice) });
export type Notices = z.infer<typeof Notices>;

/** The answer to `POST /v1/alerts/settings/test`: one line for each recipient. */
export const AlertTest = z.object({
  results: z.array(
    z.object({ place: z.string(), ok: z.boolean(), status: z.int().nullable(), detail: z.string() }),
  ),
});
export type AlertTest = z.infer<typeof AlertTest>;

const Change = z.object({
  kind: z.enum(['stream', 'segment']),
  key: z.string(),
  opt_out_rate: Rate,
  previous_opt_out_rate: Rate,
  complaint_rate: Rate,
  previous_complaint_rate: Rate,
});

/** A week, as the weekly mail tells it. */
export const Digest = z.object({
  from: z.string(),
  to: z.string(),
  open_incidents: z.array(Incident),
  opened: z.int(),
  resolved: z.int(),
  /** Streams and segments by how far their opt-out rate moved, in standard errors; at most ten. */
  movers: z.array(Change),
  overall: Change.omit({ kind: true, key: true }),
});
export type Digest = z.infer<typeof Digest>;

/** The body of a webhook, as Standard Webhooks shapes it. */
export const AlertMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alert.opened'), timestamp: z.string(), data: Incident }),
  z.object({ type: z.literal('alert.reopened'), timestamp: z.string(), data: Incident }),
  z.object({ type: z.literal('alert.digest'), timestamp: z.string(), data: Digest }),
  z.object({ type: z.literal('alert.test'), timestamp: z.string(), data: z.object({}) }),
]);
export type AlertMessage = z.infer<typeof AlertMessage>;
