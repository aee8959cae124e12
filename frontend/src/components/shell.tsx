import { Menu, UnstyledButton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { z } from 'zod';
import { call } from '../api.js';
import { sessionQuery } from '../session.js';
import { ExitIcon, UserIcon } from './icons.js';
import { Mark } from './mark.js';
import styles from './shell.module.css';
import { ThemeSwitch } from './theme-switch.js';

export function Shell() {
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.header}>
        <div className={styles.inner}>
          <Link to="/monitor" className={styles.brand} aria-label="Secateur, to the Monitor">
            <span className={styles.mark}>
              <Mark size={26} />
            </span>
            <span className={styles.name}>Secateur</span>
          </Link>
          <nav aria-label="Main" className={styles.nav}>
            <Link to="/monitor" className={styles.link} activeProps={{ 'aria-current': 'page' }}>
              Monitor
            </Link>
            <Link to="/rules" className={styles.link} activeProps={{ 'aria-current': 'page' }}>
              Rules
            </Link>
            <Link to="/settings" className={styles.link} activeProps={{ 'aria-current': 'page' }}>
              Settings
            </Link>
          </nav>
          <div className={styles.end}>
            <ThemeSwitch />
            <Account />
          </div>
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

function Account() {
  const { data: session } = useQuery(sessionQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => call(z.unknown(), '/v1/session', { method: 'DELETE' }),
    onSuccess: async () => {
      client.clear();
      await navigate({ to: '/sign-in' });
    },
  });
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton className={styles.account} aria-label={`Account of ${session?.user ?? 'you'}`}>
          <UserIcon />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          Signed in as <strong>{session?.user}</strong>
          <br />
          {session?.roles.join(', ')}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<ExitIcon />}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
        {signOut.isError && (
          <div role="alert" className={styles.menuError}>
            Not signed out: {signOut.error.message}
          </div>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
