import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { decisionPath, decisionQuery } from '../queries.js';
import { Bone } from './bone.js';
import { Provenance, QueryBody } from './panel.js';
import { Why } from './why.js';
import styles from './why.module.css';

/** The reasons of the decision that the address names. */
export function WhyDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const phone = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  // The last decision stays while the drawer slides away.
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
      size={phone ? '100%' : 660}
      title="Why"
      overlayProps={{ backgroundOpacity: 0.28 }}
      transitionProps={{ duration: 180 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: styles.drawerTitle, body: styles.drawerBody, header: styles.drawerHeader }}
    >
      {shown !== null && <Content id={shown} />}
    </Drawer>
  );
}

function Content({ id }: { id: string }) {
  const result = useQuery(decisionQuery(id));
  return (
    <>
      <QueryBody name="This decision" result={result} waiting={<Waiting />}>
        {(decision) => <Why decision={decision} />}
      </QueryBody>
      <Provenance path={() => decisionPath(id)} />
    </>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Bone height={24} width="80%" />
      <Bone height={14} width="50%" />
      <Bone height={120} />
      <Bone height={220} />
    </div>
  );
}
