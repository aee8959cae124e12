/** The detectors without the service around them: pure, for simulations. */

export type { Incident, Suspect } from '../contract/alerts.js';
export { baselineOf, type Past } from './baseline.js';
export { type Cell, cellId, type Day, dayMs } from './cell.js';
export { alphaPerDay, complaintFindings } from './complaint-findings.js';
export { findingsOf } from './findings.js';
export { type CountRow, type Counts, Flags, History } from './history.js';
export { dayNumber, type Finding, file } from './incident.js';
export { type DetectionSettings, driftsAt, historyDays, lookAt, lookHours } from './look.js';
