import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Session, type SignIn } from '@secateur/backend/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError, call } from '../api.js';
import { Mark } from '../components/mark.js';
import styles from '../components/page-states.module.css';
import { beginSession, returnPath } from '../session.js';

export function SignInPage() {
  const { return: wanted } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const client = useQueryClient();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: (body: SignIn) => call(Session, '/v1/session', { method: 'POST', body }),
    onSuccess: (session) => {
      beginSession(client, session);
      router.history.push(returnPath(wanted));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (user !== '' && password !== '') signIn.mutate({ user, password });
  };
  return (
    <main className={styles.center}>
      <title>Sign in · Secateur</title>
      <div className={styles.head}>
        <Mark size={40} />
        <h1 className={styles.title}>Sign in to Secateur</h1>
      </div>
      <form className={styles.form} onSubmit={submit}>
        {signIn.isError && (
          <div role="alert" className={styles.error}>
            {signInError(signIn.error)}
          </div>
        )}
        <TextInput
          label="User"
          name="username"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={signIn.isPending} mt={4}>
          Sign in
        </Button>
        <p className={styles.hint}>
          First time here? The service printed a one-time link when it first started: open it to choose the
          admin’s password.
        </p>
      </form>
    </main>
  );
}

function signInError(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.status === 401) return 'That user and password do not belong together.';
  if (error.status === 429) return 'Too many attempts. Wait a minute, then try again.';
  return `${error.title}: ${error.message}`;
}
