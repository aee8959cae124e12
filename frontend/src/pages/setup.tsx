import { Button, PasswordInput } from '@mantine/core';
import { Session, type Setup } from '@secateur/backend/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError, call } from '../api.js';
import { Mark } from '../components/mark.js';
import styles from '../components/page-states.module.css';
import { formatCount } from '../format.js';
import { beginSession } from '../session.js';

const shortest = 12;

export function SetupPage() {
  const { token } = useSearch({ from: '/setup' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const setUp = useMutation({
    mutationFn: (body: Setup) => call(Session, '/v1/session/setup', { method: 'POST', body }),
    onSuccess: (session) => {
      beginSession(client, session);
      void navigate({ to: '/monitor' });
    },
  });
  const short = password.length < shortest;
  const different = password !== again;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && !different && token !== undefined) setUp.mutate({ token, password });
  };
  return (
    <main className={styles.center}>
      <title>Set up · Secateur</title>
      <div className={styles.head}>
        <Mark size={40} />
        <h1 className={styles.title}>Choose the admin’s password</h1>
      </div>
      {token === undefined ? (
        <div className={styles.form}>
          <div role="alert" className={styles.error}>
            This link has no token. Open the whole link that the service printed when it first started.
          </div>
        </div>
      ) : (
        <form className={styles.form} onSubmit={submit} noValidate>
          {setUp.isError && (
            <div role="alert" className={styles.error}>
              {setUpError(setUp.error)}
            </div>
          )}
          <input type="text" name="username" autoComplete="username" value="admin" readOnly hidden />
          <PasswordInput
            label="Password"
            description={`At least ${shortest} characters; a sentence is easy to keep in mind.`}
            autoComplete="new-password"
            autoFocus
            value={password}
            error={
              tried && short ? `${formatCount(shortest - password.length)} more characters are needed.` : null
            }
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <PasswordInput
            label="The same again"
            autoComplete="new-password"
            value={again}
            error={tried && !short && different ? 'The two are not the same.' : null}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Button type="submit" loading={setUp.isPending} mt={4}>
            Set password
          </Button>
          <p className={styles.hint}>
            The link works once. Already done? <Link to="/sign-in">Sign in</Link>
          </p>
        </form>
      )}
    </main>
  );
}

function setUpError(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if ([401, 403, 404, 410].includes(error.status ?? 0)) {
    return 'This link is no longer valid: it works once. If the password is set already, sign in with it.';
  }
  return `${error.title}: ${error.message}`;
}
