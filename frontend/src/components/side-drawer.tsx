import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useEffect, useState } from 'react';
import styles from './side-drawer.module.css';

interface Props<Id extends string> {
  /** What the address names; null when nothing is open. */
  id: Id | null;
  title: (id: Id) => string;
  width: number;
  onClose: () => void;
  children: (id: Id) => ReactNode;
}

/** Something of the page, opened beside it. On a phone it takes the whole screen. */
export function SideDrawer<Id extends string>({ id, title, width, onClose, children }: Props<Id>) {
  const phone = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  // What was open last stays while the drawer slides away.
  const [last, setLast] = useState(id);
  useEffect(() => {
    if (id !== null) setLast(id);
  }, [id]);
  const shown = id ?? last;
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size={phone ? '100%' : width}
      title={shown === null ? '' : title(shown)}
      overlayProps={{ backgroundOpacity: 0.28 }}
      transitionProps={{ duration: 180 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The head of a drawer is not a second head of the page.
      attributes={{ header: { role: 'presentation' } }}
      classNames={{ title: styles.title, body: styles.body, header: styles.header }}
    >
      {shown !== null && children(shown)}
    </Drawer>
  );
}
