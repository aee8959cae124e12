import { QuarantinePanel } from '../components/quarantine-panel.js';

export function QuarantineSection() {
  return (
    <>
      <title>Quarantine · Secateur</title>
      <QuarantinePanel />
    </>
  );
}
