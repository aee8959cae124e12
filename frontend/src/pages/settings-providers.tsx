import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { GroupsPanel } from '../components/groups-panel.js';
import { ProviderDrawer } from '../components/provider-drawer.js';
import { ProvidersPanel } from '../components/providers-panel.js';
import { providersQuery } from '../settings-queries.js';

export function ProvidersSection() {
  const { provider = null } = useSearch({ from: '/shell/settings/providers' });
  const navigate = useNavigate({ from: '/settings/providers' });
  const result = useQuery(providersQuery);
  const close = () => void navigate({ search: {}, replace: true, resetScroll: false });
  return (
    <>
      <title>Providers · Secateur</title>
      <ProvidersPanel result={result} />
      <GroupsPanel result={result} />
      <ProviderDrawer result={result} id={provider} onClose={close} />
    </>
  );
}
