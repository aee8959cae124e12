import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { TargetDrawer } from '../components/target-drawer.js';
import type { FreshSecret } from '../components/target-secret.js';
import { TargetsPanel } from '../components/targets-panel.js';
import { targetsQuery } from '../target-queries.js';

export function WordBackSection() {
  const { target = null } = useSearch({ from: '/shell/settings/word-back' });
  const navigate = useNavigate({ from: '/settings/word-back' });
  const result = useQuery(targetsQuery);
  // Told once, by the answer that made it: it lives no longer than the drawer is open.
  const [fresh, setFresh] = useState<FreshSecret | null>(null);
  const close = () => {
    setFresh(null);
    void navigate({ search: {}, replace: true, resetScroll: false });
  };
  const made = (secret: FreshSecret) => {
    setFresh(secret);
    void navigate({ search: { target: secret.id }, replace: true, resetScroll: false });
  };
  return (
    <>
      <title>Word back · Secateur</title>
      <TargetsPanel result={result} />
      <TargetDrawer result={result} id={target} fresh={fresh} onMade={made} onClose={close} />
    </>
  );
}
