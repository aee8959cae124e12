import type { AlertMessage, Digest, DriftedModel, FailedRule, Incident } from '../contract/alerts.js';
import type { Rate } from '../contract/analytics.js';
import type { MailText } from './smtp.js';

/** A message as a mail: plain text, counts and names of ours, nobody's address. */
export function mailOf(message: AlertMessage): MailText {
  switch (message.type) {
    case 'alert.test':
      return { subject: 'Secateur: test', text: 'Alerts of Secateur reach this address.\n' };
    case 'alert.digest':
      return digestOf(message.data);
    default: {
      const word = message.type === 'alert.opened' ? 'Alert' : 'Alert again';
      return { subject: subject(`${word}: ${message.data.title}`), text: incidentText(message.data) };
    }
  }
}

/** One line: names come from senders. */
const subject = (text: string): string => [...text.replace(/\s+/g, ' ')].slice(0, 200).join('');

function incidentText(incident: Incident): string {
  if (incident.rule !== null) return ruleText(incident, incident.rule);
  if (incident.model !== null) return modelText(incident, incident.model);
  const { title, kind, severity, first_on, last_on, suspects, evidence, tests } = incident;
  return lines(
    title,
    '',
    `${kind.replace('_', ' ')}, ${severity}; deliveries of ${first_on === last_on ? first_on : `${first_on} to ${last_on}`} (UTC)`,
    '',
    'What was seen:',
    ...evidence
      .slice(0, 5)
      .map(
        ({ cell, observed, delivered, expected, ratio }) =>
          `- ${[cell.level, cell.stream, cell.key].filter((word) => word !== '').join(' ')}: ${observed} ${cell.metric.replace('_', '-')} ` +
          `of ${delivered} deliveries, expected ${expected.toFixed(1)}; ${ratio.value.toFixed(1)} times ` +
          `(95 %: ${ratio.lower.toFixed(1)} to ${ratio.upper.toFixed(1)})`,
      ),
    `${tests} cells were tested.`,
    '',
    ...(suspects.length === 0 ? [] : ['Most of the excess (association, not proof):']),
    ...suspects
      .slice(0, 5)
      .map(
        ({ kind: of, key, excess, share }) =>
          `- ${of.replace('_', ' ')} ${key}: ${excess.toFixed(0)} more than expected, ${(100 * share).toFixed(0)} %`,
      ),
    '',
    `Incident ${incident.id}`,
  );
}

function modelText({ id, title, severity }: Incident, { model, reasons, action }: DriftedModel): string {
  return lines(
    title,
    '',
    `model drift, ${severity}; model ${model}`,
    ...reasons.map((reason) => `- ${reason}`),
    '',
    action,
    '',
    `Incident ${id}`,
  );
}

function ruleText({ id, title, severity, streams }: Incident, rule: FailedRule): string {
  const { failures, decisions, reasons, first_at, last_at, action } = rule;
  return lines(
    title,
    '',
    `rule failed, ${severity}; ${failures} of ${decisions} decisions of its version in 24 hours, from ${first_at} to ${last_at}`,
    `Errors: ${reasons.join(', ')}`,
    `Streams: ${streams.join(', ')}`,
    '',
    action,
    '',
    `Incident ${id}`,
  );
}

function digestOf({ from, to, open_incidents, opened, resolved, movers, overall }: Digest): MailText {
  const text = lines(
    `${from.slice(0, 10)} to ${to.slice(0, 10)} (UTC)`,
    '',
    `Opt-out rate ${rate(overall.opt_out_rate)}; before ${rate(overall.previous_opt_out_rate)}`,
    `Complaint rate ${rate(overall.complaint_rate)}; before ${rate(overall.previous_complaint_rate)}`,
    '',
    `Incidents: ${opened} opened, ${resolved} resolved, ${open_incidents.length} open`,
    ...open_incidents.slice(0, 20).map(({ title, state }) => `- ${title} (${state})`),
    '',
    'Moved most:',
    ...movers.map(
      ({ kind, key, opt_out_rate, previous_opt_out_rate }) =>
        `- ${kind} ${key}: ${rate(opt_out_rate)}; before ${rate(previous_opt_out_rate)}`,
    ),
    ...(movers.length === 0 ? ['- nothing'] : []),
  );
  return { subject: subject(`Secateur: week to ${to.slice(0, 10)}`), text };
}

/** @example '0.31 % (0.25 to 0.38), 84 of 27000' */
function rate({ value, lower, upper, numerator, denominator }: Rate): string {
  if (value === null || lower === null || upper === null) return 'nothing delivered';
  const percent = (share: number): string => (100 * share).toFixed(2);
  return `${percent(value)} % (${percent(lower)} to ${percent(upper)}), ${numerator} of ${denominator}`;
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
